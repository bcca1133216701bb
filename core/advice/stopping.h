#ifndef ISOFLOP_CORE_ADVICE_STOPPING_H_
#define ISOFLOP_CORE_ADVICE_STOPPING_H_

#include "core/law/additive_law.h"

namespace isoflop {

// When to stop training N parameters. Kaplan et al. 2020 (arXiv:2001.08361, section 6) found it best to stop alpha_N / alpha_S = 10 % above the
// loss of convergence; their law has no irreducible loss. The same of an additive law:

// What stopping at D leaves above the converged loss, as a share of it: B D^-beta / (E + A N^-alpha).
double ExcessOverConverged(const AdditiveLaw& law, double parameter_count, double token_count);

// The same on the frontier with the irreducible loss left out, Kaplan's figure: there alpha A N^-alpha = beta B D^-beta, so it is alpha / beta.
double ReducibleExcessOnFrontier(const AdditiveLaw& law);

// The D up to which N parameters lose at most `log_loss_given_up` (in log loss, such as the run noise) against the best split of the same
// compute: beyond it, the same FLOPs in a bigger model would have shown. The loss given up grows with D past the frontier. Infinite where it
// stays below.
double LongestRunAsGood(const AdditiveLaw& law, double parameter_count, double log_loss_given_up);

// Further FLOPs from which a fresh run of the best size reaches a lower loss than training (N, D) on with the same FLOPs: where
// L_opt(dC) = L(N, D + dC / (6 N)).
double TrainingFlopsWhereRestartWins(const AdditiveLaw& law, double parameter_count, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_STOPPING_H_
