#include "core/base/significant_digits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "absl/strings/str_format.h"

namespace isoflop {
namespace {

std::string Printed(double value, int digits) { return absl::StrFormat("%.*e", digits - 1, value); }

TEST(RoundDrawnTest, KeepsTheDigitsAskedForAndMoreOnlyToTellSidesOfATie) {
  EXPECT_EQ(RoundDrawn(123456, 4), 123500 - 40);  // 1.235e5 would read as 1.24e5, and the value as 1.23e5.
  EXPECT_EQ(RoundDrawn(123446, 4), 123400);
  EXPECT_EQ(RoundDrawn(123500, 4), 123500);       // A tie of its own.
  EXPECT_EQ(RoundDrawn(2.4499996, 5), 2.4499996);
  EXPECT_EQ(RoundDrawn(0, 5), 0);
  EXPECT_EQ(RoundDrawn(std::numeric_limits<double>::infinity(), 5), std::numeric_limits<double>::infinity());
}

TEST(RoundDrawnTest, PrintsWithFewerDigitsAsTheValueDoes) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(-6, 26);
  for (int trial = 0; trial < 100000; ++trial) {
    const double value = std::pow(10, exponent(random)), rounded = RoundDrawn(value, 5);
    EXPECT_NEAR(rounded / value, 1, 5.001e-5);
    for (int digits = 1; digits < 5; ++digits) ASSERT_EQ(Printed(rounded, digits), Printed(value, digits)) << absl::StrFormat("%.17g", value);
  }
}

}  // namespace
}  // namespace isoflop
