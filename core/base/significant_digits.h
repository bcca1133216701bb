#ifndef ISOFLOP_CORE_BASE_SIGNIFICANT_DIGITS_H_
#define ISOFLOP_CORE_BASE_SIGNIFICANT_DIGITS_H_

namespace isoflop {

// Rounds to 10 significant digits: results are rounded so before they are stored or printed, so that every surface shows the same figures.
// Infinities and NaN are returned unchanged.
double RoundResult(double value);

// Rounds to 6 significant digits: for what is drawn rather than read, where a pixel is a thousandth of an axis.
double RoundDrawn(double value);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_BASE_SIGNIFICANT_DIGITS_H_
