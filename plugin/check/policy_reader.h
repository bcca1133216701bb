#ifndef ISOFLOP_PLUGIN_CHECK_POLICY_READER_H_
#define ISOFLOP_PLUGIN_CHECK_POLICY_READER_H_

#include <string>

#include "plugin/check/policy_file.h"
#include "plugin/plan/plan_problem.h"

namespace isoflop {

struct PolicyReading {
  PolicyFile policy;      // Means something only without problems.
  PlanProblems problems;  // All of them, in the order of the file.
};

// Reads a policy, YAML or JSON, every key of which may be left out:
//
//   schema_version: 1
//   fail_on: warning                 # or error
//   on_unknown: warn                 # or pass, fail
//   max_fit_age_days: 30             # the same as FIT_TOO_OLD's age_days
//   findings:
//     NO_INFORMATION: warning        # a severity alone: off, note, warning, error or unknown
//     OFF_OPTIMUM:
//       severity: error
//       wasted_share: .1             # limits by the names that `check --explain CODE` lists
//       wasted_training_flops: 1e21  # a finding needs all that are set to be exceeded
//       loss_given_up: none          # not set
//   exceptions:                      # for runs whose name and study both match; the last one wins
//   - name: ablation-*
//     study: small
//     findings: {OFF_OPTIMUM: off}
//
// An expired waiver is a warning at least, and how old a fit may be is no matter of single runs.
PolicyReading ReadPolicy(const std::string& text, const std::string& file);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_POLICY_READER_H_
