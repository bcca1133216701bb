#include "core/advice/allocation.h"

#include <cmath>

#include "absl/strings/str_format.h"
#include "core/advice/loss_at.h"
#include "core/advice/predictive_interval.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/diagnostics.h"
#include "core/fit/intervals.h"
#include "core/fit/withheld_intervals.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kExtrapolationWarning = 10;  // Times the largest run.
constexpr double kBelowWarning = 0.1;         // Times the smallest.
constexpr double kContourTolerance = 1e-11;  // Of ln D.
constexpr double kWidestSearch = 1e4;  // As-good sizes are sought up to this factor from the best.

absl::Status CheckBudget(double budget_flops) {
  if (std::isfinite(budget_flops) && budget_flops > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("budget_flops must be positive and finite, got %g", budget_flops));
}

// A fit and its replicas, ready to predict.
struct Predictor {
  const Fit& fit;
  const Law& law;
  Theta theta;                                    // At the estimates.
  std::vector<Theta> replicas;                    // Shape [replica_count].
  AllocationExponents allocation;                 // At the estimates.
  std::vector<AllocationExponents> replica_allocations;  // Shape [replica_count].
};

absl::StatusOr<Predictor> MakePredictor(const Fit& fit) {
  ASSIGN_OR_RETURN(const Law* law, LawInSizeAndTokens(fit));
  const std::optional<AllocationExponents> allocation = AllocationOf(fit);
  if (!allocation) return absl::FailedPreconditionError(absl::StrFormat("%s with these parameters has no best split of compute", fit.law));
  Predictor predictor{fit, *law, CoordinatesOf(*law, Estimates(fit)), {}, *allocation, ReplicaAllocations(fit)};
  for (const std::vector<double>& replica : fit.replicas) predictor.replicas.push_back(CoordinatesOf(*law, replica));
  return predictor;
}

Interval NewRunLoss(const Predictor& predictor, const OptimalSplit& split) {
  Interval loss{.estimate = RoundResult(LossAt(predictor.law, predictor.theta, split.parameter_count, split.token_count))};
  if (predictor.replicas.empty()) return loss;
  std::vector<double> losses;
  losses.reserve(predictor.replicas.size());
  for (const Theta& replica : predictor.replicas) losses.push_back(LossAt(predictor.law, replica, split.parameter_count, split.token_count));
  const auto [lower, upper] = NewRunInterval(losses, predictor.fit.log_loss_standard_deviation.value_or(0));
  if (std::isfinite(lower) && std::isfinite(upper)) {
    loss.lower = RoundResult(lower);
    loss.upper = RoundResult(upper);
  }
  return loss;
}

// The size on one side of the best at which the loss given up equals the tolerance, in log loss: the penalty grows monotonically away from the optimum,
// so bisection in ln N finds it. `direction` is -1 or 1.
double AsGoodLimit(const Predictor& predictor, const OptimalSplit& best, double budget_flops, double tolerance, int direction) {
  const auto log_loss = [&](double n, double d) { return std::log(LossAt(predictor.law, predictor.theta, n, d)); };
  const double best_log_loss = log_loss(best.parameter_count, best.token_count);
  const auto penalty = [&](double shift) {
    const double n = best.parameter_count * std::exp(direction * shift);
    return log_loss(n, TokenCountForBudget(budget_flops, n)) - best_log_loss;
  };
  double inside = 0, outside = std::log(kWidestSearch);
  if (penalty(outside) <= tolerance) return best.parameter_count * std::exp(direction * outside);
  while (outside - inside > 1e-12) {
    const double middle = 0.5 * (inside + outside);
    if (middle <= inside || middle >= outside) break;
    (penalty(middle) <= tolerance ? inside : outside) = middle;
  }
  return best.parameter_count * std::exp(direction * inside);
}

