#ifndef ISOFLOP_PLUGIN_CLI_EXIT_CODE_H_
#define ISOFLOP_PLUGIN_CLI_EXIT_CODE_H_

namespace isoflop {

// Fixed for good: scripts stand on them.
enum ExitCode {
  kDone = 0,              // Warnings included.
  kPolicyViolated = 1,    // Of `check` only.
  kWrongUse = 2,          // Wrong use or bad input.
  kThinEvidence = 3,      // The evidence cannot support an answer.
  kServiceUnreachable = 4,
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_EXIT_CODE_H_
