#ifndef ISOFLOP_CORE_FIT_DRIFT_H_
#define ISOFLOP_CORE_FIT_DRIFT_H_

#include <optional>
#include <vector>

#include "core/fit/diagnostic.h"
#include "core/fit/fit.h"
#include "core/fit/prepared.h"

namespace isoflop {

// By how much a law may bend, in log loss a decade of compute. Held fixed: chosen by forward hold-out it was no better than no weights.
inline constexpr double kDriftPerDecade = 0.01;

// Weights that trust a run the less, the smaller it is against the largest one:
//
//   w_i = 1 / (1 + (tau log10(C_max / C_i) / s)^2),   tau = kDriftPerDecade, s = `log_loss_noise` (core/fit/local_noise.h)
//
// or, where these sum to less than kLeastWeightSum or half of all runs, whichever is less, with the s at which they sum to that: five parameters do
// not follow from fewer. Measured on published runs, where the law is fitted below the 80th percentile of compute and predicts the others: against s
// of the law's own residuals and no least sum, over 31 sets the ratio of errors to the plain fit's falls from .86 to .62, and as the geometric mean
// of eight families of sets from .85 to .75; a least sum of 10 to 20 makes no difference of note. On a true law of 15 to 25 runs the weights cost half
// of what they did, and next to nothing.
//
// Shape [run_count], in the order of `evidence.sorted`; times the observations' own weights. Nothing where a run has no C, or without noise.
std::optional<std::vector<double>> DriftWeights(const Prepared& evidence, double log_loss_noise);

inline constexpr double kLeastWeightSum = 20;  // Four runs a parameter.

// The law refitted with DriftWeights, from the fit's optimum; and so are the first half of the fit's replicas, at most kMostDriftReplicas and none below
// kLeastDriftReplicas, each with its own draws, from the weighted optimum.
//
// Nothing for a law without a best split of N and D, or where there are no weights. `fit` is identified; `options` are those it was fitted with.
std::optional<DriftWeightedLaw> FitDriftWeighted(const Prepared& evidence, const FitOptions& options, const Fit& fit);

// DRIFT: whether the answer at ten times the largest run, the best loss ln L and the best size ln N_opt there, depends on which runs the fit
// trusts: found where 0 lies outside the central 95 % of (weighted - plain answer) over the replicas that both laws have, for either answer.
//
// Nothing without replicas of the weighted law, or where over 2.5 % of the pairs have no answer.
std::optional<Diagnostic> DiagnoseDrift(const Law& law, const Fit& fit);

// By how much trusting large runs more moves ln L at the best split of a budget in FLOPs. Nothing where there is no weighted law, or no split.
std::optional<double> DriftOfLogLoss(const Law& law, const Fit& fit, double budget_flops);

inline constexpr int kMostDriftReplicas = 200;   // Each costs a refit.
inline constexpr int kLeastDriftReplicas = 100;  // For a 95 % interval.

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_DRIFT_H_
