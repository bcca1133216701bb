#include "plugin/document/json_values.h"

#include "absl/time/time.h"

#include <string>

#include "core/base/significant_digits.h"

namespace isoflop {

using nlohmann::ordered_json;

ordered_json OptionalNumber(const std::optional<double>& value) { return value ? ordered_json(*value) : ordered_json(nullptr); }

ordered_json IntervalObject(const Interval& interval) {
  return {{"estimate", OptionalNumber(interval.estimate)},
          {"lower", OptionalNumber(interval.lower)},
          {"upper", OptionalNumber(interval.upper)}};
}

ordered_json DrawnInterval(const Interval& interval, int digits) {
  const auto drawn = [digits](const std::optional<double>& value) { return value ? std::optional(RoundDrawn(*value, digits)) : value; };
  return IntervalObject({.estimate = drawn(interval.estimate), .lower = drawn(interval.lower), .upper = drawn(interval.upper)});
}

ordered_json RangeArray(const std::optional<std::pair<double, double>>& range) {
  return range ? ordered_json::array({range->first, range->second}) : ordered_json(nullptr);
}

ordered_json ExclusionObject(const Exclusion& exclusion) {
  const auto text = [](const std::string& value) { return value.empty() ? ordered_json(nullptr) : ordered_json(value); };
  return {{"line", exclusion.line > 0 ? ordered_json(exclusion.line) : ordered_json(nullptr)},
          {"run", text(exclusion.run_id)},
          {"run_name", text(exclusion.run_name)},
          {"reason", exclusion.reason},
          {"point_count", exclusion.point_count}};
}

ordered_json TimeOrNull(const std::optional<std::chrono::sys_seconds>& time) {
  if (!time) return nullptr;
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(time->time_since_epoch().count()), absl::UTCTimeZone());
}

}  // namespace isoflop
