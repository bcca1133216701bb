#ifndef ISOFLOP_CORE_FIT_APPROACH_H_
#define ISOFLOP_CORE_FIT_APPROACH_H_

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "core/fit/isoflop_minimum.h"

namespace isoflop {

// How the best split of compute is found: approaches 3, 2 and 1 of Hoffmann et al. 2022 (arXiv:2203.15556).
enum class Approach {
  kParametric,  // From a law: core/fit/fit.h.
  kIsoflop,     // From the best size of each budget: core/fit/isoflop.h.
  kEnvelope,    // From the least loss of training curves: core/fit/envelope.h.
};

// "parametric", "isoflop" or "envelope", and back.
std::string_view ApproachName(Approach approach);
std::optional<Approach> ParseApproach(std::string_view name);

// The fit by one approach, replicas included: what every surface shows for these runs and options. Of `options`, the approaches without a law
// use replica_count, seed and convention only; `minimum` is isoflop's. `cancelled` (may be empty) is asked between replicas.
//
// Returns InvalidArgument as FitLaw, FitIsoflop and FitEnvelope do, and Cancelled when `cancelled` answered true.
absl::StatusOr<Fit> FitByApproach(Approach approach, const std::vector<Observation>& observations, const FitOptions& options,
                                  IsoflopMinimum minimum = IsoflopMinimum::kParabola, const std::function<bool()>& cancelled = nullptr);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_APPROACH_H_
