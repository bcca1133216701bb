#include "core/advice/forecast_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "core/advice/calibration.h"
#include "core/law/additive_law.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/curves.h"

namespace isoflop {
namespace {

LossForecast Forecast() {
  return {.method = ForecastMethod::kResidualCarry, .log_loss = {1, 0.01}, .multiple = 2.2, .multiple_source = MultipleSource::kLeaveOneOut, .multiple_count = 40};
}

// z of .1, .2, ..., one run each.
std::vector<PastForecast> Record(int count, ForecastMethod method = ForecastMethod::kResidualCarry, double progress = 0.5) {
  std::vector<PastForecast> record;
  for (int i = 1; i <= count; ++i) record.push_back({absl::StrCat("run-", i), method, progress, 0.1 * i});
  return record;
}

TEST(ReachByRecordTest, TakesOverFromNineteenRunsOn) {
  LossForecast forecast = Forecast();
  ReachByRecord(Record(18), 0.5, forecast);
  EXPECT_EQ(forecast.multiple, 2.2);
  EXPECT_EQ(forecast.multiple_source, MultipleSource::kLeaveOneOut);
  ReachByRecord(Record(19), 0.5, forecast);
  EXPECT_DOUBLE_EQ(forecast.multiple, 1.9) << "ceil(.95 * 20) = 19, the greatest";
  EXPECT_EQ(forecast.multiple_source, MultipleSource::kRecord);
  EXPECT_EQ(forecast.multiple_count, 19);
  LossForecast at_90 = Forecast();
  ReachByRecord(Record(9), 0.5, at_90, 0.9);
  EXPECT_DOUBLE_EQ(at_90.multiple, 1) << "ceil(.9 * 10) = 9, of .9, but never under one deviation";
}

TEST(ReachByRecordTest, CountsComparableForecastsOnlyAndOneOfARun) {
  for (const auto& record : {Record(40, ForecastMethod::kTemplate), Record(40, ForecastMethod::kResidualCarry, 0.2)}) {
    LossForecast forecast = Forecast();
    ReachByRecord(record, 0.5, forecast);
    EXPECT_EQ(forecast.multiple, 2.2);
  }
  // Each run a second time, farther off in progress, and wildly wrong.
  std::vector<PastForecast> record = Record(19);
  for (int i = 0; i < 19; ++i) record.push_back({record[i].run_id, ForecastMethod::kResidualCarry, 0.4, 50});
  LossForecast forecast = Forecast();
  ReachByRecord(record, 0.5, forecast);
  EXPECT_DOUBLE_EQ(forecast.multiple, 1.9);
  EXPECT_EQ(forecast.multiple_count, 19);
  record[3].absolute_z = NAN;  // Its other forecast stands in.
  ReachByRecord(record, 0.5, forecast);
  EXPECT_DOUBLE_EQ(forecast.multiple, 50);
}

// A run off the law by `shift` at its end, of which half shows from the start; a plain power law in between, points with .1 % of noise.
NamedRun PlantedRun(double n, double d, double loss, double shift, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  NamedRun run{absl::StrCat(n, "-", d), {.parameter_count = n, .token_count = d, .step_count = 1000, .final_loss = loss * std::exp(shift)}};
  const double early = 0.5 * shift + 0.002 * normal(random);
  for (int i = 1; i <= 200; ++i) {
    const double f = i / 200.0;
    run.run.curve.steps.push_back(f * run.run.step_count);
    run.run.curve.losses.push_back(loss * (1 + 0.1 * (std::pow(f, -0.5) - 1)) * std::exp((1 - f) * early + f * shift + 0.001 * normal(random)));
  }
  return run;
}

// Runs of 1e17 to 1e22 FLOPs, each `drift` of ln L better than the one before it: what has been learnt meanwhile, and no law in (N, D) knows.
std::vector<NamedRun> Study(int count, double drift) {
  const AdditiveLaw law = {1.69, 406.4, 410.7, 0.34, 0.28};
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> even(-1, 1);
  std::normal_distribution<double> normal;
  std::vector<NamedRun> runs;
  for (int i = 0; i < count; ++i) {
    const double budget = std::pow(10, 19.5 + 2.5 * even(random)), n = 0.1 * std::sqrt(budget) * std::pow(3, even(random)), d = TokenCountForBudget(budget, n);
    runs.push_back(PlantedRun(n, d, PredictLoss(law, n, d), 0.004 * normal(random) - drift * i, random));
  }
  return runs;
}

// The shares of truths held, from the fortieth run on: each forecast from half of its way and the runs before it.
struct Shares {
  double left_out = 0, record = 0;
};
Shares Replay(const std::vector<NamedRun>& runs, double level) {
  Shares shares;
  std::vector<CurvedRun> finished;
  std::vector<PastForecast> record;
  for (size_t i = 0; i < runs.size(); ++i) {
    std::optional<LossForecast> forecast = ForecastFinalLoss(At(runs[i].run, 0.5), finished, level);
    const auto scored = [&] { return ScoredForecast{forecast->log_loss, forecast->multiple, runs[i].run.final_loss}; };
    const double share = 1 / static_cast<double>(runs.size() - 40);
    if (forecast) {
      if (i >= 40) shares.left_out += share * scored().held();
      ReachByRecord(record, 0.5, *forecast, level);
      if (i >= 40) shares.record += share * scored().held();
      record.push_back({runs[i].name, forecast->method, 0.5, std::abs(scored().z())});
    }
    finished.push_back(runs[i].run);
  }
  return shares;
}

TEST(ReachByRecordTest, HoldsTheTruthsOfAReplay) {
  for (double level : {0.9, 0.95}) {
    const double three_deviations = 3 * std::sqrt(level * (1 - level) / 120);
    const Shares still = Replay(Study(160, 0), level), moving = Replay(Study(160, 3e-4), level);
    EXPECT_NEAR(still.record, level, three_deviations);
    EXPECT_NEAR(moving.record, level, three_deviations);
    // Of runs left out one by one as many lie above as below what the others say; the next one always lies below.
    EXPECT_LT(moving.left_out, moving.record);
  }
}

}  // namespace
}  // namespace isoflop
