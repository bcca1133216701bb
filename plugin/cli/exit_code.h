#ifndef ISOFLOP_PLUGIN_CLI_EXIT_CODE_H_
#define ISOFLOP_PLUGIN_CLI_EXIT_CODE_H_

#include "absl/status/status.h"

namespace isoflop {

// Fixed for good: scripts stand on them.
enum ExitCode {
  kDone = 0,              // Warnings included.
  kPolicyViolated = 1,    // Of `check` only.
  kWrongUse = 2,          // Wrong use or bad input.
  kThinEvidence = 3,      // The evidence cannot support an answer.
  kServiceUnreachable = 4,
};

// With which a command ends that failed so.
inline ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kDone;
  if (absl::IsUnavailable(status)) return kServiceUnreachable;
  return absl::IsFailedPrecondition(status) ? kThinEvidence : kWrongUse;
}

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_EXIT_CODE_H_
