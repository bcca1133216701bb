// How points are packed, thinned and counted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "plugin/store/curve_thinner.h"
#include "plugin/store/point_block.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using ::testing::Contains;
using ::testing::ElementsAreArray;

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

std::vector<StoredPoint> RandomPoints(int count, int seed) {
  std::mt19937 random(seed);
  std::vector<StoredPoint> points;
  for (int i = 0; i < count; ++i) {
    const int64_t step = random() % 5000;
    points.push_back(ToStoredPoint(step, random() % 1000, random() % 20 == 0 ? std::nan("") : random() % 100));
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

std::vector<StoredPoint> Thin(const std::vector<StoredPoint>& points) {
  CurveThinner curve;
  for (const StoredPoint& point : points) curve.Add(point);
  return curve.Points();
}

TEST(PointBlockTest, ReadsBackWhatWasWritten) {
  EXPECT_THAT(DecodePoints(EncodePoints({})).value(), ElementsAreArray(std::vector<StoredPoint>{}));
  const std::vector<StoredPoint> extreme = {{kLeast, kGreatest, -1e308, false},
                                            {-1, kLeast, 0, true},
                                            {0, 0, 5e-324, false},
                                            {kGreatest, kGreatest, 1.5, false},
                                            {kGreatest, kGreatest, 1.5, true}};
  EXPECT_THAT(DecodePoints(EncodePoints(extreme)).value(), ElementsAreArray(extreme));
  const std::vector<StoredPoint> points = RandomPoints(3000, 1);
  EXPECT_THAT(DecodePoints(EncodePoints(points)).value(), ElementsAreArray(points));
}

TEST(PointBlockTest, TakesSomeTenBytesAPointThatComesEvenly) {
  std::vector<StoredPoint> points;
  for (int i = 0; i < 200; ++i) points.push_back({10 * i, 1'700'000'000'000 + 40 * i, 3.0, false});
  EXPECT_LE(EncodePoints(points).size(), 200 * 11 + 10);
}

TEST(PointBlockTest, ABlockCutShortIsLostData) {
  std::string block = EncodePoints(RandomPoints(10, 1));
  block.pop_back();
  EXPECT_THAT(DecodePoints(block), StatusIs(absl::StatusCode::kDataLoss, "cut short"));
}

TEST(StepIntervalTest, GrowsWithTheStepAndIsNarrow) {
  EXPECT_EQ(StepInterval(0), 0);
  EXPECT_EQ(StepInterval(31), 31);
  EXPECT_EQ(StepInterval(32), StepInterval(33));
  EXPECT_LT(StepInterval(33), StepInterval(34));
  EXPECT_LT(StepInterval(kLeast), StepInterval(-1));
  EXPECT_EQ(StepInterval(kGreatest), 959);
  EXPECT_EQ(StepInterval(kLeast), -960);
  for (int64_t step = 1; step < 1'000'000; step += 1 + step / 1000) {
    EXPECT_LE(StepInterval(step - 1), StepInterval(step));
    // Steps more than one sixteenth apart are in two intervals.
    EXPECT_LT(StepInterval(step), StepInterval(step + step / 16 + 1));
  }
}

TEST(CurveThinnerTest, KeepsFirstLastLeastAndTheLastOfEachInterval) {
  std::vector<StoredPoint> points;
  for (int64_t step = 0; step <= 100'000; ++step) points.push_back({step, step, 2.0 + 1.0 / (1 + step), false});
  points[77'777].value = 1.5;
  const std::vector<StoredPoint> kept = Thin(points);
  EXPECT_LT(kept.size(), 250u);
  EXPECT_EQ(kept.front(), points.front());
  EXPECT_EQ(kept.back(), points.back());
  EXPECT_THAT(kept, Contains(points[77'777]));
  // The curve can be read off at any step: a kept point is never more than one sixteenth below it.
  for (size_t i = 1; i < kept.size(); ++i) EXPECT_LE(kept[i].step - kept[i - 1].step, 1 + kept[i].step / 16);
}

TEST(CurveThinnerTest, ThinningBeforeMorePointsComeChangesNothing) {
  for (int seed = 0; seed < 20; ++seed) {
    std::vector<StoredPoint> all = RandomPoints(4000, seed);
    const std::vector<StoredPoint> expected = Thin(all);
    std::shuffle(all.begin(), all.end(), std::mt19937(seed));
    const auto half = all.begin() + all.size() / 2;
    std::vector<StoredPoint> points = Thin({all.begin(), half});
    points.insert(points.end(), all.begin() + all.size() / 3, all.end());  // Some come again.
    EXPECT_THAT(Thin(points), ElementsAreArray(expected));
  }
}

// By definition, with two loops.
DisorderCounts CountSlowly(const std::vector<StoredPoint>& points) {
  DisorderCounts counts;
  for (const StoredPoint& a : points) {
    bool repeated = false, out_of_order = false;
    for (const StoredPoint& b : points) {
      repeated |= a.step == b.step && a < b;
      out_of_order |= a.step < b.step && a.time_ms > b.time_ms;
    }
    counts.repeated_step_count += repeated;
    counts.out_of_order_count += out_of_order;
  }
  return counts;
}

TEST(CountDisorderTest, CountsWhatTheDefinitionsSay) {
  for (int seed = 0; seed < 5; ++seed) {
    const std::vector<StoredPoint> points = RandomPoints(400, seed);
    const DisorderCounts expected = CountSlowly(points), counts = CountDisorder(points, std::nullopt);
    EXPECT_EQ(counts.repeated_step_count, expected.repeated_step_count);
    EXPECT_EQ(counts.out_of_order_count, expected.out_of_order_count);
  }
}

TEST(CountDisorderTest, CountsTheStepsThatAResumedJobLogsAgainAfterAThinning) {
  // Steps 0 to 999, thinned; then the job goes on from step 800 to 1199.
  std::vector<StoredPoint> points, resumed;
  for (int64_t step = 0; step < 1000; ++step) points.push_back({step, step, 1, false});
  for (int64_t step = 800; step < 1200; ++step) resumed.push_back({step, 5000 + step, 1, false});
  std::vector<StoredPoint> kept = Thin(points);
  for (auto* all : {&points, &kept}) {
    all->insert(all->end(), resumed.begin(), resumed.end());
    std::sort(all->begin(), all->end());
  }
  const DisorderCounts raw = CountDisorder(points, std::nullopt);
  const DisorderCounts thinned = CountDisorder(kept, ThinnedPart{.step = 999, .time_ms = 999});
  EXPECT_EQ(raw.repeated_step_count, 200);
  EXPECT_EQ(thinned.repeated_step_count, raw.repeated_step_count);
  EXPECT_EQ(thinned.out_of_order_count, raw.out_of_order_count);
}

}  // namespace
}  // namespace isoflop
