#ifndef ISOFLOP_CORE_FIT_NEAR_OPTIMAL_H_
#define ISOFLOP_CORE_FIT_NEAR_OPTIMAL_H_

#include <optional>

#include "core/fit/fit.h"
#include "core/fit/prepared.h"

namespace isoflop {

// The band around the law of a hyperparameter at `theta`; nothing where fewer than 3 cells have more than one value near their best, or the law predicts
// the loss.
std::optional<NearOptimalBand> FindNearOptimalBand(const Prepared& evidence, const Theta& theta);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_NEAR_OPTIMAL_H_
