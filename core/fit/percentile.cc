#include "core/fit/percentile.h"

#include <algorithm>
#include <cmath>

namespace isoflop {
namespace {

// Rearranges `values`, which are not empty.
double SelectQuantile(std::vector<double>& values, double fraction) {
  const double position = fraction * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(position);
  std::nth_element(values.begin(), below, values.end());
  const double share = position - std::floor(position);
  if (share == 0) return *below;
  const double above = *std::min_element(below + 1, values.end());
  return *below + share * (above - *below);
}

}  // namespace

double Quantile(std::vector<double> values, double fraction) { return SelectQuantile(values, fraction); }

std::pair<double, double> CentralInterval(std::vector<double> values) {
  const double lower = SelectQuantile(values, 0.025);
  return {lower, SelectQuantile(values, 0.975)};
}

}  // namespace isoflop
