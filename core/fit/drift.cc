#include "core/fit/drift.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/fit/intervals.h"
#include "core/fit/local_noise.h"
#include "core/fit/percentile.h"
#include "core/fit/poisson_weights.h"
#include "core/fit/replicas.h"

namespace isoflop {
namespace {

constexpr double kTarget = 10;  // Times the largest run.
constexpr double kMostWithoutAnswer = 0.025;
constexpr double kLeastShareOfRuns = 0.5;      // That the weights leave at least.
constexpr double kMostLogFactor = 40;     // On s: past it all weights are their own.
constexpr int kHalvings = 60;
constexpr double kLn10 = 2.302585092994046;

// What a law says of one budget.
struct Answer {
  double log_loss = 0;
  double log_size = 0;
};

std::optional<Answer> AnswerAt(const Law& law, const Theta& theta, double budget_flops) {
  const auto allocation = AllocationAt(law, theta);
  if (!allocation) return std::nullopt;
  const OptimalSplit best = ComputeOptimalSplit(*allocation, budget_flops);
  LawInput input;
  input.log.fill(NAN);
  input.log[static_cast<int>(Quantity::kParameterCount)] = std::log(best.parameter_count);
  input.log[static_cast<int>(Quantity::kTokenCount)] = std::log(best.token_count);
  input.log[static_cast<int>(Quantity::kUniqueTokenCount)] = std::log(best.token_count);
  const Answer answer{law.PredictLog(input, theta, nullptr, nullptr), std::log(best.parameter_count)};
  if (!std::isfinite(answer.log_loss) || !std::isfinite(answer.log_size)) return std::nullopt;
  return answer;
}

// Weighted minus plain, by parameter values.
std::optional<Answer> Shift(const Law& law, const std::vector<double>& weighted, const std::vector<double>& plain, double budget_flops) {
  const auto to = AnswerAt(law, CoordinatesOf(law, weighted), budget_flops), from = AnswerAt(law, CoordinatesOf(law, plain), budget_flops);
  if (!to || !from) return std::nullopt;
  return Answer{to->log_loss - from->log_loss, to->log_size - from->log_size};
}

Diagnostic Drift(const Answer& shift, std::pair<double, double> loss, std::pair<double, double> size, double weight_sum) {
  return {.code = "DRIFT",
          .severity = Severity::kWarning,
          .title = "The answer moves with the runs trusted",
          .message = absl::StrFormat("Trusting large runs more moves the best loss at %g times the largest run by %+.2g %% [%+.2g, %+.2g], and the "
                                     "best size by a factor of %.2g [%.2g, %.2g].",
                                     kTarget, 100 * shift.log_loss, 100 * loss.first, 100 * loss.second, std::exp(shift.log_size),
                                     std::exp(size.first), std::exp(size.second)),
          .evidence = {{"log_loss_shift", shift.log_loss},
                       {"log_loss_shift_lower", loss.first},
                       {"log_loss_shift_upper", loss.second},
                       {"log_parameter_count_shift", shift.log_size},
                       {"log_parameter_count_shift_lower", size.first},
                       {"log_parameter_count_shift_upper", size.second},
                       {"weight_sum", weight_sum}},
          .effect = "The exponents shift with the region fitted; the plain intervals do not show it.",
          .fix = "Add runs near the target, or leave out the smallest runs and compare."};
}

double Sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

// How far below the largest run each lies. Nothing where one has no C.
std::optional<std::vector<double>> DecadesBelow(const Prepared& evidence) {
  std::vector<double> decades;
  for (const LawInput& input : evidence.inputs) decades.push_back(input[Quantity::kTrainingFlops] / kLn10);
  const double greatest = *std::max_element(decades.begin(), decades.end());
  for (double& decade : decades) {
    decade = greatest - decade;
    if (std::isnan(decade)) return std::nullopt;
  }
  return decades;
}

std::vector<double> WeightsBy(const std::vector<double>& own, const std::vector<double>& decades, double noise) {
  std::vector<double> weights;
  for (size_t i = 0; i < own.size(); ++i) weights.push_back(own[i] / (1 + std::pow(kDriftPerDecade * decades[i] / noise, 2)));
  return weights;
}

}  // namespace

std::optional<std::vector<double>> DriftWeights(const Prepared& evidence, double log_loss_noise) {
  const std::optional<std::vector<double>> decades = DecadesBelow(evidence);
  if (!(log_loss_noise > 0) || !decades) return std::nullopt;
  const double least = std::min(kLeastWeightSum, kLeastShareOfRuns * Sum(evidence.weights));
  std::vector<double> weights = WeightsBy(evidence.weights, *decades, log_loss_noise);
  if (Sum(weights) >= least) return weights;
  double low = std::log(log_loss_noise), high = low + kMostLogFactor;  // The sum grows with the noise.
  for (int halving = 0; halving < kHalvings; ++halving) {
    const double middle = (low + high) / 2;
    (Sum(WeightsBy(evidence.weights, *decades, std::exp(middle))) < least ? low : high) = middle;
  }
  return WeightsBy(evidence.weights, *decades, std::exp(high));
}

std::optional<DriftWeightedLaw> FitDriftWeighted(const Prepared& evidence, const FitOptions& options, const Fit& fit) {
  if (!fit.allocation || !fit.region->training_flops) return std::nullopt;
  if (!fit.log_loss_standard_deviation) return std::nullopt;
  const Theta theta = ReplicaStart(evidence, fit);
  const auto weights = DriftWeights(evidence, LocalNoise(evidence, evidence.objective().Residuals(theta)));
  if (!weights) return std::nullopt;
  Prepared weighted = evidence;
  weighted.weights = *weights;
  const Theta optimum = RefitReplica(weighted, std::vector<double>(weights->size(), 1), theta).theta;
  DriftWeightedLaw law = {.estimates = ReplicaValues(evidence, optimum),
                          .weight_sum = RoundResult(Sum(*weights))};
  const int count = std::min(kMostDriftReplicas, static_cast<int>(fit.replicas.size()) / 2);
  if (count < kLeastDriftReplicas) return law;
  const std::vector<uint64_t> keys = ContentKeys(evidence.sorted);
  law.replicas.resize(static_cast<size_t>(count));
  // Without a way to cancel it cannot fail.
  ForEachReplica(count, options.thread_count, nullptr, [&](int k) {
    law.replicas[k] = ReplicaValues(evidence, RefitReplica(weighted, PoissonWeights(keys, fit.seed, k), optimum).theta);
  }).IgnoreError();
  return law;
}

std::optional<double> DriftOfLogLoss(const Law& law, const Fit& fit, double budget_flops) {
  if (!fit.drift_weighted) return std::nullopt;
  const std::optional<Answer> shift = Shift(law, fit.drift_weighted->estimates, Estimates(fit), budget_flops);
  return shift ? std::optional(shift->log_loss) : std::nullopt;
}

std::optional<Diagnostic> DiagnoseDrift(const Law& law, const Fit& fit) {
  if (!fit.drift_weighted || fit.drift_weighted->replicas.empty()) return std::nullopt;
  const DriftWeightedLaw& weighted = *fit.drift_weighted;
  const double budget_flops = kTarget * fit.region->training_flops->second;
  const std::optional<Answer> shift = Shift(law, weighted.estimates, Estimates(fit), budget_flops);
  if (!shift) return std::nullopt;
  std::vector<double> losses, sizes;
  for (size_t k = 0; k < weighted.replicas.size(); ++k) {
    const std::optional<Answer> replica = Shift(law, weighted.replicas[k], fit.replicas[k], budget_flops);
    if (!replica) continue;
    losses.push_back(replica->log_loss);
    sizes.push_back(replica->log_size);
  }
  if (static_cast<double>(losses.size()) < (1 - kMostWithoutAnswer) * static_cast<double>(weighted.replicas.size())) return std::nullopt;
  const auto loss = CentralInterval(std::move(losses)), size = CentralInterval(std::move(sizes));
  const auto excludes_zero = [](std::pair<double, double> interval) { return interval.first > 0 || interval.second < 0; };
  if (!excludes_zero(loss) && !excludes_zero(size)) return std::nullopt;
  return Drift(*shift, loss, size, weighted.weight_sum);
}

}  // namespace isoflop
