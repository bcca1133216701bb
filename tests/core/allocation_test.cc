#include "core/advice/allocation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/advice/predictive_interval.h"
#include "core/fit/isoflop.h"
#include "core/fit/percentile.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;

Fit SubsetFit(int replica_count) {
  const auto runs = LoadRuns("chinchilla_figure4_subset.csv");
  const FitOptions options{.replica_count = replica_count};
  Fit fit = FitLaw(runs, options).value();
  EXPECT_THAT(ComputeReplicas(runs, options, nullptr, fit), IsOk());
  return fit;
}

TEST(AdviseAllocationTest, ReachesTheSubsetLawsKnownOptimumAtGophersBudget) {
  // 64.81 B on 1.481 T, computed elsewhere from the published fit of these runs.
  const auto advice = AdviseAllocation(SubsetFit(0), 5.76e23);
  ASSERT_THAT(advice, IsOk());
  EXPECT_NEAR(*advice->parameter_count.estimate, 64.81e9, 0.01e9);
  EXPECT_NEAR(*advice->token_count.estimate, 1.481e12, 0.001e12);
}

TEST(AdviseAllocationTest, SizesAsGoodLoseExactlyTheRunNoise) {
  const Fit fit = SubsetFit(0);
  const auto advice = AdviseAllocation(fit, 1e21);
  ASSERT_THAT(advice, IsOk());
  for (double n : {advice->as_good_parameter_count->first, advice->as_good_parameter_count->second}) {
    const double loss = PredictLoss(fit, n, TokenCountForBudget(1e21, n)).value();
    EXPECT_NEAR(std::log(loss / *advice->loss_nats_per_token.estimate), *fit.log_loss_standard_deviation, 1e-8);
  }
  EXPECT_LT(advice->as_good_parameter_count->first, *advice->parameter_count.estimate);
  EXPECT_GT(advice->as_good_parameter_count->second, *advice->parameter_count.estimate);
}

TEST(AdviseAllocationTest, SizesAsGoodLoseExactlyTheToleranceThatIsSet) {
  Fit fit = SubsetFit(0);
  EXPECT_NEAR(AdviseAllocation(fit, 1e21)->tolerance->loss_share, std::expm1(*fit.log_loss_standard_deviation), 1e-9) << "run noise";
  EXPECT_FALSE(AdviseAllocation(fit, 1e21)->tolerance->is_set);
  fit.as_good_tolerance = 0.01;
  const Advice advice = AdviseAllocation(fit, 1e21).value();
  EXPECT_NEAR(advice.tolerance->loss_share, 0.01, 1e-12);
  EXPECT_TRUE(advice.tolerance->is_set);
  for (double n : {advice.as_good_parameter_count->first, advice.as_good_parameter_count->second}) {
    EXPECT_NEAR(PredictLoss(fit, n, TokenCountForBudget(1e21, n)).value() / *advice.loss_nats_per_token.estimate, 1.01, 1e-8);
  }
}

