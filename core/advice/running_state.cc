#include "core/advice/running_state.h"

#include <algorithm>
#include <cmath>

#include "core/fit/percentile.h"
#include "core/fit/schedule_diagnostic.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kNoiseBand = 2;     // Run-noise standard deviations to either side of the law.
constexpr double kDivergedRise = 0.1;  // In ln L.
constexpr double kDivergedNoise = 6;   // In standard deviations of one point's noise: losses of single batches scatter.
constexpr size_t kMedianPoints = 5;
constexpr double kMostRatio = 2;     // What is logged twice may differ by less: embeddings, attention, a last batch.

bool Disagrees(double ratio) { return ratio > kMostRatio || ratio < 1 / kMostRatio; }

// The last learning rate over its peak; nothing where it is not known.
std::optional<double> LastRateShare(const LossCurve& curve) {
  if (curve.learning_rates.empty()) return std::nullopt;
  const double peak = *std::max_element(curve.learning_rates.begin(), curve.learning_rates.end());
  return peak > 0 ? std::optional(curve.learning_rates.back() / peak) : std::nullopt;
}

bool Holds(const LossForecast& forecast, double loss) {
  const auto [low, high] = forecast.interval();
  return low <= loss && loss <= high;
}

}  // namespace

RunningState CompareWithLaw(const LossForecast& forecast, double law_loss, double log_loss_standard_deviation) {
  const double band = kNoiseBand * log_loss_standard_deviation;
  const auto [low, high] = forecast.interval();
  if (low > law_loss * std::exp(band)) return RunningState::kAbove;
  if (high < law_loss * std::exp(-band)) return RunningState::kBelow;
  return RunningState::kOnLaw;
}

bool HasDiverged(const LossCurve& curve) {
  if (curve.losses.size() <= kMedianPoints) return false;
  double least = INFINITY, last = 0;
  for (auto first = curve.losses.begin(); first + kMedianPoints <= curve.losses.end(); ++first) {
    last = Quantile({first, first + kMedianPoints}, 0.5);
    least = std::min(least, last);
  }
  return std::log(last / least) > std::max(kDivergedRise, kDivergedNoise * PointNoise(curve));
}

std::optional<double> HotEnd(const CurvedRun& run, const std::vector<CurvedRun>& finished) {
  if (run.curve.steps.empty() || !(run.step_count > 0) || run.curve.steps.back() < kFinishedStepShare * run.step_count) return std::nullopt;
  const std::optional<double> share = LastRateShare(run.curve);
  if (!share || !(*share > kDecayedShare)) return std::nullopt;
  const bool others_decay = std::any_of(finished.begin(), finished.end(), [](const CurvedRun& other) {
    return LastRateShare(other.curve).value_or(1) <= kDecayedShare;
  });
  return others_decay ? share : std::nullopt;
}

std::optional<CauseFound> FindCause(const RunLog& log, RunningState state, const std::optional<LossForecast>& forecast, double half_size_loss,
                                    double twice_size_loss) {
  if (log.training_flops && log.parameter_count > 0 && log.token_count > 0) {
    const double ratio = *log.training_flops / TrainingFlops(log.parameter_count, log.token_count);
    if (Disagrees(ratio)) return CauseFound{RunningCause::kFlopsDisagree, ratio};
  }
  if (log.tokens_per_step && log.batch_token_count) {
    const double ratio = *log.tokens_per_step / *log.batch_token_count;
    if (Disagrees(ratio)) return CauseFound{RunningCause::kTokensDisagree, ratio};
  }
  if (log.hot_end) return CauseFound{RunningCause::kSchedule, *log.hot_end};
  const bool off = state == RunningState::kAbove || state == RunningState::kBelow || state == RunningState::kDiverged;
  if (!off) return std::nullopt;
  if (log.learning_rate && log.usual_learning_rate) {
    const double ratio = *log.learning_rate / *log.usual_learning_rate;
    if (Disagrees(ratio)) return CauseFound{RunningCause::kLearningRate, ratio};
  }
  if (!forecast || state == RunningState::kDiverged) return std::nullopt;
  if (half_size_loss > 0 && Holds(*forecast, half_size_loss)) return CauseFound{RunningCause::kSize, 2};
  if (twice_size_loss > 0 && Holds(*forecast, twice_size_loss)) return CauseFound{RunningCause::kSize, 0.5};
  return std::nullopt;
}

}  // namespace isoflop
