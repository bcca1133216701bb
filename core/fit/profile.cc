#include "core/fit/profile.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/intervals.h"
#include "core/fit/minimize.h"
#include "core/fit/prepared.h"
#include "core/fit/withheld_intervals.h"

namespace isoflop {
namespace {

constexpr double kChiSquare = 3.841458820694124;  // 95 % point, one degree of freedom.
constexpr double kFirstStep = 1e-3;               // Of a coordinate; doubled until the objective has risen enough.
constexpr double kFarthest = 60;                  // From the optimum, in a coordinate: e^60 for a scale.
constexpr double kTolerance = 1e-9;               // Of a coordinate.

// E[psi^2] / E[psi'] of the Huber loss under normal residuals of standard deviation s.
double HuberVarianceRatio(double delta, double s) {
  const double k = delta / s, inside = std::erf(k / std::numbers::sqrt2);
  const double within = s * s * (inside - k * std::sqrt(2 / std::numbers::pi) * std::exp(-k * k / 2));
  return (within + delta * delta * (1 - inside)) / inside;
}

double Threshold(const Prepared& evidence, const Theta& optimum, const Fit& fit) {
  const double n = static_cast<double>(evidence.sorted.size());
  const double mean_weight = std::accumulate(evidence.weights.begin(), evidence.weights.end(), 0.0) / n;
  const double s = fit.log_loss_standard_deviation.value_or(0);
  if (evidence.loss == LossFunction::kL1) return kChiSquare / 2 * mean_weight * s * std::sqrt(std::numbers::pi / 2);
  if (evidence.loss == LossFunction::kHuber)
    return kChiSquare / 2 * mean_weight * HuberVarianceRatio(evidence.huber_delta, s);
  const std::vector<double> residuals = evidence.objective().Residuals(optimum);
  double sum = 0;
  for (size_t i = 0; i < residuals.size(); ++i) sum += evidence.weights[i] * residuals[i] * residuals[i];
  return kChiSquare * sum / std::max(n - static_cast<double>(evidence.free.size()), 1.0);
}

// The profile of one coordinate on one side of the optimum.
class Side {
 public:
  Side(const Objective& objective, const Theta& optimum, int coordinate, int direction)
      : objective_(objective),
        theta_(optimum),
        coordinate_(coordinate),
        direction_(direction),
        start_(optimum[coordinate]) {
    least_ = objective.Value(optimum);
    std::erase(objective_.free, coordinate);
  }

  // How far the objective has risen `distance` away from the optimum, all other coordinates refitted from where the
  // last call left them.
  double Rise(double distance) {
    theta_[coordinate_] = start_ + direction_ * distance;
    if (objective_.free.empty()) return objective_.Value(theta_) - least_;
    const NewtonResult refit = MinimizeFromNear(objective_, theta_);
    theta_ = refit.theta;
    return refit.objective - least_;
  }

  // The coordinate at which the rise passes the threshold; its bound where that comes first; nothing where it never
  // does.
  std::optional<double> Find(double threshold) {
    const double bound =
        direction_ > 0 ? objective_.upper[coordinate_] - start_ : start_ - objective_.lower[coordinate_];
    double inside = 0, outside = std::min(kFirstStep, bound);
    while (Rise(outside) <= threshold) {
      if (outside >= bound) return start_ + direction_ * bound;
      if (outside > kFarthest) return std::nullopt;
      inside = outside;
      outside = std::min(2 * outside, bound);
    }
    while (outside - inside > kTolerance) {
      const double middle = 0.5 * (inside + outside);
      (Rise(middle) <= threshold ? inside : outside) = middle;
    }
    return start_ + direction_ * 0.5 * (inside + outside);
  }

 private:
  Objective objective_;
  Theta theta_;
  int coordinate_, direction_;
  double start_, least_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<Interval>> ComputeProfileIntervals(const std::vector<Observation>& observations,
                                                              const FitOptions& options, const Fit& fit) {
  ASSIGN_OR_RETURN(const Prepared evidence, Prepare(observations, options));
  std::vector<Interval> intervals(fit.parameters.size());
  for (size_t i = 0; i < intervals.size(); ++i) intervals[i].estimate = fit.parameters[i].value.estimate;
  if (!fit.identified() || IntervalsWithheld(fit.diagnostics)) return intervals;
  // The estimates are rounded: polish them, so that the rise is measured from the least value.
  const Objective objective = evidence.objective();
  const Theta optimum = MinimizeFromNear(objective, CoordinatesOf(*evidence.law, Estimates(fit))).theta;
  const double threshold = Threshold(evidence, optimum, fit);
  for (int i : evidence.free) {
    const auto bound = [&](int direction) -> std::optional<double> {
      const std::optional<double> coordinate = Side(objective, optimum, i, direction).Find(threshold);
      if (!coordinate || !std::isfinite(*coordinate)) return std::nullopt;
      return RoundResult(ValueFromCoordinate(evidence.law->parameters()[i], *coordinate));
    };
    intervals[i].lower = bound(-1);
    intervals[i].upper = bound(1);
  }
  return intervals;
}

}  // namespace isoflop
