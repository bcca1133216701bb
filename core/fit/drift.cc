#include "core/fit/drift.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_format.h"
#include "core/fit/intervals.h"
#include "core/fit/percentile.h"
#include "core/fit/poisson_weights.h"
#include "core/fit/replicas.h"

namespace isoflop {
namespace {

constexpr double kTarget = 10;  // Times the largest run.
constexpr double kMostWithoutAnswer = 0.025;
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

// Weighted minus plain.
std::optional<Answer> Shift(const Law& law, const Theta& weighted, const Theta& plain, double budget_flops) {
  const auto to = AnswerAt(law, weighted, budget_flops), from = AnswerAt(law, plain, budget_flops);
  if (!to || !from) return std::nullopt;
  return Answer{to->log_loss - from->log_loss, to->log_size - from->log_size};
}

// The shift of each of the first replicas. Shape [count].
std::vector<std::optional<Answer>> ReplicaShifts(const Prepared& weighted, const Theta& weighted_optimum, const FitOptions& options, const Fit& fit,
                                                 double budget_flops, int count) {
  const std::vector<uint64_t> keys = ContentKeys(weighted.sorted);
  std::vector<std::optional<Answer>> shifts(count);
  // Without a way to cancel it cannot fail.
  ForEachReplica(count, options.thread_count, nullptr, [&](int k) {
    const Theta refit = RefitReplica(weighted, PoissonWeights(keys, fit.seed, k), weighted_optimum).theta;
    shifts[k] = Shift(*weighted.law, refit, CoordinatesOf(*weighted.law, fit.replicas[k]), budget_flops);
  }).IgnoreError();
  return shifts;
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

}  // namespace

std::optional<std::vector<double>> DriftWeights(const Prepared& evidence, double log_loss_standard_deviation) {
  if (!(log_loss_standard_deviation > 0)) return std::nullopt;
  double greatest = -INFINITY;
  for (const LawInput& input : evidence.inputs) {
    if (std::isnan(input[Quantity::kTrainingFlops])) return std::nullopt;
    greatest = std::max(greatest, input[Quantity::kTrainingFlops]);
  }
  std::vector<double> weights;
  for (size_t i = 0; i < evidence.inputs.size(); ++i) {
    const double decades = (greatest - evidence.inputs[i][Quantity::kTrainingFlops]) / kLn10;
    const double ratio = kDriftPerDecade * decades / log_loss_standard_deviation;
    weights.push_back(evidence.weights[i] / (1 + ratio * ratio));
  }
  return weights;
}

std::optional<Diagnostic> DiagnoseDrift(const Prepared& evidence, const FitOptions& options, const Fit& fit) {
  const int count = std::min(kMostDriftReplicas, static_cast<int>(fit.replicas.size()) / 2);
  if (count < kLeastDriftReplicas || !fit.allocation || !fit.region->training_flops) return std::nullopt;
  const auto weights = DriftWeights(evidence, fit.log_loss_standard_deviation.value_or(0));
  if (!weights) return std::nullopt;
  const double budget_flops = kTarget * fit.region->training_flops->second;
  Prepared weighted = evidence;
  weighted.weights = *weights;
  const Theta plain = ReplicaStart(evidence, fit);
  const Theta optimum = RefitReplica(weighted, std::vector<double>(weights->size(), 1), plain).theta;
  const std::optional<Answer> shift = Shift(*evidence.law, optimum, plain, budget_flops);
  if (!shift) return std::nullopt;

  std::vector<double> losses, sizes;
  for (const std::optional<Answer>& replica : ReplicaShifts(weighted, optimum, options, fit, budget_flops, count)) {
    if (!replica) continue;
    losses.push_back(replica->log_loss);
    sizes.push_back(replica->log_size);
  }
  if (static_cast<double>(losses.size()) < (1 - kMostWithoutAnswer) * count) return std::nullopt;
  const auto loss = CentralInterval(std::move(losses)), size = CentralInterval(std::move(sizes));
  const auto excludes_zero = [](std::pair<double, double> interval) { return interval.first > 0 || interval.second < 0; };
  if (!excludes_zero(loss) && !excludes_zero(size)) return std::nullopt;
  return Drift(*shift, loss, size, std::accumulate(weights->begin(), weights->end(), 0.0));
}

}  // namespace isoflop
