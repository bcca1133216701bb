#include "plugin/document/thin_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace isoflop {
namespace {

constexpr LinePoint kSizes{1e7, 1e11};
constexpr LinePoint kTokens{1e9, 1e13};

TEST(ThinLineTest, KeepsTheEndsOfWhatIsStraightOnAxesOfLogs) {
  std::vector<LinePoint> line;
  for (int step = 0; step <= 40; ++step) line.emplace_back(1e7 * std::pow(10, step / 10.), 1e21 / std::pow(10, step / 5.));
  EXPECT_EQ(ThinLine(line, kSizes, kTokens, 1e-6), (std::vector<LinePoint>{line.front(), line.back()}));
}

TEST(ThinLineTest, DrawsACurveToWithinTheTolerance) {
  // A same-loss line of L = E + A / N^.34 + B / D^.28, which turns from flat to steep.
  std::vector<LinePoint> line;
  for (int step = 0; step < 64; ++step) {
    const double n = 2e8 * std::pow(500, step / 63.);
    line.emplace_back(n, std::pow(410.7 / (0.7 - 406.4 / std::pow(n, 0.34)), 1 / 0.28));
  }
  const std::vector<LinePoint> thinned = ThinLine(line, kSizes, kTokens, 5e-4);
  EXPECT_LT(thinned.size(), 40);
  EXPECT_GT(thinned.size(), 5);
  const auto x = [](const LinePoint& point) { return std::log10(point.first) / 4; };
  const auto y = [](const LinePoint& point) { return std::log10(point.second) / 4; };
  for (const LinePoint& point : line) {
    const auto next = std::lower_bound(thinned.begin(), thinned.end(), point);
    ASSERT_NE(next, thinned.end());
    if (*next == point) continue;
    const LinePoint &a = *(next - 1), &b = *next;
    const double slope = (y(b) - y(a)) / (x(b) - x(a)), drawn = y(a) + slope * (x(point) - x(a));
    EXPECT_LE(std::abs(drawn - y(point)) / std::hypot(1, slope), 5e-4);
  }
}

}  // namespace
}  // namespace isoflop
