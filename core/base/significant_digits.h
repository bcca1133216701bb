#ifndef ISOFLOP_CORE_BASE_SIGNIFICANT_DIGITS_H_
#define ISOFLOP_CORE_BASE_SIGNIFICANT_DIGITS_H_

namespace isoflop {

// Rounds to 10 significant digits: results are rounded so before they are stored or printed, so that every surface shows the same figures.
// Infinities and NaN are returned unchanged.
double RoundResult(double value);

// Rounds to `digits` significant digits, at least 1: for what is drawn, where a pixel is a thousandth of an axis, and printed with fewer digits. Where the
// last digit would be a 5 that `value` does not have, keeps as few more as it takes for another one: rounded on to fewer digits, the result reads as
// `value` does.
double RoundDrawn(double value, int digits);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_BASE_SIGNIFICANT_DIGITS_H_
