#include "plugin/store/series_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace isoflop {
namespace {

constexpr double kLeastInfinite = 1e308;

}  // namespace

StoredPoint ToStoredPoint(int64_t step, int64_t time_ms, double value) {
  if (std::isnan(value)) return {.step = step, .time_ms = time_ms, .value = 0, .is_nan = true};
  constexpr double kGreatest = std::numeric_limits<double>::max();
  // Adding 0 makes 0 of -0, which are one point.
  return {.step = step, .time_ms = time_ms, .value = std::clamp(value, -kGreatest, kGreatest) + 0.0};
}

bool IsFinite(const StoredPoint& point) { return !point.is_nan && std::abs(point.value) < kLeastInfinite; }

void SeriesSummary::Add(const StoredPoint& point) {
  if (thinned.has_value() && thinned->Covers(point)) {
    last = std::max(last, point);
    return;
  }
  const bool is_first = point_count == 0;
  if (!is_first) {
    if (point.step < last.step || point.time_ms < greatest_time_ms) in_order = false;
    if (point.step == last.step) ++repeated_step_count;
  }
  last = is_first ? point : std::max(last, point);
  least_time_ms = is_first ? point.time_ms : std::min(least_time_ms, point.time_ms);
  greatest_time_ms = is_first ? point.time_ms : std::max(greatest_time_ms, point.time_ms);
  if (!IsFinite(point)) ++not_finite_count;
  ++point_count;
}

DisorderCounts CountDisorder(absl::Span<const StoredPoint> points, const std::optional<ThinnedPart>& thinned) {
  DisorderCounts counts;
  if (thinned.has_value()) counts = {thinned->repeated_step_count, thinned->out_of_order_count};
  int64_t least_time_ms = std::numeric_limits<int64_t>::max();  // Of the steps above this one.
  for (size_t end = points.size(); end > 0;) {
    size_t begin = end - 1;  // The points of one step are those from `begin` to before `end`.
    while (begin > 0 && points[begin - 1].step == points[end - 1].step) --begin;
    int64_t new_count = 0;
    for (size_t i = begin; i < end; ++i) {
      if (thinned.has_value() && thinned->Covers(points[i])) continue;
      ++new_count;
      if (points[i].time_ms > least_time_ms) ++counts.out_of_order_count;
    }
    const bool had_a_point = thinned.has_value() && points[begin].step <= thinned->step;
    if (new_count > 0) counts.repeated_step_count += had_a_point ? new_count : new_count - 1;
    least_time_ms = std::min(least_time_ms, points[begin].time_ms);
    end = begin;
  }
  return counts;
}

}  // namespace isoflop
