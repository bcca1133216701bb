#ifndef ISOFLOP_PLUGIN_SERVICE_CHECK_REQUEST_H_
#define ISOFLOP_PLUGIN_SERVICE_CHECK_REQUEST_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "isoflop/v1/check.pb.h"
#include "plugin/check/check_plans.h"

namespace isoflop {

inline constexpr int kGreatestPlanFileCount = 1000;
inline constexpr size_t kGreatestCheckedRunCount = 1000;  // Some 5 kB of answer each.

// How the request wants plans judged, its policy's settings for all runs included; at `now_ms` where it does not say when. InvalidArgument names the
// field, the rule and the value.
absl::StatusOr<CheckOptions> CheckOptionsOf(const v1::CheckPlansRequest& request, const PolicyFile& policy, int64_t now_ms);

// Its policy. One that cannot be taken is a problem, and leaves no runs to judge.
PolicyFile ReadRequestedPolicy(const v1::CheckPlansRequest& request, PlansReading& plans);

// Its plans, with the problems of those that cannot be read. InvalidArgument where there are none, or more than the above.
absl::StatusOr<PlansReading> ReadRequestedPlans(const v1::CheckPlansRequest& request);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_CHECK_REQUEST_H_
