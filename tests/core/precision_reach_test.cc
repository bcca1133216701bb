#include "core/advice/precision_reach.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/quantity/training_flops.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;

constexpr AdditiveLaw kPlanted = {1.783894, 442.1656, 1271.806, 0.342626, 0.342002};  // Of Hoffmann et al.'s runs.
constexpr double kTarget = 1e23, kNormal95 = 1.959963984540054;

// Nine sizes around the best one at each of the budgets 1e17, 10^17.5, ... up to `most`, with noise in ln L.
std::vector<Observation> IsoflopRuns(double noise, double most) {
  std::mt19937 random(1);
  std::vector<Observation> runs;
  for (double budget = 1e17; budget <= most * 1.001; budget *= std::sqrt(10)) {
    const double best = ComputeOptimalSplit(ComputeAllocationExponents(kPlanted), budget).parameter_count;
    for (int j = -4; j <= 4; ++j) {
      const double n = best * std::pow(2, j / 2.0), d = TokenCountForBudget(budget, n);
      const double loss = PredictLoss(kPlanted, n, d) * std::exp(noise * std::normal_distribution<double>()(random));
      runs.push_back({.parameter_count = n, .token_count = d, .loss_nats_per_token = loss});
    }
  }
  return runs;
}

struct Study {
  std::vector<Observation> runs;
  DesignFit fit;
  std::vector<CandidateRun> candidates;
};

Study StudyOf(double noise) {
  Study study{.runs = IsoflopRuns(noise, 1e18)};
  study.fit = FitForDesign("chinchilla", study.runs).value();
  study.candidates = CandidateGrid(study.fit, study.runs, 1e21);
  return study;
}

PrecisionReach Reach(const Study& study, double wanted, double budget) {
  return ReachPrecision(study.fit, study.candidates, {.target_flops = kTarget, .wanted = wanted, .budget_flops = budget}).value();
}

// What is left of the half interval after those runs.
double After(const DesignFit& fit, const std::vector<CandidateRun>& runs) {
  FreeMatrix covariance = fit.covariance;
  for (const CandidateRun& run : runs) {
    covariance = CovarianceWithRun(covariance, fit.LossGradient(run.parameter_count, run.token_count), fit.log_loss_variance);
  }
  return kNormal95 * DesignTarget::At(fit, kTarget)->LogLossDeviation(covariance);
}

TEST(ReachPrecisionTest, SaysThatTwoPercentOfNoiseIsTooMuch) {
  // At 2 % of noise no policy of the pool test (tests/bench/advice) comes to a median error of 1 %, for which normal errors have a half interval of
  // 1.96 / .674 = 2.9 %, before 6e21 FLOPs; at .4 % good ones need 4e19.
  constexpr double kWanted = 0.029;
  const PrecisionReach noisy = Reach(StudyOf(0.02), kWanted, 1e21), quiet = Reach(StudyOf(0.004), kWanted, 1e20);
  EXPECT_EQ(noisy.state, PrecisionState::kNoiseLimited);
  EXPECT_NEAR(noisy.log_loss_noise, 0.02, 0.005);
  EXPECT_GT(noisy.best, kWanted);
  EXPECT_LT(noisy.best, noisy.now);
  EXPECT_GT(*noisy.needed_flops, 1e21);
  EXPECT_LT(*noisy.enough_noise, noisy.log_loss_noise);
  EXPECT_EQ(quiet.state, PrecisionState::kWithinBudget);
  EXPECT_FALSE(quiet.needed_flops.has_value());
  EXPECT_EQ(Reach(StudyOf(0.004), 0.5, 1e21).state, PrecisionState::kReached);
}

TEST(ReachPrecisionTest, IsNeverSurpassedByAnyChoiceOfRuns) {
  const Study study = StudyOf(0.02);
  std::mt19937 random(7);
  for (double budget : {1e19, 1e20, 1e21}) {
    const double best = Reach(study, 1e-4, budget).best;
    // A planned sweep comes near.
    const NextRunsPlan plan = PlanNextRuns(study.fit, study.candidates,
                                           {.target_flops = kTarget, .spent_flops = budget, .sweep_flops = budget, .run_count = 100}).value();
    std::vector<CandidateRun> planned;
    for (const NextRun& next : plan.runs) planned.push_back(next.run);
    EXPECT_GE(After(study.fit, planned), best * (1 - 1e-9));
    EXPECT_LE(After(study.fit, planned), best * 1.5);
    for (int trial = 0; trial < 200; ++trial) {
      std::vector<CandidateRun> shuffled = study.candidates, chosen;
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      double left = budget;
      for (const CandidateRun& run : shuffled) {
        if (run.training_flops > left) continue;
        left -= run.training_flops;
        chosen.push_back(run);
      }
      EXPECT_GE(After(study.fit, chosen), best * (1 - 1e-9));
    }
  }
}

