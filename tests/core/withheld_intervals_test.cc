#include "core/fit/withheld_intervals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/advice/allocation.h"
#include "core/fit/fit.h"
#include "core/fit/profile.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

const AdditiveLaw kPlanted = {1.7, 400, 1200, 0.34, 0.35};

// 40 runs near 20 tokens a parameter, whose log10 D/N alternates by `spread` either way: thin is 0.716 spread.
std::vector<Observation> RunsNearOneRatio(double spread) {
  std::vector<Observation> runs;
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 0.004);
  for (int i = 0; i < 40; ++i) {
    const double n = 1e8 * std::pow(10, 2.0 * (i / 2) / 19), d = 20 * n * std::pow(10, i % 2 ? spread : -spread);
    runs.push_back({.parameter_count = n, .token_count = d, .loss_nats_per_token = PredictLoss(kPlanted, n, d) * std::exp(noise(random))});
  }
  return runs;
}

Fit FitWithReplicas(const std::vector<Observation>& runs, FitOptions options) {
  options.replica_count = 60;
  Fit fit = FitLaw(runs, options).value();
  EXPECT_THAT(ComputeReplicas(runs, options, nullptr, fit), IsOk());
  return fit;
}

TEST(WithheldIntervalsTest, AnErrorOfConstantRatioTakesEveryIntervalFromFitAndAdvice) {
  const std::vector<Observation> runs = RunsNearOneRatio(0.068);
  const Fit fit = FitWithReplicas(runs, {});
  ASSERT_TRUE(fit.identified());
  EXPECT_TRUE(IntervalsWithheld(fit.diagnostics));
  EXPECT_EQ(fit.replica_count, 0);
  for (const FittedParameter& p : fit.parameters) EXPECT_TRUE(p.value.estimate && !p.value.lower && !p.value.upper) << p.symbol;
  EXPECT_FALSE(fit.allocation->parameter_exponent.lower || fit.allocation->token_exponent.upper);
  const std::vector<Interval> profiles = ComputeProfileIntervals(runs, {}, fit).value();
  for (const Interval& profile : profiles) EXPECT_FALSE(profile.lower || profile.upper);
  const Advice advice = AdviseAllocation(fit, 1e22).value();
  EXPECT_TRUE(advice.parameter_count.estimate && advice.loss_nats_per_token.estimate);
  EXPECT_FALSE(advice.parameter_count.lower || advice.token_count.lower || advice.loss_nats_per_token.lower || advice.as_good_parameter_count);
  EXPECT_TRUE(IntervalsWithheld(advice.diagnostics)) << "advice gives the reason too";
}

TEST(WithheldIntervalsTest, AWarningOfConstantRatioLeavesThem) {
  const Fit fit = FitWithReplicas(RunsNearOneRatio(0.072), {});
  EXPECT_FALSE(IntervalsWithheld(fit.diagnostics));
  EXPECT_TRUE(fit.parameters[0].value.lower.has_value());
}

TEST(WithheldIntervalsTest, StayWhereTheHeldParametersTellSizesFromTokens) {
  const Fit fit = FitWithReplicas(RunsNearOneRatio(0.068), {.fixed = {{"B", 1200}, {"beta", 0.35}}});
  EXPECT_FALSE(IntervalsWithheld(fit.diagnostics));
  EXPECT_TRUE(fit.parameters[0].value.lower.has_value());
}

}  // namespace
}  // namespace isoflop
