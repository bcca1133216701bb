#ifndef ISOFLOP_PLUGIN_DOCUMENT_JSON_VALUES_H_
#define ISOFLOP_PLUGIN_DOCUMENT_JSON_VALUES_H_

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/fit/fit.h"

namespace isoflop {

inline constexpr int kSchemaVersion = 1;  // Of every document.

// The number, or null.
nlohmann::ordered_json OptionalNumber(const std::optional<double>& value);

// {"estimate", "lower", "upper"}, each a number or null.
nlohmann::ordered_json IntervalObject(const Interval& interval);

// The same of bounds and estimate by RoundDrawn (core/base/significant_digits.h).
nlohmann::ordered_json DrawnInterval(const Interval& interval, int digits);

// [least, greatest], or null.
nlohmann::ordered_json RangeArray(const std::optional<std::pair<double, double>>& range);

// RFC 3339 in UTC, or null.
nlohmann::ordered_json TimeOrNull(const std::optional<std::chrono::sys_seconds>& time);

// {"line", "run", "run_name", "reason", "point_count"}: absent ones are null, and `point_count` is 0 where the whole run is left out.
nlohmann::ordered_json ExclusionObject(const Exclusion& exclusion);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_JSON_VALUES_H_
