#include "core/advice/rate_aware_forecast.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace isoflop {
namespace {

constexpr int kNodes = 1024;             // Of the integrals over a run.
constexpr double kLeastWarmUps = 2;      // Before twice the warm-up the form errs by a tenth.
constexpr double kLeastShareOfWay = 0.1;
constexpr size_t kLeastPoints = 5;
constexpr size_t kMostPoints = 200;      // Of more, evenly spaced ones.
constexpr double kLevelDeviation = 0.02; // Of c among published runs, and of what else may come in a whole run.
constexpr double kGenericRuns = 4;       // What the generic standard deviation is worth.
constexpr double kExponents[] = {0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};
constexpr double kShares[] = {0, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12};
constexpr double kMemories[] = {0, 0.02, 0.05};

// S(f) / S(1) and m(f) at kNodes + 1 even fractions.
struct Integrals {
  std::vector<double> areas, averages;

  static double At(const std::vector<double>& values, double fraction) {
    const double position = std::clamp(fraction, 0.0, 1.0) * kNodes;
    const int below = std::min(static_cast<int>(position), kNodes - 1);
    return values[below] + (position - below) * (values[below + 1] - values[below]);
  }
};

Integrals Integrate(const RateSchedule& schedule, double memory) {
  Integrals integrals{std::vector<double>(kNodes + 1), std::vector<double>(kNodes + 1)};
  double before = schedule.ShareAt(0);
  integrals.averages[0] = before;
  const double gain = memory > 0 ? 1 - std::exp(-1.0 / kNodes / memory) : 1;
  for (int k = 1; k <= kNodes; ++k) {
    const double share = schedule.ShareAt(static_cast<double>(k) / kNodes);
    integrals.areas[k] = integrals.areas[k - 1] + (before + share) / 2;
    integrals.averages[k] = integrals.averages[k - 1] + gain * (share - integrals.averages[k - 1]);
    before = share;
  }
  for (double& area : integrals.areas) area /= integrals.areas.back();
  return integrals;
}

// The points that the form is fitted to.
std::vector<size_t> UsedPoints(const ScheduledCurve& run) {
  const auto& steps = run.curve.steps;
  const double least = std::max(kLeastWarmUps * run.schedule.warm_up * run.step_count, kLeastShareOfWay * (steps.empty() ? 0 : steps.back()));
  std::vector<size_t> used;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] >= least && steps[i] > 0) used.push_back(i);
  }
  const size_t stride = used.size() / kMostPoints + 1;
  std::vector<size_t> spaced;
  for (size_t i = used.size() % stride == 0 ? stride - 1 : used.size() % stride - 1; i < used.size(); i += stride) spaced.push_back(used[i]);
  return spaced;
}

// L(f) = L0 level + A decay at each point: c L(1) m = c' (L0 + A) m with c' = c / (1 - c m(1)), as L(1) = (L0 + A) / (1 - c m(1)).
struct Solution {
  double final_loss = 0;
  double mean_square = 0;  // Of the relative errors.
};
std::optional<Solution> Solve(const ScheduledCurve& run, const Integrals& integrals, double exponent, double annealed_share) {
  const std::vector<size_t> points = UsedPoints(run);
  if (points.size() < kLeastPoints) return std::nullopt;
  const double scale = 1 / (1 - annealed_share * integrals.averages.back());
  Eigen::MatrixX2d rows(static_cast<Eigen::Index>(points.size()), 2);
  for (size_t k = 0; k < points.size(); ++k) {
    const double fraction = run.curve.steps[points[k]] / run.step_count, loss = run.curve.losses[points[k]];
    const double annealing = annealed_share * scale * Integrals::At(integrals.averages, fraction);
    const double area = std::max(Integrals::At(integrals.areas, fraction), 1.0 / kNodes / kNodes);
    rows(static_cast<Eigen::Index>(k), 0) = (1 + annealing) / loss;
    rows(static_cast<Eigen::Index>(k), 1) = (std::pow(area, -exponent) + annealing) / loss;
  }
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(rows.rows());
  Eigen::Vector2d terms = rows.colPivHouseholderQr().solve(ones);
  if (terms[1] < 0) terms = {rows.col(0).sum() / rows.col(0).squaredNorm(), 0};
  if (terms[0] < 0) terms = {0, rows.col(1).sum() / rows.col(1).squaredNorm()};
  return Solution{terms.sum() * scale, (rows * terms - ones).squaredNorm() / static_cast<double>(rows.rows())};
}

std::optional<double> Predict(const ScheduledCurve& run, const Integrals& integrals, const RateAwareConstants& constants) {
  if (run.curve.steps.empty() || run.curve.steps.back() < kLeastWarmUps * run.schedule.warm_up * run.step_count) return std::nullopt;
  const std::optional<Solution> solution = Solve(run, integrals, constants.exponent, constants.annealed_share);
  if (!solution || !(solution->final_loss > 0)) return std::nullopt;
  return std::log(solution->final_loss);
}

}  // namespace

std::optional<double> PredictRateAware(const ScheduledCurve& run, const RateAwareConstants& constants) {
  return Predict(run, Integrate(run.schedule, constants.memory), constants);
}

RateAwareConstants ShareConstants(const std::vector<ScheduledCurve>& finished) {
  RateAwareConstants best;
  double least = INFINITY;
  for (double memory : kMemories) {
    std::vector<Integrals> integrals;
    for (const ScheduledCurve& run : finished) integrals.push_back(Integrate(run.schedule, memory));
    for (double exponent : kExponents) {
      for (double share : kShares) {
        double sum = 0;
        int count = 0;
        for (size_t j = 0; j < finished.size(); ++j) {
          const std::optional<Solution> solution = Solve(finished[j], integrals[j], exponent, share);
          if (!solution) continue;
          sum += std::sqrt(solution->mean_square);  // Not squares: one rough curve must not decide.
          ++count;
        }
        if (count == 0 || !(sum < least)) continue;
        least = sum;
        best = {exponent, share, memory};
      }
    }
  }
  return best;
}

std::optional<LogLossForecast> ForecastRateAware(const ScheduledCurve& run, const std::vector<ScheduledCurve>& finished,
                                                 const std::vector<double>& final_losses) {
  const RateAwareConstants constants = ShareConstants(finished);
  const Integrals integrals = Integrate(run.schedule, constants.memory);
  const std::optional<double> log_loss = Predict(run, integrals, constants);
  if (!log_loss) return std::nullopt;
  const double fraction = run.curve.steps.back() / run.step_count;
  const double annealing = Integrals::At(integrals.averages, fraction) - integrals.averages.back();
  const double generic = std::hypot(kLevelDeviation * annealing, kLevelDeviation * (1 - fraction));
  double sum = kGenericRuns * generic * generic, count = kGenericRuns;
  for (size_t j = 0; j < finished.size(); ++j) {
    ScheduledCurve so_far = finished[j];
    so_far.curve = CurveUntil(so_far.curve, fraction * so_far.step_count);
    const std::optional<double> predicted = PredictRateAware(so_far, constants);
    if (!predicted) continue;
    const double error = *predicted - std::log(final_losses[j]);
    sum += error * error;
    ++count;
  }
  return LogLossForecast{*log_loss, std::sqrt(sum / count)};
}

}  // namespace isoflop
