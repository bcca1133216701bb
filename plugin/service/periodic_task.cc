#include "plugin/service/periodic_task.h"

#include <chrono>
#include <utility>

namespace isoflop {

PeriodicTask::PeriodicTask(double first_pause_sec, std::function<double()> task) : task_(std::move(task)) {
  thread_ = std::thread([this, first_pause_sec] { Loop(first_pause_sec); });
}

PeriodicTask::~PeriodicTask() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void PeriodicTask::Loop(double pause_sec) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopped_.wait_for(lock, std::chrono::duration<double>(pause_sec), [this] { return stopping_; })) {
    lock.unlock();
    pause_sec = task_();
    lock.lock();
  }
}

}  // namespace isoflop
