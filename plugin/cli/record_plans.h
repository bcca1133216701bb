#ifndef ISOFLOP_PLUGIN_CLI_RECORD_PLANS_H_
#define ISOFLOP_PLUGIN_CLI_RECORD_PLANS_H_

#include <vector>

#include "absl/status/status.h"
#include "plugin/check/check_plans.h"
#include "plugin/cli/check_flags.h"

namespace isoflop {

// Has the study keep plans that `report` judged by `snapshot`, its own. Codes as RemoteStudy::RecordPlans.
absl::Status RecordPlans(const CheckFlags& flags, const std::vector<PlanText>& plans, const CheckReport& report, const FitSnapshot& snapshot);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_RECORD_PLANS_H_
