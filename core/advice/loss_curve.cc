#include "core/advice/loss_curve.h"

#include <algorithm>
#include <cmath>

#include "core/fit/percentile.h"
#include "core/fit/robust_spread.h"

namespace isoflop {
namespace {

constexpr double kWindow = 0.05;        // Of the steps so far.
constexpr size_t kLeastPoints = 4;      // For a line.
const double kBendFactor = std::sqrt(6.0);  // 1 + 4 + 1 variances in a second difference.
constexpr size_t kMostPoints = 64;      // Of more, evenly spaced ones: slopes are counted by pairs.

// Theil and Sen's line through the points [first, last) at `step`.
double LineAt(const LossCurve& curve, size_t first, size_t last, double step) {
  const size_t stride = (last - first + kMostPoints - 1) / kMostPoints;
  std::vector<double> slopes, levels;
  for (size_t j = last; j-- > first;) {
    if ((last - 1 - j) % stride != 0) continue;
    for (size_t i = j; i-- > first;) {
      if ((last - 1 - i) % stride != 0) continue;
      slopes.push_back((curve.losses[j] - curve.losses[i]) / (curve.steps[j] - curve.steps[i]));
    }
  }
  const double slope = Quantile(std::move(slopes), 0.5);
  for (size_t i = first; i < last; ++i) levels.push_back(curve.losses[i] + slope * (step - curve.steps[i]));
  return Quantile(std::move(levels), 0.5);
}

}  // namespace

std::optional<double> LossAtStep(const LossCurve& curve, double step) {
  const auto& steps = curve.steps;
  if (steps.empty() || step < steps.front() || step > steps.back()) return std::nullopt;
  const size_t last = std::upper_bound(steps.begin(), steps.end(), step) - steps.begin();
  const size_t first = std::lower_bound(steps.begin(), steps.end(), (1 - kWindow) * step) - steps.begin();
  if (last - first >= kLeastPoints) return LineAt(curve, first, last, step);
  if (steps[last - 1] == step) return curve.losses[last - 1];
  const double share = (step - steps[last - 1]) / (steps[last] - steps[last - 1]);
  return curve.losses[last - 1] + share * (curve.losses[last] - curve.losses[last - 1]);
}

double PointNoise(const LossCurve& curve) {
  const auto& losses = curve.losses;
  std::vector<double> bends;
  for (size_t i = 2; i < losses.size(); ++i) bends.push_back(std::log(losses[i] * losses[i - 2] / (losses[i - 1] * losses[i - 1])) / kBendFactor);
  return bends.empty() ? 0 : RobustSpread(std::move(bends));
}

double EndVariance(const LossCurve& curve) {
  if (curve.steps.empty()) return 0;
  const double noise = PointNoise(curve);
  const auto& steps = curve.steps;
  const size_t first = std::lower_bound(steps.begin(), steps.end(), (1 - kWindow) * steps.back()) - steps.begin();
  const size_t count = std::min(kMostPoints, steps.size() - first);
  return noise * noise * (count >= kLeastPoints ? 4.0 / static_cast<double>(count) : 1);
}

LossCurve CurveUntil(const LossCurve& curve, double step) {
  const size_t count = std::upper_bound(curve.steps.begin(), curve.steps.end(), step) - curve.steps.begin();
  LossCurve until = curve;
  until.steps.resize(count);
  until.losses.resize(count);
  if (!until.learning_rates.empty()) until.learning_rates.resize(count);
  return until;
}

}  // namespace isoflop
