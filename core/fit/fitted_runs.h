#ifndef ISOFLOP_CORE_FIT_FITTED_RUNS_H_
#define ISOFLOP_CORE_FIT_FITTED_RUNS_H_

#include <vector>

#include "core/fit/fit.h"
#include "core/fit/observation.h"

namespace isoflop {

// What a fit keeps of its observations, which are sorted by content, and the observations that this makes.
std::vector<FittedRun> FittedRunsOf(const std::vector<Observation>& sorted);
std::vector<Observation> ObservationsOf(const std::vector<FittedRun>& runs);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_FITTED_RUNS_H_
