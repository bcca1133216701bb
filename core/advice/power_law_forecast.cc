#include "core/advice/power_law_forecast.h"

#include <Eigen/Dense>
#include <cmath>

namespace isoflop {
namespace {

constexpr double kLeastShareOfWay = 0.2;
constexpr Eigen::Index kLeastPoints = 5;
constexpr double kSpread = 0.085;  // Of ln L, for a whole run still to come: one published curve in ten errs by 14 % from 20 %.
constexpr double kLeastExponent = 0.05, kGreatestExponent = 1.5, kExponentStep = 0.05;

}  // namespace

std::optional<LogLossForecast> ForecastByPowerLaw(const LossCurve& curve, double step_count) {
  if (curve.steps.empty()) return std::nullopt;
  const double now = curve.steps.back();
  size_t first = 0;
  while (curve.steps[first] < kLeastShareOfWay * now) ++first;
  const Eigen::Index count = static_cast<Eigen::Index>(curve.steps.size() - first);
  if (count < kLeastPoints) return std::nullopt;
  const Eigen::ArrayXd steps = Eigen::Map<const Eigen::ArrayXd>(&curve.steps[first], count) / now;
  const Eigen::ArrayXd losses = Eigen::Map<const Eigen::ArrayXd>(&curve.losses[first], count);
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(count);
  double least = INFINITY, final_loss = 0;
  for (double a = kLeastExponent; a <= kGreatestExponent + 1e-9; a += kExponentStep) {
    Eigen::MatrixX2d rows(count, 2);
    rows << 1 / losses, steps.pow(-a) / losses;
    Eigen::Vector2d terms = rows.colPivHouseholderQr().solve(ones);
    if (terms[1] < 0) terms = {rows.col(0).sum() / rows.col(0).squaredNorm(), 0};
    if (terms[0] < 0) terms = {0, rows.col(1).sum() / rows.col(1).squaredNorm()};
    const double square = (rows * terms - ones).squaredNorm();
    if (!(square < least)) continue;
    least = square;
    final_loss = terms[0] + terms[1] * std::pow(step_count / now, -a);
  }
  if (!(final_loss > 0)) return std::nullopt;
  return LogLossForecast{std::log(final_loss), kSpread * std::max(0.0, 1 - now / step_count)};
}

}  // namespace isoflop
