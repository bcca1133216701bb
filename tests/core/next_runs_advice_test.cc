#include "core/advice/next_runs_advice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "core/quantity/training_flops.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;

Fit SubsetFit() { return FitLaw(LoadRuns("chinchilla_figure4_subset.csv"), {}).value(); }

TEST(AdviseNextRunsTest, SpendsASweepAndTestsTheLawOnTopOfIt) {
  const Fit fit = SubsetFit();
  const NextRunsAdvice advice = AdviseNextRuns(fit, {.target_flops = 1e23, .sweep_flops = 2e21}).value();
  ASSERT_TRUE(advice.plan.has_value());
  const NextRunsPlan& plan = *advice.plan;
  double spent = 0, cost = 0;
  for (const FittedRun& run : fit.runs) spent += *run.training_flops;
  EXPECT_NEAR(advice.spent_flops / spent, 1, 1e-9);
  ASSERT_GE(plan.runs.size(), 2);
  for (const NextRun& next : plan.runs) {
    if (next.purpose == RunPurpose::kInformation) cost += next.run.training_flops;
  }
  EXPECT_LE(cost, 2e21);
  EXPECT_NEAR(plan.training_flops / cost, 1, 1e-9);
  EXPECT_EQ(plan.runs.back().purpose, RunPurpose::kFrontier);
  EXPECT_LE(plan.runs.back().run.training_flops, 0.5 * (spent + cost));
  EXPECT_EQ(ReasonFor(plan.runs.back()), "tests the law at high compute");
  // Every selection narrows at least as much as any part of it: each run only adds information.
  ASSERT_EQ(advice.after_selection.size(), size_t{1} << plan.runs.size());
  const auto width = [](const TargetIntervals& intervals) { return std::log(intervals.loss_nats_per_token.second / intervals.loss_nats_per_token.first); };
  for (size_t selection = 0; selection < advice.after_selection.size(); ++selection) {
    for (size_t run = 0; run < plan.runs.size(); ++run) {
      EXPECT_LE(width(advice.after_selection[selection | size_t{1} << run]), width(advice.after_selection[selection]) * (1 + 1e-6));
    }
  }
  EXPECT_NEAR(width(advice.after_selection[0]), width(plan.before), 1e-9);
  const size_t counted = (size_t{1} << (plan.runs.size() - 1)) - 1;  // All but the test.
  EXPECT_NEAR(width(advice.after_selection[counted]), width(advice.after), 1e-9);
}

TEST(AdviseNextRunsTest, TakesTheUsersCandidatesOnlyAndTheUsualTarget) {
  const Fit fit = SubsetFit();
  const std::vector<CandidateRun> candidates = {{1e9, 2e10, 1.2e20, "a"}, {3e9, 3e10, 5.4e20, "b"}};
  const NextRunsAdvice advice = AdviseNextRuns(fit, {.candidates = candidates}).value();
  const NextRunsPlan& plan = advice.plan.value();
  EXPECT_NEAR(plan.target_flops / fit.region->training_flops->second, 10, 1e-8) << "the region is rounded";
  ASSERT_EQ(plan.runs.size(), 2);
  EXPECT_NE(plan.runs[0].run.name, plan.runs[1].run.name);
}

TEST(AdviseNextRunsTest, ProposesAFirstDesignBelowSevenRuns) {
  const std::vector<Observation> all = LoadRuns("chinchilla_figure4_subset.csv");
  const Fit six = FitLaw({all.begin(), all.begin() + 6}, {}).value(), seven = FitLaw({all.begin(), all.begin() + 7}, {}).value();
  const NextRunsAdvice thin = AdviseNextRuns(six, {}).value();
  EXPECT_FALSE(thin.plan.has_value());
  ASSERT_EQ(thin.first_runs.size(), 2) << "eight with those that are done";
  for (const CandidateRun& run : thin.first_runs) {
    EXPECT_LE(run.training_flops, six.region->training_flops->second);
    EXPECT_GE(run.training_flops, six.region->training_flops->second / 25) << "a tenth of a round step below it";
  }
  EXPECT_TRUE(AdviseNextRuns(seven, {}).value().plan.has_value());
}

