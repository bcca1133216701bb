#include "plugin/plot/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace isoflop {
namespace {

using ::testing::ElementsAre;

TEST(AxisFractionTest, IsLinearInTheLogarithmOnALogarithmicAxis) {
  const PlotAxis axis{.low = 1e18, .high = 1e22};
  EXPECT_DOUBLE_EQ(AxisFraction(axis, 1e18), 0);
  EXPECT_DOUBLE_EQ(AxisFraction(axis, 1e20), 0.5);
  EXPECT_DOUBLE_EQ(AxisFraction(axis, 1e22), 1);
}

TEST(AxisFractionTest, IsLinearInTheValueOnALinearAxis) {
  const PlotAxis axis{.logarithmic = false, .low = -2, .high = 2};
  EXPECT_DOUBLE_EQ(AxisFraction(axis, 1), 0.75);
}

TEST(AxisTicksTest, AreDecadesWhereTwoOrMoreFit) {
  EXPECT_THAT(AxisTicks({.low = 5e17, .high = 2e20}, 8), ElementsAre(1e18, 1e19, 1e20));
}

TEST(AxisTicksTest, SkipDecadesWhereTheyAreMany) {
  EXPECT_THAT(AxisTicks({.low = 1e14, .high = 1e22}, 5), ElementsAre(1e14, 1e16, 1e18, 1e20, 1e22));
}

TEST(AxisTicksTest, AreOneTwoFiveWithinADecadeOrTwo) {
  EXPECT_THAT(AxisTicks({.low = 1.5e8, .high = 6e9}, 8), ElementsAre(2e8, 5e8, 1e9, 2e9, 5e9));
}

TEST(AxisTicksTest, AreTwoDecadesWhereTheStepsBetweenThemHaveNoRoom) {
  EXPECT_THAT(AxisTicks({.low = 1.7e19, .high = 3.3e21}, 6), ElementsAre(1e20, 1e21));
}

TEST(AxisTicksTest, StayFewOverAnyRange) {
  // A ratio past the greatest double.
  EXPECT_LE(AxisTicks(Widened({.low = 1e-300, .high = 1e19}, 0.04), 6).size(), 7u);
  EXPECT_LE(AxisTicks(Widened({.low = 1e-300, .high = 1e308}, 0.04), 6).size(), 7u);
}

TEST(AxisTicksTest, AreRoundNumbersOverShortRanges) {
  EXPECT_THAT(AxisTicks({.low = 2.05, .high = 2.65}, 4), ElementsAre(2.2, 2.4, 2.6));
  EXPECT_THAT(AxisTicks({.logarithmic = false, .low = -1.2, .high = 1.2}, 6), ElementsAre(-1, -0.5, 0, 0.5, 1));
}

TEST(NumberTextTest, WritesEachKindAsPeopleDo) {
  EXPECT_EQ(NumberText(1e21, NumberStyle::kFlops), "1e21");
  EXPECT_EQ(NumberText(5.06e20, NumberStyle::kFlops), "5.1e20");
  EXPECT_EQ(NumberText(9.96e20, NumberStyle::kFlops), "1e21");  // Not "10.0e20".
  EXPECT_EQ(NumberText(2.71e9, NumberStyle::kCount), "2.7\u00A0B");
  EXPECT_EQ(NumberText(999.7e6, NumberStyle::kCount), "1\u00A0B");
  EXPECT_EQ(NumberText(1.4e12, NumberStyle::kCount), "1.4\u00A0T");
  EXPECT_EQ(NumberText(-0.5, NumberStyle::kPercent), "\u22120.5\u00A0%");
  EXPECT_EQ(NumberText(2.3, NumberStyle::kPlain), "2.3");
}

}  // namespace
}  // namespace isoflop
