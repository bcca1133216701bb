#include "plugin/document/drawn_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace isoflop {
namespace {

using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

constexpr double kNoise = 0.001;

// Runs of ever more compute, ended in that order, each of a loss a little above the lowest before it; every 100th sets a new lowest.
std::vector<Observation> ManyRuns(size_t count) {
  std::vector<Observation> runs;
  for (size_t run = 0; run < count; ++run) {
    const double lowest = 4 - 1e-4 * static_cast<double>(run / 100);
    runs.push_back({.parameter_count = 1e7 * std::pow(1.0005, run),
                    .token_count = 1e9,
                    .loss_nats_per_token = run % 100 == 0 ? lowest : lowest + 0.01,
                    .run_id = std::to_string(run),
                    .end_time_ms = static_cast<int64_t>(run)});
  }
  return runs;
}

std::vector<size_t> Range(size_t first, size_t last) {
  std::vector<size_t> range(last - first);
  std::iota(range.begin(), range.end(), first);
  return range;
}

TEST(DrawnRunsTest, DrawsAllOfTwoThousand) {
  const DrawnRuns drawn = ChooseDrawnRuns(ManyRuns(2000), std::vector<double>(2000, 0), kNoise);
  EXPECT_EQ(drawn.indices, Range(0, 2000));
}

TEST(DrawnRunsTest, KeepsFrontierOutliersAndLatestOfMore) {
  const std::vector<Observation> runs = ManyRuns(10000);
  std::vector<double> residuals(runs.size(), kNoise);
  residuals[1234] = 3.1 * kNoise;   // Beyond three times the noise, on either side.
  residuals[4321] = -3.1 * kNoise;
  residuals[555] = 2.9 * kNoise;    // Inside, and at a place that the even share passes over.
  const DrawnRuns drawn = ChooseDrawnRuns(runs, residuals, kNoise);
  EXPECT_THAT(drawn.indices, SizeIs(2000));
  EXPECT_EQ(drawn.frontier_count, 100);
  EXPECT_EQ(drawn.outlier_count, 2);
  EXPECT_EQ(drawn.latest_count, 198);  // Two of the last 200 are on the frontier.
  EXPECT_EQ(drawn.thinned_count, 1700);
  std::vector<size_t> kept = Range(9800, 10000);
  for (size_t run = 0; run < 9800; run += 100) kept.push_back(run);
  kept.insert(kept.end(), {1234, 4321});
  EXPECT_THAT(drawn.indices, IsSupersetOf(kept));
}

TEST(DrawnRunsTest, ThinsTheRestEvenlyAlongCompute) {
  const DrawnRuns drawn = ChooseDrawnRuns(ManyRuns(10000), {}, std::nullopt);
  EXPECT_EQ(drawn.outlier_count, 0);
  size_t widest = 0;
  for (size_t at = 1; at < drawn.indices.size(); ++at) widest = std::max(widest, drawn.indices[at] - drawn.indices[at - 1]);
  EXPECT_LE(widest, 7);  // 9,702 runs are thinned to 1,702: at most 6 are passed over, and more than one frontier run in a row never is.
}

TEST(DrawnRunsTest, DoesNotDependOnTheOrderOfRuns) {
  std::vector<Observation> runs = ManyRuns(3000);
  const auto ids = [](const std::vector<Observation>& of, const DrawnRuns& drawn) {
    std::vector<std::string> drawn_ids;
    for (size_t run : drawn.indices) drawn_ids.push_back(of[run].run_id);
    std::sort(drawn_ids.begin(), drawn_ids.end());
    return drawn_ids;
  };
  const std::vector<std::string> before = ids(runs, ChooseDrawnRuns(runs, {}, std::nullopt));
  std::reverse(runs.begin(), runs.end());
  EXPECT_EQ(ids(runs, ChooseDrawnRuns(runs, {}, std::nullopt)), before);
}

TEST(DrawnRunsTest, KeepsTheFurthestThreeHundredOutliers) {
  const std::vector<Observation> runs = ManyRuns(10000);
  std::vector<double> residuals(runs.size());
  for (size_t run = 0; run < runs.size(); ++run) residuals[run] = run % 20 == 7 ? 4 * kNoise + 1e-9 * static_cast<double>(run) : 0;
  const DrawnRuns drawn = ChooseDrawnRuns(runs, residuals, kNoise);
  EXPECT_EQ(drawn.outlier_count, 300);  // Of 500; the last 300 of them lie furthest.
  EXPECT_THAT(drawn.indices, Contains(4007));
}

}  // namespace
}  // namespace isoflop
