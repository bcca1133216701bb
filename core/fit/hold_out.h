#ifndef ISOFLOP_CORE_FIT_HOLD_OUT_H_
#define ISOFLOP_CORE_FIT_HOLD_OUT_H_

#include <optional>
#include <vector>

#include "core/fit/fit.h"
#include "core/fit/prepared.h"

namespace isoflop {

// Fits the law, with all its starts, without the `fraction` of the runs that used most compute (ties with the last of them are held out too),
// and measures how it predicts those: extrapolation is what a law is for. Nothing where C is not known, fewer rows than free parameters + 2
// would remain, or no run is held out.
std::optional<HoldOut> EvaluateHoldOut(const Prepared& evidence, double fraction);

// The error on the rows of `held_out` (shape [run_count]) of the law at `theta`, which was fitted to the others.
HoldOut HoldOutAt(const Prepared& evidence, const std::vector<bool>& held_out, const Theta& theta);

// Which rows those are, shape [run_count]; nothing where C is not known of every row, or none would be held out.
std::optional<std::vector<bool>> LargestRuns(const std::vector<Observation>& sorted, double fraction);

// The evidence that remains when some rows are left out; `keep` has shape [run_count].
Prepared SelectRows(const Prepared& evidence, const std::vector<bool>& keep);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_HOLD_OUT_H_
