#ifndef ISOFLOP_PLUGIN_SERVICE_PERIODIC_TASK_H_
#define ISOFLOP_PLUGIN_SERVICE_PERIODIC_TASK_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace isoflop {

// Does something now and then, on a thread of its own.
class PeriodicTask {
 public:
  // `task` is called after `first_pause_sec`, and returns the seconds until its next call.
  PeriodicTask(double first_pause_sec, std::function<double()> task);
  // Ends after the call under way.
  ~PeriodicTask();

 private:
  void Loop(double pause_sec);

  const std::function<double()> task_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_PERIODIC_TASK_H_
