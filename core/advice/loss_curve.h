#ifndef ISOFLOP_CORE_ADVICE_LOSS_CURVE_H_
#define ISOFLOP_CORE_ADVICE_LOSS_CURVE_H_

#include <optional>
#include <vector>

namespace isoflop {

// The loss of one run while it trains. Shapes [point_count].
struct LossCurve {
  std::vector<double> steps;           // Positive, strictly ascending. Of optimizer steps, tokens or anything proportional to them.
  std::vector<double> losses;          // Nats/token, positive and finite.
  std::vector<double> learning_rates;  // Not negative; empty where they are not known.
};

// The loss at `step`, made robust against the noise of single points: where at least 4 points lie in the last 5 % of the steps before it,
// [0.95 step, step], the line through them by Theil (1950) and Sen (1968), the median of all slopes, at `step`. Otherwise the curve itself, linear
// between points. Nothing before the first point or past the last one.
std::optional<double> LossAtStep(const LossCurve& curve, double step);

// Standard deviation of ln L of single points around the curve, by its second differences; 0 of fewer than 3.
double PointNoise(const LossCurve& curve);

// The variance that this noise leaves in the ln of LossAtStep at the last step: 4 / n of a point's, n being the points of its line; all of it where there
// is none.
double EndVariance(const LossCurve& curve);

// The points up to `step`.
LossCurve CurveUntil(const LossCurve& curve, double step);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_LOSS_CURVE_H_