// The expected loss at the best split, and the sizes that are as good.
void FillLoss(const Predictor& predictor, const OptimalSplit& best, Advice& advice) {
  advice.loss_nats_per_token = NewRunLoss(predictor, best);
  advice.tolerance = ToleranceOf(predictor.fit);
  if (advice.tolerance && !IntervalsWithheld(predictor.fit.diagnostics)) {
    const double log_loss = AsGoodLogLoss(predictor.fit);
    advice.as_good_parameter_count = {RoundResult(AsGoodLimit(predictor, best, advice.budget_flops, log_loss, -1)),
                                      RoundResult(AsGoodLimit(predictor, best, advice.budget_flops, log_loss, 1))};
  }
}

Diagnostic Extrapolation(double factor) {
  const bool error = factor > kGreatestExtrapolation;
  return {.code = "EXTRAPOLATION",
          .severity = error ? Severity::kError : Severity::kWarning,
          .title = error ? "Too far to advise" : "Far past your runs",
          .message = absl::StrFormat("The budget is %.3g times the compute of the largest run.", factor),
          .evidence = {{"extrapolation_factor", factor}},
          .effect = error ? "Only the band is given: no point in it deserves more trust than another."
                          : "A slight bend of the law that these runs cannot show would move this answer out of its interval.",
          .fix = "Add a run near the best split at a tenth of the budget or more."};
}

Diagnostic BelowRuns(double factor) {
  return {.code = "BELOW_RUNS",
          .severity = Severity::kWarning,
          .title = "Far below your runs",
          .message = absl::StrFormat("The budget is %.3g times the compute of the smallest run.", factor),
          .evidence = {{"smallest_run_factor", factor}},
          .effect = "Small models leave the law sooner than its interval shows, so the loss may well lie outside it.",
          .fix = "Add a run near the best split at this budget: it costs little."};
}

// Nothing where the weighted law has no best split.
std::optional<DriftWeightedAnswer> AnswerByDriftWeights(const Fit& fit, double budget_flops) {
  const absl::StatusOr<Advice> advice = AdviseAllocation(DriftWeightedFit(fit), budget_flops);
  if (!advice.ok()) return std::nullopt;
  return DriftWeightedAnswer{advice->parameter_count, advice->token_count, advice->loss_nats_per_token, advice->tokens_per_parameter,
                             fit.drift_weighted->weight_sum};
}

}  // namespace

Fit DriftWeightedFit(const Fit& fit) {
  Fit weighted = {.law = fit.law, .parameters = fit.parameters, .region = fit.region, .log_loss_standard_deviation = fit.log_loss_standard_deviation};
  weighted.as_good_tolerance = fit.as_good_tolerance;
  for (size_t i = 0; i < weighted.parameters.size(); ++i) weighted.parameters[i].value.estimate = fit.drift_weighted->estimates[i];
  weighted.replicas = fit.drift_weighted->replicas;
  return weighted;
}

absl::StatusOr<Advice> AdviseAllocation(const Fit& fit, double budget_flops) {
  RETURN_IF_ERROR(CheckBudget(budget_flops));
  const absl::StatusOr<Predictor> predictor = MakePredictor(fit);
  if (!predictor.ok() && !fit.law.empty()) return predictor.status();
  const std::optional<AllocationExponents> allocation = AllocationOf(fit);
  if (!allocation) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the fit has no allocation%s", fit.diagnostics.empty() ? "" : ": " + fit.diagnostics.front().message));
  }
  const OptimalSplit best = ComputeOptimalSplit(*allocation, budget_flops);
  std::vector<double> parameter_counts, token_counts;
  for (const AllocationExponents& replica : ReplicaAllocations(fit)) {
    const OptimalSplit split = ComputeOptimalSplit(replica, budget_flops);
    parameter_counts.push_back(split.parameter_count);
    token_counts.push_back(split.token_count);
  }
  Advice advice{.budget_flops = budget_flops, .convention = fit.convention};
  advice.parameter_count = WithBounds(best.parameter_count, std::move(parameter_counts));
  advice.token_count = WithBounds(best.token_count, std::move(token_counts));
  advice.tokens_per_parameter = RoundResult(best.token_count / best.parameter_count);
  if (predictor.ok()) FillLoss(*predictor, best, advice);
  advice.extrapolation_factor = RoundResult(budget_flops / fit.region->training_flops->second);
  if (advice.extrapolation_factor > kExtrapolationWarning) {
    advice.diagnostics.push_back(Extrapolation(advice.extrapolation_factor));
  }
  const double smallest_factor = RoundResult(budget_flops / fit.region->training_flops->first);
  if (smallest_factor < kBelowWarning) advice.diagnostics.push_back(BelowRuns(smallest_factor));
  if (advice.extrapolation_factor > kGreatestExtrapolation) {
    advice.parameter_count.estimate.reset();
    advice.token_count.estimate.reset();
    advice.loss_nats_per_token.estimate.reset();
    advice.tokens_per_parameter.reset();
    advice.as_good_parameter_count.reset();
  }
  if (advice.extrapolation_factor > 1 && fit.drift_weighted) advice.drift_weighted = AnswerByDriftWeights(fit, budget_flops);
  advice.diagnostics.insert(advice.diagnostics.end(), fit.diagnostics.begin(), fit.diagnostics.end());
  SortWorstFirst(advice.diagnostics);
  return advice;
}

