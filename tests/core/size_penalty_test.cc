#include "core/advice/size_penalty.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/quantity/training_flops.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

Fit SubsetFit(int replica_count) {
  const auto runs = LoadRuns("chinchilla_figure4_subset.csv");
  const FitOptions options{.replica_count = replica_count};
  Fit fit = FitLaw(runs, options).value();
  EXPECT_THAT(ComputeReplicas(runs, options, nullptr, fit), IsOk());
  return fit;
}

double ParameterOf(const Fit& fit, const std::string& symbol) {
  for (const FittedParameter& parameter : fit.parameters) {
    if (parameter.symbol == symbol) return *parameter.value.estimate;
  }
  ADD_FAILURE() << symbol;
  return NAN;
}

TEST(CompareSizesTest, PenaltyIsTheClosedFormOfTheTwoTerms) {
  // N = k N*: A N*^-alpha (k^-alpha - 1) + B D*^-beta (k^beta - 1).
  const Fit fit = SubsetFit(0);
  const auto sizes = CompareSizes(fit, 1e23);
  ASSERT_THAT(sizes, IsOk());
  const double n = *sizes->best.parameter_count.estimate, d = TokenCountForBudget(1e23, n);
  const double alpha = ParameterOf(fit, "alpha"), beta = ParameterOf(fit, "beta");
  const auto closed_form = [&](double k) {
    return ParameterOf(fit, "A") * std::pow(n, -alpha) * (std::pow(k, -alpha) - 1) +
           ParameterOf(fit, "B") * std::pow(d, -beta) * (std::pow(k, beta) - 1);
  };
  ASSERT_EQ(sizes->sizes.size(), 4);
  for (const OtherSize& size : sizes->sizes) {
    EXPECT_NEAR(*size.penalty_nats_per_token.estimate, closed_form(size.size_ratio), 1e-9);
    EXPECT_NEAR(TrainingFlops(size.parameter_count, size.token_count), 1e23, 1e14);
    EXPECT_EQ(size.within_noise, closed_form(size.size_ratio) <= sizes->noise_nats_per_token);
  }
  for (const SizePenalty& point : sizes->valley) {
    EXPECT_NEAR(*point.penalty_nats_per_token.estimate, closed_form(point.parameter_count / n), 1e-9);
  }
}

TEST(CompareSizesTest, TheBestSizeGivesUpNothingAndTheEndsOfTheAsGoodSizesGiveUpTheNoise) {
  const auto sizes = CompareSizes(SubsetFit(0), 1e21);
  ASSERT_THAT(sizes, IsOk());
  EXPECT_EQ(*sizes->sizes[2].penalty_nats_per_token.estimate, 0);
  const auto& as_good = *sizes->best.as_good_parameter_count;
  EXPECT_LT(sizes->valley.front().parameter_count, as_good.first);
  EXPECT_GT(sizes->valley.back().parameter_count, as_good.second);
  for (const SizePenalty& point : sizes->valley) {
    const bool inside = point.parameter_count >= as_good.first && point.parameter_count <= as_good.second;
    EXPECT_EQ(*point.penalty_nats_per_token.estimate <= sizes->noise_nats_per_token, inside) << point.parameter_count;
  }
}

TEST(CompareSizesTest, SizesAreAsGoodUpToTheToleranceThatIsSet) {
  Fit fit = SubsetFit(0);
  const OtherSizes by_noise = CompareSizes(fit, 1e21).value();
  EXPECT_EQ(by_noise.tolerance_nats_per_token, by_noise.noise_nats_per_token);
  for (double tolerance : {0.001, 0.03}) {  // Half the best size loses 1.2 %.
    fit.as_good_tolerance = tolerance;
    const OtherSizes sizes = CompareSizes(fit, 1e21).value();
    EXPECT_NEAR(sizes.tolerance_nats_per_token, tolerance * *sizes.best.loss_nats_per_token.estimate, 1e-9);
    EXPECT_EQ(sizes.sizes[1].as_good, tolerance == 0.03);
    EXPECT_TRUE(sizes.sizes[2].as_good) << "the best itself";
    for (size_t i = 0; i < sizes.sizes.size(); ++i) EXPECT_EQ(sizes.sizes[i].within_noise, by_noise.sizes[i].within_noise);
  }
}

TEST(CompareSizesTest, TheBandClosesAtTheBestSizeAndHoldsTheEstimate) {
  const auto sizes = CompareSizes(SubsetFit(100), 1e22);
  ASSERT_THAT(sizes, IsOk());
  EXPECT_EQ(*sizes->sizes[2].penalty_nats_per_token.lower, 0);
  EXPECT_EQ(*sizes->sizes[2].penalty_nats_per_token.upper, 0);
  for (const SizePenalty& point : sizes->valley) {
    EXPECT_LE(*point.penalty_nats_per_token.lower, *point.penalty_nats_per_token.estimate);
    EXPECT_GE(*point.penalty_nats_per_token.upper, *point.penalty_nats_per_token.estimate);
  }
}

TEST(CompareSizesTest, GivesNoSizesWhereTheBudgetIsTooFarToAdviseOne) {
  const Fit fit = SubsetFit(0);
  const double largest = fit.region->training_flops->second;
  EXPECT_FALSE(CompareSizes(fit, 99 * largest)->valley.empty());
  const auto too_far = CompareSizes(fit, 101 * largest);
  ASSERT_THAT(too_far, IsOk());
  EXPECT_TRUE(too_far->valley.empty());
  EXPECT_TRUE(too_far->sizes.empty());
  EXPECT_THAT(CompareSizes(fit, -1), StatusIs(absl::StatusCode::kInvalidArgument, "budget_flops"));
}

}  // namespace
}  // namespace isoflop
