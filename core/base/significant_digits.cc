#include "core/base/significant_digits.h"

#include <charconv>
#include <cmath>
#include <string_view>

namespace isoflop {
namespace {

constexpr int kMostDigits = 17;  // Of a double.

struct Rounded {
  double value = 0;
  char last_digit = '0';  // Other than 0, where there is one.
};

Rounded RoundTo(double value, int digits) {
  if (!std::isfinite(value)) return {value};
  char text[32];
  const auto written = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, digits - 1);
  Rounded rounded{value};
  std::from_chars(text, written.ptr, rounded.value);
  const std::string_view mantissa = std::string_view(text, written.ptr).substr(0, std::string_view(text, written.ptr).find('e'));
  if (const size_t last = mantissa.find_last_of("123456789"); last != std::string_view::npos) rounded.last_digit = mantissa[last];
  return rounded;
}

}  // namespace

double RoundResult(double value) { return RoundTo(value, 10).value; }

double RoundDrawn(double value, int digits) {
  Rounded rounded = RoundTo(value, digits);
  while (rounded.last_digit == '5' && rounded.value != value && digits < kMostDigits) rounded = RoundTo(value, ++digits);
  return rounded.value;
}

}  // namespace isoflop
