#ifndef ISOFLOP_CORE_FIT_LOCAL_NOISE_H_
#define ISOFLOP_CORE_FIT_LOCAL_NOISE_H_

#include <vector>

#include "core/fit/prepared.h"

namespace isoflop {

// Standard deviation of ln L of one run, as the runs beside it tell: what a law misses of all runs of a region is no noise. Each run's residual is
// compared with the plane through those of its four nearest neighbours in (ln N, ln D), its slopes held back by a ridge of .1 in units of the
// neighbourhood's radius:
//
//   e = r - plane(run),   v = 1 + the plane's own variance there in units of one residual's,   s = 1.4826 median |e / sqrt(v)|
//
// and at most the residuals' own robust spread; that itself below kLeastLocalRuns runs. Of many runs kMostLocalRuns evenly spaced ones are
// compared, with kMostNeighbours such ones. `residuals` are of ln L, in the order of `evidence.sorted`, one at least.
double LocalNoise(const Prepared& evidence, const std::vector<double>& residuals);

inline constexpr size_t kLeastLocalRuns = 8, kMostLocalRuns = 100, kMostNeighbours = 1000;

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_LOCAL_NOISE_H_
