#ifndef ISOFLOP_CORE_CHECK_AMOUNT_TEXT_H_
#define ISOFLOP_CORE_CHECK_AMOUNT_TEXT_H_

#include <chrono>
#include <functional>
#include <string>

#include "core/fit/fit.h"

namespace isoflop {

// Figures for people, to three significant digits.
std::string PlainText(double value);  // "0.154", "12", "3e-4".
std::string CountText(double value);  // "280 B", with k, M, B or T.
std::string FlopsText(double value);  // "5.04e23".
std::string ShareText(double value);  // "54 %" for .54; "0.2 %" below 1 %.
std::string LossText(double value);   // "1.988", in nats/token.

// " [lower to upper]" by one of these; nothing without bounds.
std::string BoundsText(const Interval& interval, const std::function<std::string(double)>& text);

std::string DateText(const std::chrono::year_month_day& date);  // "2027-01-31".

// To three significant digits: what a suggested edit writes into a plan.
double ForPlan(double value);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_AMOUNT_TEXT_H_
