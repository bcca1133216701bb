#ifndef ISOFLOP_CORE_ADVICE_CONFORMAL_H_
#define ISOFLOP_CORE_ADVICE_CONFORMAL_H_

#include <cstddef>
#include <vector>

namespace isoflop {

// By how many standard deviations an interval reaches to either side so as to hold a new truth with probability `level`, in (0, 1):
// the ceil(level (n + 1))-th smallest |z| of n past forecasts of the same kind, never under 1. Where n is too small for that rank to exist
// (under 19 at 95 %, under 9 at 90 %), the normal law's multiple times 1.33: the standard deviations are themselves estimated from few runs, and
// the normal's alone held 76 to 88 % of the truths at 90 %.
// Source: Vovk et al. 2005, split conformal prediction.
double IntervalMultiple(std::vector<double> absolute_z, double level);

// Whether so many are enough for that rank.
bool HasEnoughForMultiple(size_t count, double level);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_CONFORMAL_H_
