#ifndef ISOFLOP_PLUGIN_PLAN_PLAN_NUMBER_H_
#define ISOFLOP_PLUGIN_PLAN_PLAN_NUMBER_H_

#include <chrono>
#include <string_view>

#include "absl/status/statusor.h"

namespace isoflop {

// Reads a number as plans write it: 1300000000, 1_300_000_000, 1.3e9 and, where `letters` says so, 1.3B with K, M, B or T for 1e3, 1e6, 1e9 or
// 1e12. Whatever reads in two ways is refused, with what to write instead: "1,300" (a decimal comma?), "1.3m" (a thousandth?), "010" and
// "0x10" (octal, hexadecimal), "40%", "300 B tokens" (units stand in the names), ".nan", ".inf", and what no double holds. InvalidArgument
// with the rule and the value, to follow the field's name: `must be ..., got "..."`.
absl::StatusOr<double> ParsePlanNumber(std::string_view text, bool letters);

// Reads "2027-01-31". InvalidArgument, likewise, for anything else and for days that no calendar has.
absl::StatusOr<std::chrono::year_month_day> ParsePlanDate(std::string_view text);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_PLAN_NUMBER_H_