TEST(CheckToleranceTest, TakesSharesUpToATenthAndNamesTheRule) {
  EXPECT_THAT(CheckTolerance(0.1), IsOk());
  for (double bad : {0.0, -0.01, 0.1001, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(CheckTolerance(bad), StatusIs(StatusCode::kInvalidArgument, "tolerance must be a share of the loss in (0, 0.1], got"));
  }
}

TEST(AdviseAllocationTest, EveryEstimateLiesWithinItsInterval) {
  const Fit fit = SubsetFit(200);
  for (double budget : {1e18, 1e21, 1e23}) {
    const auto advice = AdviseAllocation(fit, budget);
    ASSERT_THAT(advice, IsOk());
    for (const Interval* interval : {&advice->parameter_count, &advice->token_count, &advice->loss_nats_per_token}) {
      EXPECT_LT(*interval->lower, *interval->estimate);
      EXPECT_GT(*interval->upper, *interval->estimate);
    }
  }
}

TEST(AdviseAllocationTest, WarnsPastTenTimesTheLargestRunAndGivesOnlyTheBandPastAHundred) {
  const Fit fit = SubsetFit(50);
  const double largest = fit.region->training_flops->second;
  const auto extrapolation = [](const Advice& advice) -> const Diagnostic* {
    for (const Diagnostic& d : advice.diagnostics) {
      if (d.code == "EXTRAPOLATION") return &d;
    }
    return nullptr;
  };
  EXPECT_EQ(extrapolation(*AdviseAllocation(fit, 9.99 * largest)), nullptr);
  const auto far = AdviseAllocation(fit, 10.01 * largest);
  ASSERT_NE(extrapolation(*far), nullptr);
  EXPECT_EQ(extrapolation(*far)->severity, Severity::kWarning);
  EXPECT_TRUE(far->parameter_count.estimate.has_value());
  const auto too_far = AdviseAllocation(fit, 100.01 * largest);
  EXPECT_EQ(extrapolation(*too_far)->severity, Severity::kError);
  EXPECT_FALSE(too_far->parameter_count.estimate.has_value());
  EXPECT_FALSE(too_far->loss_nats_per_token.estimate.has_value());
  EXPECT_TRUE(too_far->parameter_count.lower.has_value());
  EXPECT_TRUE(too_far->loss_nats_per_token.upper.has_value());
}

TEST(AdviseAllocationTest, WarnsBelowATenthOfTheSmallestRun) {
  const Fit fit = SubsetFit(0);
  const double smallest = fit.region->training_flops->first;
  const auto below = [&](double factor) {
    const auto advice = AdviseAllocation(fit, factor * smallest);
    return std::count_if(advice->diagnostics.begin(), advice->diagnostics.end(), [](const Diagnostic& d) { return d.code == "BELOW_RUNS"; });
  };
  EXPECT_EQ(below(0.101), 0);
  EXPECT_EQ(below(0.099), 1);
}

TEST(AdviseAllocationTest, SaysPastTheRunsWhatTrustingLargeRunsMoreChanges) {
  // Found beforehand by another program, with Huber delta 5e-3 and a weak prior: at ten times the largest run -2.1 % of the loss, .40 of the size.
  const Fit fit = SubsetFit(400);
  const double largest = fit.region->training_flops->second;
  const Advice advice = AdviseAllocation(fit, 10 * largest).value();
  ASSERT_TRUE(advice.drift_weighted.has_value());
  const DriftWeightedAnswer& weighted = *advice.drift_weighted;
  EXPECT_NEAR(std::log(*weighted.loss_nats_per_token.estimate / *advice.loss_nats_per_token.estimate), -0.021, 0.005);
  EXPECT_NEAR(std::log(*weighted.parameter_count.estimate / *advice.parameter_count.estimate), std::log(0.40), 0.1);
  EXPECT_NEAR(TrainingFlops(*weighted.parameter_count.estimate, *weighted.token_count.estimate) / (10 * largest), 1, 1e-8);
  EXPECT_LT(*weighted.loss_nats_per_token.lower, *weighted.loss_nats_per_token.estimate);
  EXPECT_LT(weighted.weight_sum, 234);
  EXPECT_FALSE(AdviseAllocation(fit, 0.99 * largest).value().drift_weighted.has_value());
  EXPECT_FALSE(AdviseAllocation(fit, 101 * largest).value().drift_weighted->parameter_count.estimate.has_value()) << "the band only";
}

TEST(AdviseAllocationTest, RefusesBadBudgetsAndFitsWithoutALaw) {
  const Fit fit = SubsetFit(0);
  for (double bad : {0.0, -1e21, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
    EXPECT_THAT(AdviseAllocation(fit, bad), StatusIs(StatusCode::kInvalidArgument, "budget_flops must be positive and finite"));
  }
  EXPECT_THAT(AdviseAllocation(FitLaw({}, {}).value(), 1e21), StatusIs(StatusCode::kFailedPrecondition, "no parameters"));
}

TEST(ComputeFrontierTest, EqualsTheAdviceAtEachBudget) {
  const Fit fit = SubsetFit(100);
  const auto frontier = ComputeFrontier(fit, {1e20, 1e21});
  ASSERT_THAT(frontier, IsOk());
  const auto advice = AdviseAllocation(fit, 1e21);
  EXPECT_EQ((*frontier)[1].loss_nats_per_token.lower, advice->loss_nats_per_token.lower);
  EXPECT_EQ((*frontier)[1].loss_nats_per_token.estimate, advice->loss_nats_per_token.estimate);
  EXPECT_EQ((*frontier)[1].parameter_count.upper, advice->parameter_count.upper);
}

TEST(ComputeContourTest, EveryPointHasTheLossOfItsLine) {
  const Fit fit = SubsetFit(0);
  const auto contour = ComputeContour(fit, 2.5, {1e6, 1e8, 1e9, 1e10}, {1e8, 1e13});
  ASSERT_THAT(contour, IsOk());
  EXPECT_EQ(contour->points.size(), 2u) << "1e6 and 1e8 parameters cannot reach 2.5";
  for (const auto& [n, d] : contour->points) EXPECT_NEAR(PredictLoss(fit, n, d).value(), 2.5, 1e-7);
}

TEST(NewRunIntervalTest, IsTheNormalIntervalWhereAllReplicasAgree) {
  const auto [lower, upper] = NewRunInterval({2, 2, 2}, 0.01);
  EXPECT_NEAR(std::log(lower / 2), -1.959963985 * 0.01, 1e-11);
  EXPECT_NEAR(std::log(upper / 2), 1.959963985 * 0.01, 1e-11);
}

TEST(NewRunIntervalTest, MatchesSamplesOfTheMixture) {
  std::mt19937 random(5);
  std::normal_distribution<double> centre(0, 0.02), noise(0, 0.01);
  std::vector<double> replicas, samples;
  for (int i = 0; i < 1000; ++i) replicas.push_back(2 * std::exp(centre(random)));
  for (int k = 0; k < 200; ++k) {
    for (double replica : replicas) samples.push_back(replica * std::exp(noise(random)));
  }
  const auto [lower, upper] = NewRunInterval(replicas, 0.01);
  const auto [sampled_lower, sampled_upper] = CentralInterval(samples);
  EXPECT_NEAR(lower, sampled_lower, 2e-3);
  EXPECT_NEAR(upper, sampled_upper, 2e-3);
}

TEST(CentralIntervalTest, InterpolatesBetweenOrderStatistics) {
  // 0, 1, ..., 100: the type-7 quantile of fraction f is 100 f.
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) values.push_back(i);
  EXPECT_EQ(CentralInterval(values), std::pair(2.5, 97.5));
  EXPECT_EQ(Quantile({3}, 0.975), 3);
}

TEST(AdviseAllocationTest, GivesSizeAndTokensWithoutALaw) {
  // Hoffmann et al.'s second approach on the runs of their figure 4: 63 B at Gopher's budget (context: the paper's own table 3).
  const Fit fit = FitIsoflop(LoadRuns("chinchilla_figure4_subset.csv"), {.replica_count = 200}).value();
  const auto advice = AdviseAllocation(fit, 5.76e23);
  ASSERT_THAT(advice, IsOk());
  EXPECT_NEAR(*advice->parameter_count.estimate, 63e9, 10e9);
  EXPECT_LT(*advice->parameter_count.lower, *advice->parameter_count.estimate);
  EXPECT_GT(*advice->token_count.upper, *advice->token_count.estimate);
  EXPECT_FALSE(advice->loss_nats_per_token.estimate || advice->loss_nats_per_token.lower || advice->as_good_parameter_count);
  // Past 100 times the largest run: the band only.
  const auto far = AdviseAllocation(fit, 1.3e24);
  ASSERT_THAT(far, IsOk());
  EXPECT_FALSE(far->parameter_count.estimate || far->tokens_per_parameter);
  EXPECT_TRUE(far->parameter_count.lower && far->parameter_count.upper);
  EXPECT_TRUE(AdviseAllocation(fit, 1.29e24)->parameter_count.estimate.has_value());
}

TEST(AdviseAllocationTest, SaysWhyAFitWithoutALineGivesNothing) {
  std::vector<Observation> runs = LoadRuns("chinchilla_figure4_subset.csv");
  runs.resize(5);
  const Fit fit = FitIsoflop(runs, {}).value();
  EXPECT_THAT(AdviseAllocation(fit, 1e21).status(), StatusIs(StatusCode::kFailedPrecondition, "no allocation: 0 usable budgets"));
}

}  // namespace
}  // namespace isoflop
