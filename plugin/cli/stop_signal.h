#ifndef ISOFLOP_PLUGIN_CLI_STOP_SIGNAL_H_
#define ISOFLOP_PLUGIN_CLI_STOP_SIGNAL_H_

#include <optional>
#include <string>

namespace isoflop {

// Waits for what ends a server. Made before any thread starts, as it blocks SIGTERM and SIGINT in the whole process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();

  static constexpr const char* kInterruption = "interruption";

  // Waits for SIGTERM, SIGINT, the end of file of `parent_pipe` or an interruption, and says which it was.
  std::string Wait(std::optional<int> parent_pipe);

  // Ends one Wait, the one under way or the next, which then returns kInterruption. From any thread.
  void Interrupt();

 private:
  int signals_;
  int interruptions_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_STOP_SIGNAL_H_
