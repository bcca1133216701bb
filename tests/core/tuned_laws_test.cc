#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/fit/best_of_cells.h"
#include "core/fit/fit.h"
#include "core/law/published.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

// A grid of learning rates in every cell of (N, D): the loss is least at eta = e^k0 N^k_N D^k_D, which is on the grid.
std::vector<Observation> SearchedCells() {
  std::vector<Observation> rows;
  for (double n : {1e8, 2e8, 5e8, 1e9}) {
    for (double ratio : {10.0, 30.0, 100.0}) {
      const double best = std::exp(2.1) * std::pow(n, -0.713) * std::pow(ratio * n, 0.307);
      for (int step = -2; step <= 2; ++step) {
        // Whole batches: tokens of one cell differ by less than 1 %.
        rows.push_back({.parameter_count = n, .token_count = ratio * n * (1 + 0.003 * (step + 2)), .loss_nats_per_token = 3 + 0.02 * step * step,
                        .learning_rate = best * std::exp2(step)});
      }
    }
  }
  return rows;
}

const Diagnostic* Find(const Fit& fit, std::string_view code) {
  const auto found = std::find_if(fit.diagnostics.begin(), fit.diagnostics.end(), [&](const Diagnostic& d) { return d.code == code; });
  return found == fit.diagnostics.end() ? nullptr : &*found;
}

TEST(SelectBestOfCellsTest, KeepsTheRowOfLeastLossOfEachCell) {
  const std::vector<Observation> best = SelectBestOfCells(SearchedCells());
  ASSERT_EQ(best.size(), 12u);
  for (const Observation& o : best) EXPECT_EQ(o.loss_nats_per_token, 3.0);
}

TEST(SelectBestOfCellsTest, TellsCellsApartPastTwoPerCent) {
  const Observation row{.parameter_count = 1e8, .token_count = 1e9, .loss_nats_per_token = 3.0, .learning_rate = 1e-3};
  Observation near = row, far = row;
  near.token_count = 1.019e9;
  far.token_count = 1.021e9;
  EXPECT_EQ(SelectBestOfCells({row, near}).size(), 1u);
  EXPECT_EQ(SelectBestOfCells({row, far}).size(), 2u);
}

TEST(SelectBestOfCellsTest, TakesRowsWithoutAnyLossForTheBest) {
  std::vector<Observation> rows = SearchedCells();
  for (Observation& o : rows) o.loss_nats_per_token.reset();
  EXPECT_EQ(SelectBestOfCells(rows).size(), rows.size());
}

TEST(SelectBestOfCellsTest, GroupsByComputeWhereSizesAreUnknown) {
  std::vector<Observation> rows;
  for (double loss : {3.1, 3.0, 3.2}) rows.push_back({.training_flops = 1e20, .loss_nats_per_token = loss, .learning_rate = 1e-3 * loss});
  const std::vector<Observation> best = SelectBestOfCells(rows);
  ASSERT_EQ(best.size(), 1u);
  EXPECT_EQ(best.front().loss_nats_per_token, 3.0);
}

TEST(LearningRateTest, IsFittedToTheBestOfEachCellAndSaysSo) {
  const auto fit = FitLaw(SearchedCells(), {.law = "learning_rate"});
  ASSERT_THAT(fit, IsOk());
  ASSERT_TRUE(fit->identified());
  EXPECT_EQ(fit->observation_count, 12);
  // The tokens of the best rows are 0.6 % off the formula's, which only moves k0.
  EXPECT_NEAR(*fit->parameters[0].value.estimate, 2.1 - 0.307 * std::log(1.006), 1e-6);
  EXPECT_NEAR(*fit->parameters[1].value.estimate, -0.713, 1e-7);
  EXPECT_NEAR(*fit->parameters[2].value.estimate, 0.307, 1e-7);
  ASSERT_NE(Find(*fit, "BEST_OF_CELLS"), nullptr);
  EXPECT_EQ(Find(*fit, "BEST_OF_CELLS")->evidence.at("row_count"), 60);
  EXPECT_FALSE(HasError(fit->diagnostics));
}

