#ifndef ISOFLOP_CORE_ADVICE_ALLOCATION_H_
#define ISOFLOP_CORE_ADVICE_ALLOCATION_H_

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/as_good.h"
#include "core/fit/fit.h"

namespace isoflop {

// Times the largest run's compute past which only the band is given.
inline constexpr double kGreatestExtrapolation = 100;

// What the law says that trusts large runs more (core/fit/drift.h): past the runs it is the better guide in most published sets, by 14 % of the error in
// the (geometric) mean, while its intervals are wider, as it rests on fewer runs.
struct DriftWeightedAnswer {
  Interval parameter_count;
  Interval token_count;
  Interval loss_nats_per_token;  // Bounds of one new run.
  std::optional<double> tokens_per_parameter;
  double weight_sum = 0;         // How many runs it rests on.
};

// How to spend one budget. Every figure is rounded by RoundResult.
struct Advice {
  double budget_flops = 0;
  ParameterConvention convention = ParameterConvention::kTotal;  // Of all sizes.
  // Of the optimum. Without estimate past 100 times the largest run: the band only.
  Interval parameter_count;
  Interval token_count;
  // Sizes N whose loss at D = C / (6N) is within `tolerance` of the best. Absent where intervals are withheld (core/fit/withheld_intervals.h).
  std::optional<std::pair<double, double>> as_good_parameter_count;
  std::optional<AsGoodTolerance> tolerance;  // Absent where nothing tells one.
  // Estimate at the optimum; bounds of one new run there: the replicas' losses with run noise added.
  Interval loss_nats_per_token;
  std::optional<double> tokens_per_parameter;
  double extrapolation_factor = 0;  // Budget over the compute of the largest run.
  std::optional<DriftWeightedAnswer> drift_weighted;  // Where the budget is past the largest run; without estimates where the above are.
  // The fit's own, and of the budget: EXTRAPOLATION over 10 times the largest run (an error over 100), BELOW_RUNS under a tenth of the smallest.
  std::vector<Diagnostic> diagnostics;
};

// Minimises L(N, D) = E + A / N^alpha + B / D^beta subject to C = 6 N D:
//
//   N* = G (C / 6)^a,   D* = (C / 6)^b / G,   a = beta / (alpha + beta),   b = alpha / (alpha + beta),
//   G = (alpha A / (beta B))^(1 / (alpha + beta))
//
// Source: Hoffmann et al. 2022 (arXiv:2203.15556), equation (4). A fit without a law (isoflop, envelope) gives N* and D* by its own allocation
// law, and no loss. Returns InvalidArgument where `budget_flops` is not positive and finite, FailedPrecondition where `fit` says nothing.
absl::StatusOr<Advice> AdviseAllocation(const Fit& fit, double budget_flops);

// The fit with its drift-weighted law, which it must have, in the place of the reported one, as far as predictions need it.
Fit DriftWeightedFit(const Fit& fit);

// The best loss and size at one budget, for charts.
struct FrontierPoint {
  double budget_flops = 0;
  Interval parameter_count;
  Interval loss_nats_per_token;  // Bounds of one new run, as in Advice.
};

// One point a budget, in order. Codes as AdviseAllocation.
absl::StatusOr<std::vector<FrontierPoint>> ComputeFrontier(const Fit& fit, const std::vector<double>& budget_flops);

// Points (N, D) at which the law predicts one loss, for N from `parameter_counts` and D within `token_range`, [least, greatest]. Sizes that do
// not reach the loss there are left out.
struct Contour {
  double loss_nats_per_token = 0;
  std::vector<std::pair<double, double>> points;  // (N, D)
};
absl::StatusOr<Contour> ComputeContour(const Fit& fit, double loss_nats_per_token, const std::vector<double>& parameter_counts,
                                       std::pair<double, double> token_range);

// Loss that the law predicts for (N, D), both positive. Codes as AdviseAllocation.
absl::StatusOr<double> PredictLoss(const Fit& fit, double parameter_count, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_ALLOCATION_H_
