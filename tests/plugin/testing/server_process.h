#ifndef ISOFLOP_TESTS_PLUGIN_TESTING_SERVER_PROCESS_H_
#define ISOFLOP_TESTS_PLUGIN_TESTING_SERVER_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace isoflop {

// A real `isoflop serve`, killed at the end if it still runs.
class ServerProcess {
 public:
  // Starts `isoflop serve` with these flags, calls `on_start`, and waits until it listens or ends.
  explicit ServerProcess(const std::vector<std::string>& flags, const std::function<void(pid_t)>& on_start = nullptr);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // What it printed: `listening on ADDRESS`; empty when it ended before.
  const std::string& address() const { return address_; }
  pid_t pid() const { return pid_; }

  // Sends a signal, or 0 to send none, and waits for the end. Returns the exit code, or minus the signal that ended it.
  int End(int signal);

  // What it has in memory, in bytes.
  int64_t ResidentBytes() const;

  // Closes the pipe that `--parent-pipe` was given, as a parent's end does.
  void CloseParentPipe();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  int parent_pipe_ = -1;
  std::string address_;
};

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_PLUGIN_TESTING_SERVER_PROCESS_H_
