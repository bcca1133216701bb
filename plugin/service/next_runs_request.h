#ifndef ISOFLOP_PLUGIN_SERVICE_NEXT_RUNS_REQUEST_H_
#define ISOFLOP_PLUGIN_SERVICE_NEXT_RUNS_REQUEST_H_

#include "absl/status/statusor.h"
#include "core/advice/next_runs_advice.h"
#include "isoflop/v1/advice.pb.h"

namespace isoflop {

inline constexpr int kMostCandidateRuns = 10'000;

// What a message asks. InvalidArgument for over kMostCandidateRuns, or one whose figures are not positive and finite.
absl::StatusOr<NextRunsRequest> NextRunsRequestOf(const v1::ProposeNextRunsRequest& message);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_NEXT_RUNS_REQUEST_H_
