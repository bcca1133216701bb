#include "plugin/document/thin_line.h"

#include <cmath>
#include <cstddef>

namespace isoflop {
namespace {

// Of the chart's width and height.
std::vector<LinePoint> PlacesOf(const std::vector<LinePoint>& points, const LinePoint& x_range, const LinePoint& y_range) {
  const auto place = [](double value, const LinePoint& range) { return std::log(value / range.first) / std::log(range.second / range.first); };
  std::vector<LinePoint> places;
  for (const auto& [x, y] : points) places.emplace_back(place(x, x_range), place(y, y_range));
  return places;
}

// From the straight line through `a` and `b`, which differ.
double DistanceFrom(const LinePoint& a, const LinePoint& b, const LinePoint& point) {
  const double dx = b.first - a.first, dy = b.second - a.second;
  return std::abs(dx * (point.second - a.second) - dy * (point.first - a.first)) / std::hypot(dx, dy);
}

// Marks those to keep between two that are kept.
void Keep(const std::vector<LinePoint>& places, size_t from, size_t to, double tolerance, std::vector<bool>& kept) {
  size_t farthest = from;
  double distance = tolerance;
  for (size_t at = from + 1; at < to; ++at) {
    const double away = DistanceFrom(places[from], places[to], places[at]);
    if (away <= distance) continue;
    farthest = at;
    distance = away;
  }
  if (farthest == from) return;
  kept[farthest] = true;
  Keep(places, from, farthest, tolerance, kept);
  Keep(places, farthest, to, tolerance, kept);
}

}  // namespace

std::vector<LinePoint> ThinLine(const std::vector<LinePoint>& points, const LinePoint& x_range, const LinePoint& y_range, double tolerance) {
  if (points.size() < 3) return points;
  std::vector<bool> kept(points.size(), false);
  kept.front() = kept.back() = true;
  Keep(PlacesOf(points, x_range, y_range), 0, points.size() - 1, tolerance, kept);
  std::vector<LinePoint> thinned;
  for (size_t at = 0; at < points.size(); ++at) {
    if (kept[at]) thinned.push_back(points[at]);
  }
  return thinned;
}

}  // namespace isoflop
