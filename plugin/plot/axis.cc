#include "plugin/plot/axis.h"

#include <cmath>

#include "plugin/document/round_steps.h"

namespace isoflop {

double AxisFraction(const PlotAxis& axis, double value) {
  if (axis.logarithmic) return std::log(value / axis.low) / std::log(axis.high / axis.low);
  return (value - axis.low) / (axis.high - axis.low);
}

std::vector<double> AxisTicks(const PlotAxis& axis, int most) {
  if (!axis.logarithmic) return RoundLevels(axis.low, axis.high, most);
  if (!(axis.low > 0 && std::isfinite(axis.high))) return {};  // Widened past what a double holds.
  // A hair of slack, so that an end on a power of ten is marked.
  const int first = static_cast<int>(std::ceil(std::log10(axis.low) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log10(axis.high) + 1e-9));
  const std::vector<double> steps = RoundSteps(axis.low, axis.high);
  if (last - first >= 2 || (last > first && static_cast<int>(steps.size()) > most)) {
    const int step = (last - first) / most + 1;
    std::vector<double> ticks;
    for (int power = first; power <= last; power += step) ticks.push_back(std::pow(10, power));
    return ticks;
  }
  if (steps.size() >= 4 && static_cast<int>(steps.size()) <= most) return steps;
  return RoundLevels(axis.low, axis.high, most);
}

PlotAxis Widened(PlotAxis axis, double fraction) {
  if (axis.logarithmic) {
    const double factor = std::exp(fraction * (std::log(axis.high) - std::log(axis.low)));  // The ratio itself may overflow.
    axis.low /= factor;
    axis.high *= factor;
  } else {
    const double margin = fraction * (axis.high - axis.low);
    axis.low -= margin;
    axis.high += margin;
  }
  return axis;
}

}  // namespace isoflop
