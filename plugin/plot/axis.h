#ifndef ISOFLOP_PLUGIN_PLOT_AXIS_H_
#define ISOFLOP_PLUGIN_PLOT_AXIS_H_

#include <string>
#include <vector>

#include "plugin/plot/number_text.h"

namespace isoflop {

// One axis: from `low` to `high` in the data's own values, in true logarithm where `logarithmic` (then both are
// positive).
struct PlotAxis {
  std::string title;
  bool logarithmic = true;
  double low = 1;
  double high = 10;
  NumberStyle style = NumberStyle::kPlain;
};

// Where `value` lies between the axis' ends: 0 at `low`, 1 at `high`; linear in ln(value) on a logarithmic axis.
double AxisFraction(const PlotAxis& axis, double value);

// Values to mark, ascending, at most about `most`. Logarithmic: whole decades where three or more fit, or two and no
// room for the steps between them, thinned to every
// second, third, ... where they are many; else the steps 1, 2, 5 of a decade; else round numbers at equal distances.
// Linear: round numbers at equal distances.
std::vector<double> AxisTicks(const PlotAxis& axis, int most);

// The axis widened on both ends by a fraction of its length, so that no mark sits on the frame.
PlotAxis Widened(PlotAxis axis, double fraction);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLOT_AXIS_H_
