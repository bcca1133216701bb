#ifndef ISOFLOP_CORE_ADVICE_STOPPING_ADVICE_H_
#define ISOFLOP_CORE_ADVICE_STOPPING_ADVICE_H_

#include "core/advice/law_ensemble.h"

namespace isoflop {

// How long a model of the best size for a budget should train (core/advice/stopping.h). Bounds over replicas, at the estimate's N and D; every figure is
// rounded by RoundResult.
struct StoppingAdvice {
  double parameter_count = 0;  // N* and D* of the budget.
  double token_count = 0;
  Interval excess_over_converged;   // Of the loss at D* over the loss of endless training, as a share of it.
  Interval reducible_excess;        // The same without the irreducible loss: alpha / beta; Kaplan et al. 2020 found 10 %.
  Interval longest_token_count;     // D up to which N* is as good as the best use of the same compute.
  Interval longest_over_best;       // That over D*: how far past the frontier the run still pays. No upper bound where it always does.
  Interval restart_compute_factor;  // Further compute, over 6 N* D*, from which a fresh run of the best size beats training on.
};
StoppingAdvice AdviseStopping(const LawEnsemble& ensemble, double training_flops);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_STOPPING_ADVICE_H_
