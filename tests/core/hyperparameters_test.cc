#include "core/advice/hyperparameters.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/law/published.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;

double PlantedRate(double n, double d) { return std::exp(2.1) * std::pow(n, -0.713) * std::pow(d, 0.307); }

// In every cell of (N, D) a grid of learning rates a factor sqrt 2 apart, whose loss is 3 (1 + .002 (log2 of eta over its best)^2): within .25 % of the
// best from 2^-1 to 2^1, as .002 < .0025 < .002 1.5^2.
std::vector<Observation> SearchedCells() {
  std::vector<Observation> rows;
  for (double n : {1e8, 2e8, 5e8, 1e9}) {
    for (double ratio : {10.0, 30.0, 100.0}) {
      for (int step = -4; step <= 4; ++step) {
        const double off = step / 2.0;
        rows.push_back({.parameter_count = n, .token_count = ratio * n, .loss_nats_per_token = 3 * (1 + 0.002 * off * off),
                        .learning_rate = PlantedRate(n, ratio * n) * std::exp2(off)});
      }
    }
  }
  return rows;
}

TEST(AdviseHyperparameterTest, GivesThePlantedRateAndTheBandThatCostsAQuarterPercent) {
  const FitOptions options{.law = "learning_rate", .replica_count = 50};
  Fit fit = FitLaw(SearchedCells(), options).value();
  ASSERT_THAT(ComputeReplicas(SearchedCells(), options, nullptr, fit), IsOk());
  const auto advice = AdviseHyperparameter(fit, 3e9, 1e11);
  ASSERT_THAT(advice, IsOk());
  EXPECT_EQ(advice->quantity, Quantity::kLearningRate);
  EXPECT_NEAR(*advice->best.estimate / PlantedRate(3e9, 1e11), 1, 1e-6);
  EXPECT_NEAR(advice->near_optimal->first / PlantedRate(3e9, 1e11), 0.5, 1e-6);
  EXPECT_NEAR(advice->near_optimal->second / PlantedRate(3e9, 1e11), 2, 1e-6);
  EXPECT_LE(*advice->best.lower, *advice->best.estimate * (1 + 1e-9));
  EXPECT_GE(*advice->best.upper, *advice->best.estimate * (1 - 1e-9));
  EXPECT_NEAR(advice->extrapolation_factor, 3e9 * 1e11 / (1e9 * 1e11), 1e-9);
  EXPECT_EQ(fit.near_optimal->cell_count, 12);
}

TEST(AdviseHyperparameterTest, GivesDeepSeeksBatchWhereOnlyComputeIsKnown) {
  // Their table of used values: at C = 8.46e22, B 9.22e6 tokens by their own law.
  std::vector<Observation> rows;
  for (double c : {1e17, 3e17, 1e18, 1e19, 1e20, 1e22}) rows.push_back({.training_flops = c, .batch_token_count = deepseek::kBatchTokenCount(c)});
  const Fit fit = FitLaw(rows, {.law = "batch_size"}).value();
  const auto advice = AdviseHyperparameter(fit, 6.7e9, 8.46e22 / 6 / 6.7e9);
  ASSERT_THAT(advice, IsOk());
  EXPECT_NEAR(*advice->best.estimate, 9.22e6, 0.005e6);
  EXPECT_FALSE(advice->near_optimal) << "one row a cell shows no band";
}

TEST(AdviseHyperparameterTest, GivesNoPointTooFarOutAndNothingForALawOfTheLoss) {
  const Fit fit = FitLaw(SearchedCells(), {.law = "learning_rate"}).value();
  const auto far = AdviseHyperparameter(fit, 1e11, 1.01e11);
  EXPECT_FALSE(far->best.estimate || far->near_optimal);
  EXPECT_TRUE(AdviseHyperparameter(fit, 1e11, 0.99e11)->best.estimate);
  EXPECT_THAT(AdviseHyperparameter(fit, -1, 1e9), StatusIs(StatusCode::kInvalidArgument, "must be positive and finite, got -1"));
  EXPECT_THAT(AdviseHyperparameter(FitLaw({}, {}).value(), 1e9, 1e9), StatusIs(StatusCode::kFailedPrecondition, "no parameters"));
  Fit loss;
  loss.law = "chinchilla";
  loss.parameters.resize(5);
  EXPECT_THAT(AdviseHyperparameter(loss, 1e9, 1e9), StatusIs(StatusCode::kFailedPrecondition, "this one is of chinchilla"));
}

}  // namespace
}  // namespace isoflop
