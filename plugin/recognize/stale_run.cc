#include "plugin/recognize/stale_run.h"

#include <algorithm>
#include <limits>

namespace isoflop {

std::optional<int64_t> StaleTimeMs(const RunRecord& run) {
  if (run.deleted || run.status != RunStatus::kRunning) return std::nullopt;
  double gap_ms = std::numeric_limits<double>::infinity();
  for (const auto& [key, metric] : run.metrics) {
    if (metric.point_count < 2) continue;
    // As doubles: clients may log any times.
    const double span_ms = static_cast<double>(metric.greatest_time_ms) - static_cast<double>(metric.least_time_ms);
    gap_ms = std::min(gap_ms, span_ms / static_cast<double>(metric.point_count - 1));
  }
  constexpr double kGreatestQuietMs = 366 * 24 * 3'600'000.0;  // Times may also be nonsense.
  const double quiet_ms =
      gap_ms < kGreatestQuietMs ? std::min(kQuietGaps * gap_ms, kGreatestQuietMs) : static_cast<double>(kLeastQuietMs);
  return run.heard_time_ms + std::max(kLeastQuietMs, static_cast<int64_t>(quiet_ms));
}

}  // namespace isoflop
