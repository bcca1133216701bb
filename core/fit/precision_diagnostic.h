#ifndef ISOFLOP_CORE_FIT_PRECISION_DIAGNOSTIC_H_
#define ISOFLOP_CORE_FIT_PRECISION_DIAGNOSTIC_H_

#include <optional>
#include <vector>

#include "core/fit/diagnostic.h"
#include "core/fit/prepared.h"

namespace isoflop {

// ROUNDED_INPUTS: whether the digits given of losses, sizes and tokens matter. A figure rounded to a step has an error of step / sqrt(12); for
// a loss the step is the last decimal that any of them has, for N and D the last significant digit, times |d ln L / d ln N| (or D) at the
// optimum `theta`. WARNING where the error of one of the three, root mean square over the runs, exceeds half the run noise `raw_noise`
// (1.4826 median |log residual|): a quarter of the variance then is rounding. INFO where the losses are fine enough but fewer than half as
// many as the runs are distinct (read off a picture, say). Nothing below 20 runs, or without noise.
std::optional<Diagnostic> DiagnosePrecision(const Prepared& evidence, const Theta& theta, double raw_noise);

// 10^-k for the least number of decimals k in 0 ... 9 that gives every value; 0 where more are needed. Values are positive.
double DecimalStep(const std::vector<double>& values);

// The least number of significant digits that gives every value, in 1 ... 9; 0 where more are needed. Values are positive.
int SignificantDigits(const std::vector<double>& values);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_PRECISION_DIAGNOSTIC_H_
