#include "core/base/significant_digits.h"

#include <charconv>
#include <cmath>

namespace isoflop {
namespace {

double RoundTo(double value, int digits) {
  if (!std::isfinite(value)) return value;
  char text[32];
  const auto written = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, digits - 1);
  double rounded = value;
  std::from_chars(text, written.ptr, rounded);
  return rounded;
}

}  // namespace

double RoundResult(double value) { return RoundTo(value, 10); }

double RoundDrawn(double value) { return RoundTo(value, 6); }

}  // namespace isoflop