absl::StatusOr<std::vector<FrontierPoint>> ComputeFrontier(const Fit& fit, const std::vector<double>& budget_flops) {
  if (budget_flops.empty()) return std::vector<FrontierPoint>{};
  ASSIGN_OR_RETURN(const Predictor predictor, MakePredictor(fit));
  std::vector<FrontierPoint> frontier;
  for (double budget : budget_flops) {
    RETURN_IF_ERROR(CheckBudget(budget));
    const OptimalSplit best = ComputeOptimalSplit(predictor.allocation, budget);
    std::vector<double> parameter_counts;
    for (const AllocationExponents& replica : predictor.replica_allocations) {
      parameter_counts.push_back(ComputeOptimalSplit(replica, budget).parameter_count);
    }
    frontier.push_back({.budget_flops = budget,
                        .parameter_count = WithBounds(best.parameter_count, std::move(parameter_counts)),
                        .loss_nats_per_token = NewRunLoss(predictor, best)});
  }
  return frontier;
}

absl::StatusOr<Contour> ComputeContour(const Fit& fit, double loss_nats_per_token, const std::vector<double>& parameter_counts,
                                       std::pair<double, double> token_range) {
  if (!std::isfinite(loss_nats_per_token) || loss_nats_per_token <= 0) {
    return absl::InvalidArgumentError(absl::StrFormat("loss_nats_per_token must be positive and finite, got %g", loss_nats_per_token));
  }
  ASSIGN_OR_RETURN(const Law* law, LawInSizeAndTokens(fit));
  const Theta theta = CoordinatesOf(*law, Estimates(fit));
  Contour contour{.loss_nats_per_token = loss_nats_per_token};
  for (double n : parameter_counts) {
    // The loss falls as tokens grow, so bisection in ln D finds where it passes the level.
    double low = std::log(token_range.first), high = std::log(token_range.second);
    if (!(LossAt(*law, theta, n, std::exp(low)) >= loss_nats_per_token && LossAt(*law, theta, n, std::exp(high)) <= loss_nats_per_token)) continue;
    while (high - low > kContourTolerance) {
      const double middle = 0.5 * (low + high);
      (LossAt(*law, theta, n, std::exp(middle)) > loss_nats_per_token ? low : high) = middle;
    }
    contour.points.emplace_back(RoundResult(n), RoundResult(std::exp(0.5 * (low + high))));
  }
  return contour;
}

absl::StatusOr<double> PredictLoss(const Fit& fit, double parameter_count, double token_count) {
  if (!(parameter_count > 0 && token_count > 0) || !std::isfinite(parameter_count) || !std::isfinite(token_count)) {
    return absl::InvalidArgumentError(absl::StrFormat("parameter_count and token_count must be positive and finite, got %g and %g",
                                                      parameter_count, token_count));
  }
  ASSIGN_OR_RETURN(const Law* law, LawInSizeAndTokens(fit));
  return RoundResult(LossAt(*law, CoordinatesOf(*law, Estimates(fit)), parameter_count, token_count));
}

}  // namespace isoflop
