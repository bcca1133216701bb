#include "core/check/amount_text.h"

#include <cmath>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace isoflop {
namespace {

// "1.2e+21" -> "1.2e21".
std::string ShortExponent(std::string text) { return absl::StrReplaceAll(text, {{"e+0", "e"}, {"e+", "e"}, {"e-0", "e-"}}); }

}  // namespace

double ForPlan(double value) {
  const std::string text = absl::StrFormat("%.3g", value);
  return std::strtod(text.c_str(), nullptr);
}

std::string PlainText(double value) {
  const double rounded = ForPlan(value);
  if (rounded != 0 && std::abs(rounded) < 1e6 && std::abs(rounded) >= 1e-3) return absl::StrFormat("%.10g", rounded);
  return ShortExponent(absl::StrFormat("%.3g", value));
}

std::string CountText(double value) {
  const double rounded = ForPlan(value);
  for (const auto& [unit, name] : {std::pair{1e12, " T"}, {1e9, " B"}, {1e6, " M"}, {1e3, " k"}}) {
    if (std::abs(rounded) >= unit && std::abs(rounded) < 1000e12) return absl::StrCat(PlainText(rounded / unit), name);
  }
  return PlainText(value);
}

std::string FlopsText(double value) { return ShortExponent(absl::StrFormat("%.3g", value)); }

std::string ShareText(double value) {
  const double percent = 100 * value;
  if (std::abs(percent) < 1 && percent != 0) return absl::StrFormat("%.1g %%", percent);
  return absl::StrFormat("%.0f %%", percent);
}

std::string LossText(double value) { return absl::StrFormat("%.4g", value); }

std::string BoundsText(const Interval& interval, const std::function<std::string(double)>& text) {
  if (!interval.lower || !interval.upper) return "";
  return absl::StrCat(" [", text(*interval.lower), " to ", text(*interval.upper), "]");
}

std::string DateText(const std::chrono::year_month_day& date) {
  return absl::StrFormat("%04d-%02d-%02d", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace isoflop
