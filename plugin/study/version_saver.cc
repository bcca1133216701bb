#include "plugin/study/version_saver.h"

#include <iterator>
#include <utility>

namespace isoflop {
namespace {

// Some 3 MB with their replicas: ingest waits no longer than it takes to store them.
constexpr size_t kGreatestGroup = 64;

}  // namespace

VersionSaver::VersionSaver(RunStore& store) : store_(store), thread_([this] { Loop(); }) {}

VersionSaver::~VersionSaver() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void VersionSaver::Save(std::vector<LawVersion> versions, std::function<void(const absl::Status&)> on_saved) {
  std::lock_guard<std::mutex> guard(mutex_);
  queue_.push_back({std::move(versions), std::move(on_saved)});
  changed_.notify_one();
}

void VersionSaver::Loop() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    std::vector<Request> group;
    while (!queue_.empty() && group.size() < kGreatestGroup) {
      group.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    lock.unlock();
    SaveGroup(std::move(group));
    lock.lock();
  }
}

void VersionSaver::SaveGroup(std::vector<Request> group) {
  std::vector<LawVersion> versions;
  for (Request& request : group) {
    versions.insert(versions.end(), std::make_move_iterator(request.versions.begin()),
                    std::make_move_iterator(request.versions.end()));
  }
  const absl::Status status = store_.SaveLawVersions(versions);
  for (const Request& request : group) request.on_saved(status);
}

}  // namespace isoflop