// Runs at four sizes and four token counts, with losses by `loss` of their places in them.
template <typename Loss>
Fit GridFit(Loss loss) {
  std::vector<Observation> runs;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) {
      runs.push_back({.parameter_count = 1e7 * std::pow(2, i), .token_count = 1e9 * std::pow(2, j), .loss_nats_per_token = loss(i, j)});
    }
  }
  return FitLaw(runs, {}).value();
}

TEST(AdviseNextRunsTest, OffersNothingForASweepBelowEveryCandidate) {
  const NextRunsAdvice advice = AdviseNextRuns(SubsetFit(), {.sweep_flops = 1e3}).value();
  const NextRunsPlan& plan = advice.plan.value();
  EXPECT_TRUE(plan.runs.empty()) << "a test at the frontier alone is no sweep of 1e3";
  EXPECT_EQ(plan.training_flops, 0);
  EXPECT_EQ(advice.reach.value().dearest_flops, 0);
  EXPECT_EQ(advice.after.loss_nats_per_token, plan.before.loss_nats_per_token);
}

TEST(AdviseNextRunsTest, PlansTheOneRunOfAMenuOnce) {
  const std::vector<CandidateRun> menu = {{1e9, 2e10, 1.2e20, "only"}};
  for (const std::optional<double>& sweep : {std::optional<double>(), std::optional<double>(1e21)}) {
    const NextRunsPlan plan = AdviseNextRuns(SubsetFit(), {.sweep_flops = sweep, .candidates = menu}).value().plan.value();
    ASSERT_EQ(plan.runs.size(), 1u);
    EXPECT_EQ(plan.runs[0].run.name, "only");
  }
}

TEST(AdviseNextRunsTest, MakesNothingOfRunsThatTellOfNoBestSplit) {
  const Fit rising = GridFit([](int i, int j) { return 3 + 0.2 * i - 0.1 * j; }), flat = GridFit([](int, int) { return 3.0; });
  EXPECT_THAT(AdviseNextRuns(rising, {}), StatusIs(StatusCode::kFailedPrecondition, "best split"));
  EXPECT_EQ(AdviseNextRuns(flat, {}).value().reach.value().state, PrecisionState::kSplitUnknown);
}

TEST(AdviseNextRunsTest, PromisesNothingFarFromTheRuns) {
  const NextRunsAdvice far = AdviseNextRuns(SubsetFit(), {.target_flops = 1e26, .precision = 0.9}).value();
  EXPECT_EQ(far.reach.value().state, PrecisionState::kTooFar) << "100 times 1.3e22";
  EXPECT_EQ(AdviseNextRuns(SubsetFit(), {.target_flops = 1e24, .precision = 0.9}).value().reach.value().state, PrecisionState::kReached);
  EXPECT_THAT(AdviseNextRuns(SubsetFit(), {.precision = 1}), StatusIs(StatusCode::kInvalidArgument, "precision"));
}

TEST(AdviseNextRunsTest, SaysWhatItCannotPlanFrom) {
  Fit fit = SubsetFit();
  EXPECT_THAT(AdviseNextRuns(fit, {.run_count = 0}), StatusIs(StatusCode::kInvalidArgument, "run_count"));
  EXPECT_TRUE(AdviseNextRuns(fit, {.target_flops = 1e17}).ok()) << "below all runs";
  EXPECT_THAT(AdviseNextRuns(fit, {.target_flops = -1}), StatusIs(StatusCode::kInvalidArgument, "target_flops"));
  fit.runs.clear();
  EXPECT_THAT(AdviseNextRuns(fit, {}), StatusIs(StatusCode::kFailedPrecondition, "runs"));
  EXPECT_THAT(AdviseNextRuns(FitLaw(LoadRuns("chinchilla_figure4_subset.csv"), {.law = "kaplan_nd"}).value(), {}),
              StatusIs(StatusCode::kFailedPrecondition, "kaplan_nd"));
}

}  // namespace
}  // namespace isoflop
