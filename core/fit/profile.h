#ifndef ISOFLOP_CORE_FIT_PROFILE_H_
#define ISOFLOP_CORE_FIT_PROFILE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"

namespace isoflop {

// The 95 % likelihood-profile interval of each parameter of an identified fit, in the order of `fit.parameters`: the
// values v for which the objective, least over all other parameters with this one held at v, rises by no more than a
// threshold over its least. Bounds are absent where the objective never rises so far, and on both sides of a fixed
// parameter, and everywhere where intervals are withheld (core/fit/withheld_intervals.h).
//
// Threshold: with rho the loss function and psi its derivative, 2 (rise) E[psi'] / E[psi^2] is asymptotically
// chi-square with one degree of freedom (Schrader & Hettmansperger 1980; Huber & Ronchetti 2009, section 7.10), whose
// 95 % point is 3.8415. Both expectations are those of normal residuals with the run noise s:
//
//   squared   rise of sum r^2 <= 3.8415 s^2, with s^2 = sum w r^2 / (n - p): the interval of normal theory, known noise
//   l1        rise of sum |r| <= 3.8415 / 2 * s sqrt(pi / 2)
//   huber     rise <= 3.8415 / 2 * E[psi^2] / P(|r| < delta)
//
// with s the robust run noise of the fit for the last two, and all three times the mean weight. `fit` is the result of
// FitLaw for the same observations and options. Codes as FitLaw.
absl::StatusOr<std::vector<Interval>> ComputeProfileIntervals(const std::vector<Observation>& observations,
                                                              const FitOptions& options, const Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_PROFILE_H_