TEST(ReachPrecisionTest, OfOneCandidateIsWhatThatOneTells) {
  Study study = StudyOf(0.02);
  study.candidates = {{1e9, 2e10, 1.2e20, ""}};
  const PrecisionReach reach = Reach(study, 1e-4, 6e20);
  EXPECT_NEAR(reach.best, After(study.fit, study.candidates), 1e-6);
  EXPECT_EQ(reach.state, PrecisionState::kBudgetLimited) << "one kind of run does not tell five parameters";
  EXPECT_EQ(reach.dearest_flops, 1.2e20);
}

TEST(ReachPrecisionTest, IsMetByAsManyRepeatsAsItAsksFor) {
  Study study = StudyOf(0.02);
  const PrecisionReach reach = Reach(study, 0.012, 2e22);  // Enough for the whole menu.
  ASSERT_EQ(reach.state, PrecisionState::kNoiseLimited);
  double menu = 0;
  for (const CandidateRun& run : study.candidates) menu += run.training_flops;
  ASSERT_LT(menu, 2e22);
  DesignFit quiet = study.fit;
  quiet.log_loss_variance = std::pow(*reach.enough_noise, 2);
  EXPECT_NEAR(After(quiet, study.candidates), 0.012, 1e-5);
  EXPECT_NEAR(*reach.enough_noise * std::sqrt(*reach.needed_flops / 2e22), reach.log_loss_noise, 1e-9);
}

TEST(ReachPrecisionTest, DoesNotPromiseWhatADriftingLawBelies) {
  const Study study = StudyOf(0.004);
  const auto state = [&](double wanted, double drift) { return ReachPrecision(study.fit, study.candidates, {.target_flops = kTarget, .wanted = wanted, .budget_flops = 1e20, .drift = drift})->state; };
  const double now = Reach(study, 0.5, 1e20).now;
  EXPECT_EQ(state(1.1 * now, -1.2 * now), PrecisionState::kDrifting);
  EXPECT_EQ(state(1.1 * now, 1.05 * now), PrecisionState::kReached) << "no more than is wanted";
  EXPECT_EQ(state(0.9 * now, 0.95 * now), PrecisionState::kWithinBudget) << "within the law's own interval";
  EXPECT_EQ(state(1e-3, -1.2 * now), PrecisionState::kNoiseLimited) << "which comes first";
}

TEST(ReachPrecisionTest, PromisesNothingWhereTheSplitIsUnknown) {
  // Twenty tokens a parameter throughout: the loss along that line is known well, but not which other line is better.
  std::vector<Observation> runs;
  for (double n = 1e7; n < 1e11; n *= 2) {
    runs.push_back({.parameter_count = n, .token_count = 20 * n, .loss_nats_per_token = PredictLoss(kPlanted, n, 20 * n)});
  }
  const DesignFit fit = FitForDesign("chinchilla", runs).value();
  const PrecisionReach reach = ReachPrecision(fit, {{1e9, 2e10, 1.2e20, ""}}, {.target_flops = kTarget, .wanted = 0.1, .budget_flops = 1e21}).value();
  EXPECT_LT(reach.now, 0.1);
  EXPECT_GT(reach.size_factor, 100);
  EXPECT_EQ(reach.state, PrecisionState::kSplitUnknown);
}

TEST(ReachPrecisionTest, PromisesNothingFarFromTheRuns) {
  const Study study = StudyOf(0.004);
  const auto state = [&](double target, double cheapest, double dearest) {
    return ReachPrecision(study.fit, study.candidates,
                          {.target_flops = target, .wanted = 0.5, .budget_flops = 1e20, .runs_flops = {cheapest, dearest}})->state;
  };
  EXPECT_EQ(state(1e23, 1e17, 1.01e21), PrecisionState::kReached);
  EXPECT_EQ(state(1e23, 1e17, 0.99e21), PrecisionState::kTooFar);
  EXPECT_EQ(state(1e16, 0.99e18, 1e21), PrecisionState::kReached);
  EXPECT_EQ(state(1e16, 1.01e18, 1e21), PrecisionState::kTooFar);
}

TEST(ReachPrecisionTest, SaysThatABudgetBuysNothing) {
  const PrecisionReach reach = Reach(StudyOf(0.02), 0.01, 1e15);
  EXPECT_EQ(reach.state, PrecisionState::kBudgetLimited);
  EXPECT_EQ(reach.dearest_flops, 0);
  EXPECT_EQ(reach.best, reach.now);
  EXPECT_THAT(ReachPrecision(StudyOf(0.02).fit, {}, {.target_flops = kTarget, .budget_flops = -1}), StatusIs(StatusCode::kInvalidArgument, "budget_flops"));
  EXPECT_THAT(ReachPrecision(StudyOf(0.02).fit, {}, {.target_flops = kTarget, .wanted = NAN, .budget_flops = 1e20}), StatusIs(StatusCode::kInvalidArgument, "precision"));
}

}  // namespace
}  // namespace isoflop
