#include "core/fit/approach.h"

#include "core/base/status.h"
#include "core/fit/envelope.h"
#include "core/fit/isoflop.h"

namespace isoflop {

std::string_view ApproachName(Approach approach) {
  switch (approach) {
    case Approach::kParametric:
      return "parametric";
    case Approach::kIsoflop:
      return "isoflop";
    case Approach::kEnvelope:
      return "envelope";
  }
  return "";
}

std::optional<Approach> ParseApproach(std::string_view name) {
  for (Approach approach : {Approach::kParametric, Approach::kIsoflop, Approach::kEnvelope}) {
    if (ApproachName(approach) == name) return approach;
  }
  return std::nullopt;
}

absl::StatusOr<Fit> FitByApproach(Approach approach, const std::vector<Observation>& observations, const FitOptions& options,
                                  IsoflopMinimum minimum, const std::function<bool()>& cancelled) {
  if (approach == Approach::kParametric) {
    ASSIGN_OR_RETURN(Fit fit, FitLaw(observations, options));
    RETURN_IF_ERROR(ComputeReplicas(observations, options, cancelled, fit));
    return fit;
  }
  const AllocationOptions allocation{.minimum = minimum,
                                     .replica_count = options.replica_count,
                                     .seed = options.seed,
                                     .convention = options.convention,
                                     .cancelled = cancelled};
  return approach == Approach::kIsoflop ? FitIsoflop(observations, allocation) : FitEnvelope(observations, allocation);
}

}  // namespace isoflop