TEST(LearningRateTest, TakesItsFormInComputeWhereSizesAreUnknown) {
  std::vector<Observation> rates, batches;
  for (double c = 1e18; c < 1e22; c *= 3) {
    rates.push_back({.training_flops = c, .learning_rate = deepseek::kLearningRate(c)});
    batches.push_back({.training_flops = c, .batch_token_count = deepseek::kBatchTokenCount(c)});
  }
  const auto rate = FitLaw(rates, {.law = "learning_rate"});
  ASSERT_THAT(rate, IsOk());
  EXPECT_EQ(rate->law, "learning_rate_by_compute");
  EXPECT_NEAR(*rate->parameters[0].value.estimate, 0.3118, 1e-8);
  EXPECT_NEAR(*rate->parameters[1].value.estimate, 0.1250, 1e-9);
  const auto batch = FitLaw(batches, {.law = "batch_size"});
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->law, "batch_size_by_compute");
  EXPECT_NEAR(*batch->parameters[1].value.estimate, -0.3271, 1e-9);
  EXPECT_THAT(FitLaw({{.learning_rate = 1e-3}}, {.law = "learning_rate"}), StatusIs(absl::StatusCode::kInvalidArgument, "training_flops"));
}

TEST(KaplanNsTest, NamesTheCriticalBatchOfTheRuns) {
  // Losses of 3 at 4e5 tokens a batch and of 2.5 at 3e6: B_crit = 2e8 / L^(1 / 0.21) is 1.07e6 and 2.55e6.
  std::vector<Observation> rows;
  for (double n : {1e8, 3e8, 1e9, 3e9}) {
    for (int i = 0; i < 4; ++i) {
      const bool low = i % 2 == 1;
      rows.push_back({.parameter_count = n, .loss_nats_per_token = (low ? 2.5 : 3.0) * std::pow(n / 1e8, -1e-4) - 1e-3 * i,
                      .step_count = 1e4 * (1 + i), .batch_token_count = low ? 3e6 : 4e5});
    }
  }
  const auto fit = FitLaw(rows, {.law = "kaplan_ns"});
  ASSERT_THAT(fit, IsOk());
  ASSERT_TRUE(fit->identified());
  const Diagnostic* batch = Find(*fit, "CRITICAL_BATCH");
  ASSERT_NE(batch, nullptr);
  EXPECT_NEAR(batch->evidence.at("least_critical_batch_token_count"), 2e8 / std::pow(3.0, 1 / 0.21), 1e-3 * 1.07e6);
  EXPECT_NEAR(batch->evidence.at("greatest_critical_batch_token_count") / 2.55e6, 1, 0.01);
  EXPECT_EQ(batch->evidence.at("larger_batch_run_count"), 8);
}

TEST(PowerLawTest, NamesTheRegionsOfTheCurve) {
  // L = 1 + 100 / x^0.5: guessing ends at x = 100 for a guess of 11, the curve is flat from x = 810,000.
  std::vector<Observation> rows;
  for (double x = 20; x < 3e5; x *= 2) rows.push_back({.token_count = x, .loss_nats_per_token = 1 + 100 / std::sqrt(x)});
  const auto fit = FitLaw(rows, {.law = "power_law", .guess_loss = 11});
  ASSERT_THAT(fit, IsOk());
  const Diagnostic* region = Find(*fit, "CURVE_REGION");
  ASSERT_NE(region, nullptr);
  EXPECT_NEAR(region->evidence.at("power_law_from_x"), 100, 1e-4);
  EXPECT_NEAR(region->evidence.at("irreducible_from_x"), 810000, 1);
  EXPECT_EQ(region->message,
            "The runs go from x = 20 (small-data region) to 1.64e+05 (power-law region); ten times that lies in the irreducible region.");
  EXPECT_THAT(FitLaw(rows, {.law = "power_law", .guess_loss = -1}), StatusIs(absl::StatusCode::kInvalidArgument, "guess_loss"));
}

TEST(PowerLawTest, WithoutAnIrreducibleLossIsTheLogLogLine) {
  // Y = 3 X^0.7, which grows: a = -0.7.
  std::vector<Observation> rows;
  for (double x = 1; x < 1e6; x *= 3) rows.push_back({.parameter_count = x, .loss_nats_per_token = 3 * std::pow(x, 0.7)});
  const auto fit = FitLaw(rows, {.law = "power_law", .fixed = {{"c", 0}}});
  ASSERT_THAT(fit, IsOk());
  ASSERT_TRUE(fit->identified());
  EXPECT_NEAR(*fit->parameters[1].value.estimate, 3, 1e-8);
  EXPECT_NEAR(*fit->parameters[2].value.estimate, -0.7, 1e-9);
}

}  // namespace
}  // namespace isoflop
