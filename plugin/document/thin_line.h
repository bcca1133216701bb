#ifndef ISOFLOP_PLUGIN_DOCUMENT_THIN_LINE_H_
#define ISOFLOP_PLUGIN_DOCUMENT_THIN_LINE_H_

#include <utility>
#include <vector>

namespace isoflop {

using LinePoint = std::pair<double, double>;  // Both positive.

// The points of a line without which its picture would differ by over `tolerance` of the height of a chart with logarithmic axes that spans `x_range` and
// `y_range`, each from its low to its higher end. First and last point stay. Source: Douglas and Peucker 1973.
std::vector<LinePoint> ThinLine(const std::vector<LinePoint>& points, const LinePoint& x_range, const LinePoint& y_range, double tolerance);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_THIN_LINE_H_
