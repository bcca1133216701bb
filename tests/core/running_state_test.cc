#include "core/advice/running_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace isoflop {
namespace {

// Centred on `loss`, reaching 1 % to either side.
LossForecast Forecast(double loss) { return {.log_loss = {std::log(loss), 0.005}, .multiple = 2}; }

TEST(CompareWithLawTest, IsOffWhereTheWholeIntervalLeavesTwiceTheNoise) {
  // Noise of .5 %: the band ends at exp(.01), so an interval of 1 % must be centred past exp(.02).
  EXPECT_EQ(CompareWithLaw(Forecast(2 * std::exp(0.0199)), 2, 0.005), RunningState::kOnLaw);
  EXPECT_EQ(CompareWithLaw(Forecast(2 * std::exp(0.0201)), 2, 0.005), RunningState::kAbove);
  EXPECT_EQ(CompareWithLaw(Forecast(2 * std::exp(-0.0199)), 2, 0.005), RunningState::kOnLaw);
  EXPECT_EQ(CompareWithLaw(Forecast(2 * std::exp(-0.0201)), 2, 0.005), RunningState::kBelow);
}

LossCurve Falling(double noise) {
  LossCurve curve;
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(0, noise);
  for (int i = 1; i <= 200; ++i) {
    curve.steps.push_back(i);
    curve.losses.push_back((2 + 3 / std::sqrt(i)) * std::exp(normal(random)));
  }
  return curve;
}

TEST(HasDivergedTest, AfterALastingRiseAndNotAfterASpike) {
  LossCurve curve = Falling(0);
  EXPECT_FALSE(HasDiverged(curve));
  curve.losses.back() = 9;
  EXPECT_FALSE(HasDiverged(curve)) << "one point";
  for (int i = 195; i < 200; ++i) curve.losses[i] = 2.6;
  EXPECT_TRUE(HasDiverged(curve)) << "five of them, a sixth above the least";
}

TEST(HasDivergedTest, DoesNotTakeTheScatterOfSingleBatchesForIt) {
  EXPECT_FALSE(HasDiverged(Falling(0.08)));
  EXPECT_FALSE(HasDiverged({{1, 2}, {5, 9}, {}})) << "too few points to tell";
}

// A run whose rate falls from its peak to `last` of it at the end of `share` of its steps.
CurvedRun Decaying(double last, double share) {
  CurvedRun run{.step_count = 200};
  for (int i = 1; i <= static_cast<int>(200 * share); ++i) {
    run.curve.steps.push_back(i);
    run.curve.losses.push_back(3);
    run.curve.learning_rates.push_back(1 - (1 - last) * (i - 1) / (200 * share - 1));
  }
  return run;
}

TEST(HotEndTest, IsTheRateOfARunWhoseDecayWillNotCome) {
  const std::vector<CurvedRun> finished = {Decaying(0.1, 1)};
  EXPECT_NEAR(HotEnd(Decaying(0.151, 1), finished).value_or(0), 0.151, 1e-9);
  EXPECT_FALSE(HotEnd(Decaying(0.149, 1), finished));
  EXPECT_TRUE(HotEnd(Decaying(0.5, 0.98), finished));
  EXPECT_FALSE(HotEnd(Decaying(0.5, 0.975), finished)) << "it may yet come";
  EXPECT_FALSE(HotEnd(Decaying(1, 1), {Decaying(1, 1)})) << "a study of constant rates";
  EXPECT_FALSE(HotEnd(Decaying(1, 1), {})) << "nothing to compare with";
  CurvedRun unknown = Decaying(0.5, 1);
  unknown.curve.learning_rates.clear();
  EXPECT_FALSE(HotEnd(unknown, finished));
}

TEST(FindCauseTest, AsksTheLogBeforeTheLoss) {
  RunLog log{.parameter_count = 1e9, .token_count = 2e10, .training_flops = 1.2e20};
  EXPECT_FALSE(FindCause(log, RunningState::kOnLaw, Forecast(2), 0, 0)) << "C is 6ND";
  log.training_flops = 1.2e20 * 2.01;
  auto found = FindCause(log, RunningState::kOnLaw, Forecast(2), 0, 0);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cause, RunningCause::kFlopsDisagree);
  EXPECT_DOUBLE_EQ(found->ratio, 2.01);
  log.training_flops = 1.2e20 * 1.99;
  EXPECT_FALSE(FindCause(log, RunningState::kOnLaw, Forecast(2), 0, 0));
  log.tokens_per_step = 4e5;
  log.batch_token_count = 1e6;
  EXPECT_EQ(FindCause(log, RunningState::kOnLaw, Forecast(2), 0, 0)->cause, RunningCause::kTokensDisagree);
}

TEST(FindCauseTest, ComparesTheRateAndTheSizeOfRunsOffTheLawOnly) {
  RunLog log{.parameter_count = 1e9, .token_count = 2e10, .learning_rate = 3e-3, .usual_learning_rate = 1e-3};
  EXPECT_FALSE(FindCause(log, RunningState::kOnLaw, Forecast(2), 0, 0));
  EXPECT_EQ(FindCause(log, RunningState::kAbove, Forecast(2), 0, 0)->cause, RunningCause::kLearningRate);
  EXPECT_DOUBLE_EQ(FindCause(log, RunningState::kDiverged, std::nullopt, 0, 0)->ratio, 3);
  log.learning_rate = 1e-3;
  const auto half = FindCause(log, RunningState::kAbove, Forecast(2.1), 2.1, 1.9);
  ASSERT_TRUE(half);
  EXPECT_EQ(half->cause, RunningCause::kSize);
  EXPECT_EQ(half->ratio, 2);
  EXPECT_EQ(FindCause(log, RunningState::kBelow, Forecast(1.9), 2.1, 1.9)->ratio, 0.5);
  EXPECT_FALSE(FindCause(log, RunningState::kAbove, Forecast(2.2), 2.1, 1.9));
}

}  // namespace
}  // namespace isoflop
