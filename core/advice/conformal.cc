#include "core/advice/conformal.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace isoflop {
namespace {

constexpr double kLeastMultiple = 1;
constexpr double kWiderThanNormal = 1.33;

// z with P(|normal| < z) = level, by Newton's method from 1: the normal's tail is convex there, so it does not overshoot for ever.
double NormalMultiple(double level) {
  double z = 1;
  for (int iteration = 0; iteration < 60; ++iteration) {
    const double excess = std::erf(z / std::numbers::sqrt2) - level;
    z -= excess / (std::sqrt(2 / std::numbers::pi) * std::exp(-0.5 * z * z));
  }
  return z;
}

double RankOf(size_t count, double level) { return std::ceil(level * static_cast<double>(count + 1) - 1e-9); }

}  // namespace

bool HasEnoughForMultiple(size_t count, double level) {
  const double rank = RankOf(count, level);
  return rank >= 1 && rank <= static_cast<double>(count);
}

double IntervalMultiple(std::vector<double> absolute_z, double level) {
  const double rank = RankOf(absolute_z.size(), level);
  if (!HasEnoughForMultiple(absolute_z.size(), level)) return kWiderThanNormal * NormalMultiple(level);
  const auto nth = absolute_z.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
  std::nth_element(absolute_z.begin(), nth, absolute_z.end());
  return std::max(kLeastMultiple, *nth);
}

}  // namespace isoflop
