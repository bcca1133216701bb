#ifndef ISOFLOP_CORE_FIT_FIT_DIAGNOSTICS_H_
#define ISOFLOP_CORE_FIT_FIT_DIAGNOSTICS_H_

#include <vector>

#include "core/fit/fit.h"
#include "core/fit/prepared.h"

namespace isoflop {

// Least over greatest singular value of a Jacobian with columns of unit length; 0 where a column vanishes, 1 without columns.
double RelativeSingularValue(const Eigen::MatrixXd& jacobian);

// What the fit itself shows, for its optimum `theta` with `residuals` (shape [run_count]): ILL_CONDITIONED, HOLD_OUT, NOISY, HEAVY_TAILS,
// AT_BOUND, OPTIMUM_OUTSIDE, SEVERAL_BASINS, ROUNDED_INPUTS, RESIDUALS_BY_LABEL, MIXED_CONVENTIONS, REPEATED_DATA,
// UNFINISHED_SCHEDULE and INFLUENTIAL_RUN (core/fit/diagnostic.h).
// `fit` holds parameters, basins, noise, hold-out, region and allocation already.
std::vector<Diagnostic> DiagnoseFit(const Prepared& evidence, const Theta& theta, const std::vector<double>& residuals, const Fit& fit);

// What the replicas show: WIDE_OPTIMUM, the interval of N_opt at ten times the largest run.
std::vector<Diagnostic> DiagnoseReplicas(const Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_FIT_DIAGNOSTICS_H_
