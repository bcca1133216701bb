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
//   w_i = 1 / (1 + (tau log10(C_max / C_i) / s)^2),   tau = kDriftPerDecade, s = `log_loss_standard_deviation`, the run noise.
//
// Shape [run_count], in the order of `evidence.sorted`; times the observations' own weights. Nothing where a run has no C, or without noise.
std::optional<std::vector<double>> DriftWeights(const Prepared& evidence, double log_loss_standard_deviation);

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
