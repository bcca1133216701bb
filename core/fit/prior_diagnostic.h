#ifndef ISOFLOP_CORE_FIT_PRIOR_DIAGNOSTIC_H_
#define ISOFLOP_CORE_FIT_PRIOR_DIAGNOSTIC_H_

#include <optional>
#include <string>

#include "core/fit/diagnostic.h"
#include "core/fit/prepared.h"

namespace isoflop {

// PRIOR, for a fit under priors: how much of each parameter comes from them and not from the runs,
//
//   w_i = P_i (H^-1)_ii,   H the Hessian of the objective at `theta`, priors included, and P_i the prior's precision in it:
//
// 1 where the runs say nothing, 0 where the prior is drowned. The sum is the number of parameters that the priors determine (MacKay 1992, "Bayesian
// interpolation": p less the number of well-determined parameters). Evidence: "weight", the mean, and "SYMBOL_weight" each. WARNING where the mean is over a
// half. `published` names the published law that the priors are of, and the title then says so; empty: the user's own. Nothing without priors.
std::optional<Diagnostic> DiagnosePrior(const Prepared& evidence, const Theta& theta, const std::string& published);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_PRIOR_DIAGNOSTIC_H_
