// Runs that are little like those that a forecast rests on: it says so by a wide interval, or says nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/advice/forecast.h"
#include "core/advice/running_state.h"
#include "core/law/additive_law.h"

namespace isoflop {
namespace {

// Hoffmann et al.'s rounded constants.
const AdditiveLaw kLaw = {1.69, 406.4, 410.7, 0.34, 0.28};

// The first `fraction` of 1000 steps, 200 points for the whole.
CurvedRun Planted(double n, double d, double fraction, double noise = 0) {
  CurvedRun run{.parameter_count = n, .token_count = d, .step_count = 1000, .final_loss = PredictLoss(kLaw, n, d)};
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  for (int i = 1; i <= 200 * fraction; ++i) {
    run.curve.steps.push_back(5 * i);
    run.curve.losses.push_back(run.final_loss * (1 + 0.1 * (std::pow(i / 200.0, -0.5) - 1)) * std::exp(noise * normal(random)));
  }
  return run;
}

std::vector<CurvedRun> Finished(double noise) {
  std::vector<CurvedRun> runs;
  for (double n : {1e8, 3e8, 1e9}) {
    for (double ratio : {5, 10, 20, 80}) runs.push_back(Planted(n, ratio * n, 1, noise));
  }
  return runs;
}

double Width(const LossForecast& forecast) { return std::log(forecast.interval().second / forecast.interval().first); }

bool Holds(const LossForecast& forecast, double loss) { return forecast.interval().first <= loss && loss <= forecast.interval().second; }

TEST(ForecastEdgesTest, FarBeyondTheRunsTheLawMayBend) {
  // C grows as the square of N: two and eight decades past the dearest.
  const LossForecast amid = *ForecastFinalLoss(Planted(3e8, 3e9, 0.5), Finished(0)), beyond = *ForecastFinalLoss(Planted(2e10, 4e11, 0.5), Finished(0)),
                     far = *ForecastFinalLoss(Planted(2e13, 4e14, 0.5), Finished(0));
  EXPECT_GT(Width(beyond), 3 * Width(amid));
  EXPECT_GT(Width(far), 2 * Width(beyond));
  EXPECT_GT(Width(far), 0.1);
}

TEST(ForecastEdgesTest, ARunNoisierThanTheOthersIsKnownLess) {
  const CurvedRun noisy = Planted(5e8, 1e10, 0.5, 0.1);
  const LossForecast forecast = *ForecastFinalLoss(noisy, Finished(0.001));
  EXPECT_TRUE(Holds(forecast, noisy.final_loss));
  EXPECT_GT(Width(forecast), 0.1);
  const CurvedRun as_usual = Planted(5e8, 1e10, 0.5, 0.001);
  EXPECT_LT(Width(*ForecastFinalLoss(as_usual, Finished(0.001))), 0.02);
}

TEST(ForecastEdgesTest, SaysNothingOfTooFewPointsOrOfRunsPastTheirEnd) {
  CurvedRun few = Planted(1e9, 2e10, 0.5);
  few.curve.steps = {500};
  few.curve.losses = {3};
  EXPECT_FALSE(ForecastFinalLoss(few, {}));
  EXPECT_TRUE(IsTooEarly(CurvedRun{.step_count = 1000}));
  EXPECT_FALSE(ForecastFinalLoss(CurvedRun{.parameter_count = 1e9, .token_count = 2e10, .step_count = 1000}, Finished(0))) << "no point";
  CurvedRun past = Planted(1e9, 2e10, 1);
  past.step_count = 900;
  EXPECT_FALSE(ForecastFinalLoss(past, Finished(0)));
  CurvedRun endless = Planted(1e9, 2e10, 1);
  endless.step_count = NAN;
  EXPECT_FALSE(ForecastFinalLoss(endless, Finished(0)));
}

TEST(ForecastEdgesTest, IdenticalFinishedRunsGiveNoFalseCertainty) {
  const std::vector<CurvedRun> same(12, Planted(3e8, 6e9, 1));
  const LossForecast forecast = *ForecastFinalLoss(Planted(1e9, 2e10, 0.5), same);
  EXPECT_TRUE(Holds(forecast, Planted(1e9, 2e10, 1).final_loss));
  EXPECT_GT(Width(forecast), 0.005);
}

TEST(ForecastEdgesTest, AreFiniteForRunsOfAnyLevel) {
  for (double factor : {1e-3, 0.5, 10.0, 1e3}) {
    CurvedRun run = Planted(1e9, 2e10, 0.5);
    for (double& loss : run.curve.losses) loss *= factor;
    const LossForecast forecast = *ForecastFinalLoss(run, Finished(0));
    EXPECT_TRUE(Holds(forecast, factor * run.final_loss)) << factor;
    EXPECT_TRUE(std::isfinite(forecast.interval().first) && std::isfinite(forecast.interval().second)) << factor;
  }
}

}  // namespace
}  // namespace isoflop
