#ifndef ISOFLOP_PLUGIN_STORE_SERIES_SUMMARY_H_
#define ISOFLOP_PLUGIN_STORE_SERIES_SUMMARY_H_

#include <cstdint>
#include <optional>
#include <tuple>

#include "absl/types/span.h"

namespace isoflop {

// A point as it is kept: not-a-number is value 0 with is_nan set, infinities are the greatest finite values.
struct StoredPoint {
  int64_t step = 0;
  int64_t time_ms = 0;
  double value = 0;
  bool is_nan = false;

  auto key() const { return std::tie(step, time_ms, value, is_nan); }
  // MLflow's order: the last value of a metric is that of its greatest point.
  friend bool operator<(const StoredPoint& a, const StoredPoint& b) { return a.key() < b.key(); }
  friend bool operator==(const StoredPoint& a, const StoredPoint& b) { return a.key() == b.key(); }
};

StoredPoint ToStoredPoint(int64_t step, int64_t time_ms, double value);

// From 1e308 on a value counts as infinite.
bool IsFinite(const StoredPoint& point);

// What was known of a series when its points were thinned (curve_thinner.h), and which points were then known.
struct ThinnedPart {
  int64_t step = 0;     // The greatest.
  int64_t time_ms = 0;  // The greatest.
  int64_t repeated_step_count = 0;
  int64_t out_of_order_count = 0;

  // A point of a greater step or time was not known then. Of any other it can't be told whether it was.
  bool Covers(const StoredPoint& point) const { return point.step <= step && point.time_ms <= time_ms; }
};

// What the points of one series come to, kept up to date as points arrive in any order. The points have to be looked at
// only for series that did not arrive in order of step and time.
struct SeriesSummary {
  int64_t point_count = 0;
  StoredPoint last;
  int64_t least_time_ms = 0;
  int64_t greatest_time_ms = 0;
  int64_t not_finite_count = 0;
  int64_t repeated_step_count = 0;  // Holds while `in_order`.
  bool in_order = true;             // Since the thinning, if there was one.
  int64_t heard_time_ms = 0;        // When the newest point came in, by the clock of this machine.
  std::optional<ThinnedPart> thinned;

  // Adds a point that the series did not have. One that the thinned part covers is not counted.
  void Add(const StoredPoint& point);
};

struct DisorderCounts {
  int64_t repeated_step_count = 0;  // Points whose step another point with a greater (time, value) has too.
  int64_t out_of_order_count = 0;   // Points logged at a later time than some point of a greater step.
};

// Counts from all points that are kept, in MLflow's order. After a thinning: what was counted then and what the points
// that came since add, each step up to the thinned part's greatest taken for one that had a point.
DisorderCounts CountDisorder(absl::Span<const StoredPoint> points, const std::optional<ThinnedPart>& thinned);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_SERIES_SUMMARY_H_
