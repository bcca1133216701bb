#ifndef ISOFLOP_PLUGIN_SERVICE_COMPUTE_FIT_H_
#define ISOFLOP_PLUGIN_SERVICE_COMPUTE_FIT_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "core/fit/approach.h"
#include "core/fit/fit.h"
#include "google/protobuf/map.h"
#include "isoflop/v1/fitted_laws.pb.h"
#include "plugin/recognize/run_record.h"
#include "plugin/study/study_of_law.h"

namespace isoflop {

inline constexpr int kGreatestReplicaCount = 10'000;  // Their document stays below gRPC's usual 4 MiB a message.

// What a ComputeFitRequest asks for.
struct FitSpecification {
  Approach approach = Approach::kParametric;
  IsoflopMinimum minimum = IsoflopMinimum::kParabola;
  FitOptions options;
};

// InvalidArgument, with the field, the rule and the value, for what `isoflop fit` would refuse too, and over kGreatestReplicaCount.
absl::StatusOr<FitSpecification> SpecifyFit(const v1::ComputeFitRequest& request);

// Whether the run has each of these values as a parameter or tag of its name.
bool HasValues(const RunRecord& run, const google::protobuf::Map<std::string, std::string>& values);

// The fit of what was recognised in a study; for approach envelope, of its curves (curve_observations.h). Runs without a quantity that
// the law needs are left out and named in `excluded`.
//
// InvalidArgument as FitByApproach; FailedPrecondition over kGreatestObservationCount; Cancelled when `cancelled` answered true.
absl::StatusOr<Fit> ComputeFit(const FitSpecification& specification, const SharedStudy& recognized, const std::function<bool()>& cancelled);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_COMPUTE_FIT_H_
