#ifndef ISOFLOP_PLUGIN_CLI_DIFF_BASE_H_
#define ISOFLOP_PLUGIN_CLI_DIFF_BASE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/plan/plan_text.h"

namespace isoflop {

struct BasePlans {
  std::vector<PlanText> plans;  // As they were, by the names of the plans as they are.
  std::vector<PlanText> others; // Files that are in the base only.
};

// Plans as they were. `base` is a folder that holds them, each at its path from the folder where the check runs, and nothing else (what begins with a
// point is passed over); or a file, where there is one plan. A plan that is not in there is new. InvalidArgument where it cannot be read.
absl::StatusOr<BasePlans> ReadBasePlans(const std::string& base, const std::vector<std::string>& plan_paths);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_DIFF_BASE_H_
