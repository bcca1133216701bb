#include "core/advice/next_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "core/fit/percentile.h"
#include "core/law/registry.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;

const AdditiveLaw kPlanted = {1.69, 406.4, 410.7, 0.34, 0.28};
const std::vector<double> kSizes = {3e7, 1e8, 3e8, 1e9, 3e9}, kRatios = {3, 10, 30, 100};

std::vector<Observation> NoisyRuns(double noise) {
  std::vector<Observation> runs = PlantedRuns(kPlanted, kSizes, kRatios);
  std::mt19937 random(1);
  for (Observation& run : runs) *run.loss_nats_per_token *= std::exp(noise * std::normal_distribution<double>()(random));
  return runs;
}

// By central differences of the predictions themselves.
FreeVector NumericGradient(const DesignFit& fit, double n, double d) {
  constexpr double kStep = 1e-6;
  FreeVector gradient(static_cast<Eigen::Index>(fit.free.size()));
  for (size_t a = 0; a < fit.free.size(); ++a) {
    DesignFit above = fit, below = fit;
    above.theta[fit.free[a]] += kStep;
    below.theta[fit.free[a]] -= kStep;
    gradient[static_cast<Eigen::Index>(a)] = (above.PredictLogLoss(n, d) - below.PredictLogLoss(n, d)) / (2 * kStep);
  }
  return gradient;
}

// M once these runs are done, by inversion of the information.
Eigen::MatrixXd InvertedWithRuns(const DesignFit& fit, const std::vector<CandidateRun>& runs) {
  Eigen::MatrixXd information = Eigen::MatrixXd(fit.covariance).inverse();
  for (const CandidateRun& run : runs) {
    const Eigen::VectorXd gradient = NumericGradient(fit, run.parameter_count, run.token_count);
    information += gradient * gradient.transpose() / fit.log_loss_variance;
  }
  return information.inverse();
}

// Of ln L at the best split of `budget` and at twice and half its size.
double SummedVariance(const DesignFit& fit, double budget, const Eigen::MatrixXd& covariance) {
  const OptimalSplit best = fit.BestSplit(budget);
  double sum = 0;
  for (double factor : {0.5, 1.0, 2.0}) {
    const Eigen::VectorXd gradient = NumericGradient(fit, factor * best.parameter_count, best.token_count / factor);
    sum += gradient.dot(covariance * gradient);
  }
  return sum;
}

std::vector<CandidateRun> Candidates() {
  std::vector<CandidateRun> candidates;
  for (double n : {5e7, 2e8, 8e8, 3e9, 1e10}) {
    for (double ratio : {2.0, 20.0, 200.0}) candidates.push_back({n, ratio * n, TrainingFlops(n, ratio * n), ""});
  }
  return candidates;
}

constexpr double kTarget = 1e23;


// The best of the candidates by inversion, where `score` is of (drop, cost) and -1 rules a candidate out.
size_t BruteForce(const DesignFit& fit, const std::vector<CandidateRun>& candidates, const std::vector<CandidateRun>& done,
                  const std::vector<size_t>& taken, const std::function<double(double, double)>& score) {
  const double before = SummedVariance(fit, kTarget, InvertedWithRuns(fit, done));
  size_t best = 0;
  double greatest = -1;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (std::find(taken.begin(), taken.end(), i) != taken.end()) continue;
    std::vector<CandidateRun> with = done;
    with.push_back(candidates[i]);
    const double value = score(before - SummedVariance(fit, kTarget, InvertedWithRuns(fit, with)), candidates[i].training_flops);
    if (value > greatest) best = i, greatest = value;
  }
  return best;
}

TEST(FitForDesignTest, FindsAPlantedLaw) {
  // Without noise only the prior moves the answer. It is worth a run's residual of .7 % at most in each of five directions; twenty runs are worth more.
  const DesignFit fit = FitForDesign("chinchilla", NoisyRuns(0)).value();
  const OptimalSplit truth = ComputeOptimalSplit(ComputeAllocationExponents(kPlanted), kTarget);
  EXPECT_NEAR(fit.PredictLogLoss(truth.parameter_count, truth.token_count), std::log(PredictLoss(kPlanted, truth.parameter_count, truth.token_count)), 0.005);
  EXPECT_NEAR(std::log(fit.BestSplit(kTarget).parameter_count / truth.parameter_count), 0, 0.1);
}

TEST(FitForDesignTest, GivesTheInverseOfInformationAndPrior) {
  const std::vector<Observation> runs = NoisyRuns(0.01);
  const DesignFit fit = FitForDesign("chinchilla", runs).value();
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(5, 5);
  std::vector<double> residuals;
  for (const Observation& run : runs) {
    const Eigen::VectorXd gradient = NumericGradient(fit, *run.parameter_count, *run.token_count);
    squares += gradient * gradient.transpose();
    residuals.push_back(std::abs(fit.PredictLogLoss(*run.parameter_count, *run.token_count) - std::log(*run.loss_nats_per_token)));
  }
  const double s = 1.4826 * Quantile(residuals, 0.5) * std::sqrt(20.0 / 16);
  const double variance = (4 * 0.005 * 0.005 + 20 * s * s) / 24;
  EXPECT_NEAR(fit.log_loss_variance / variance, 1, 1e-9);
  // E, A, B, alpha, beta.
  const Eigen::VectorXd precisions = (Eigen::VectorXd(5) << 1 / 0.25, 1 / 4.0, 1 / 4.0, 1 / (0.24 * 0.24), 1 / (0.24 * 0.24)).finished();
  const Eigen::MatrixXd information = squares / variance + Eigen::MatrixXd(precisions.asDiagonal());
  EXPECT_NEAR(fit.prior_weight, 1 - (information.inverse() * squares / variance).trace() / 5, 1e-5);
  EXPECT_LT((information * Eigen::MatrixXd(fit.covariance) - Eigen::MatrixXd::Identity(5, 5)).norm(), 1e-4) << "of central differences";
}

TEST(FitForDesignTest, DoesNotDependOnTheUnitsOfSizeAndTokens) {
  std::vector<Observation> runs = NoisyRuns(0.01);
  const DesignFit fit = FitForDesign("chinchilla", runs).value();
  for (Observation& run : runs) {
    *run.parameter_count *= 1e-6;
    *run.token_count *= 1e-9;
    *run.training_flops *= 1e-15;
  }
  const DesignFit other = FitForDesign("chinchilla", runs).value();
  EXPECT_NEAR(other.PredictLogLoss(1e4, 1e3), fit.PredictLogLoss(1e10, 1e12), 1e-8);
  EXPECT_NEAR(other.BestSplit(1e8).parameter_count / fit.BestSplit(1e23).parameter_count, 1e-6, 1e-13);
}

TEST(FitForDesignTest, GivesTheDerivativesOfTheBestSize) {
  // ln N* = (ln(alpha A / (beta B)) + beta ln(C / 6)) / (alpha + beta), in centred quantities.
  const DesignFit fit = FitForDesign("chinchilla", NoisyRuns(0.01)).value();
  const double alpha = fit.theta[3], beta = fit.theta[4], log_c = std::log(kTarget / 6) - fit.log_parameter_centre - fit.log_token_centre;
  const double log_n = (std::log(alpha / beta) + fit.theta[1] - fit.theta[2] + beta * log_c) / (alpha + beta);
  EXPECT_NEAR(log_n + fit.log_parameter_centre, std::log(fit.BestSplit(kTarget).parameter_count), 1e-9);
  const FreeVector gradient = fit.BestSizeGradient(kTarget);
  EXPECT_NEAR(gradient[0], 0, 1e-8);
  EXPECT_NEAR(gradient[1], 1 / (alpha + beta), 1e-6);
  EXPECT_NEAR(gradient[2], -1 / (alpha + beta), 1e-6);
  EXPECT_NEAR(gradient[3], (1 / alpha - log_n) / (alpha + beta), 1e-6);
  EXPECT_NEAR(gradient[4], (-1 / beta + log_c - log_n) / (alpha + beta), 1e-6);
}

TEST(FitForDesignTest, NamesWhatItCannotUse) {
  const std::vector<Observation> runs = NoisyRuns(0.01);
  EXPECT_THAT(FitForDesign("kaplan_nd", runs), StatusIs(StatusCode::kInvalidArgument, "kaplan_nd"));
  EXPECT_THAT(FitForDesign("chinchilla", {runs.begin(), runs.begin() + 3}), StatusIs(StatusCode::kInvalidArgument, "at least 4"));
  std::vector<Observation> lacking = runs;
  lacking[2].token_count.reset();
  EXPECT_THAT(FitForDesign("chinchilla", lacking), StatusIs(StatusCode::kInvalidArgument, "token_count"));
  EXPECT_TRUE(FitForDesign("chinchilla", {runs.begin(), runs.begin() + 4}).ok());
}

TEST(DesignTargetTest, GivesTheDropOfATargetWorkedByHand) {
  // Three equal terms amid the runs, alpha = beta = 1: at N = D = 1 each is a third of the loss, so J = (1, 1, 1, 0, 0) / 3. C = 6 is best spent just
  // there; at (2, 1/2) and (1/2, 2) the shares also add up to 1, so each J_t' J = 1/3. With M = I and s2 = 1/3: 3 (1/3)^2 / (1/3 + 1/3) = 1/2.
  DesignFit fit{.law = FindLaw("chinchilla").value(), .theta = {0, 0, 0, 1, 1}, .free = {0, 1, 2, 3, 4}, .log_loss_variance = 1.0 / 3};
  fit.covariance = FreeMatrix::Identity(5, 5);
  const DesignTarget target = DesignTarget::At(fit, 6).value();
  EXPECT_NEAR(target.best().parameter_count, 1, 1e-12);
  EXPECT_NEAR(target.VarianceDrop(fit.covariance, fit.LossGradient(1, 1), fit.log_loss_variance), 0.5, 1e-12);
  EXPECT_NEAR(target.LogLossDeviation(fit.covariance), 1 / std::sqrt(3), 1e-12);
  // ln N* = (ln A - ln B + ln(alpha / beta) + beta ln 1) / (alpha + beta): 1/4 each from ln A, ln B, alpha and beta.
  EXPECT_NEAR(target.LogSizeDeviation(fit.covariance), 1, 1e-9);
  const TargetIntervals intervals = target.Intervals(fit.covariance);
  EXPECT_NEAR(intervals.loss_nats_per_token.second, 3 * std::exp(1.959963985 / std::sqrt(3)), 1e-8);
  EXPECT_NEAR(intervals.parameter_count.first, std::exp(-1.959963985), 1e-8);
}

TEST(DesignTargetTest, DropsByWhatInversionOfTheInformationWithTheRunGives) {
  const DesignFit fit = FitForDesign("chinchilla", NoisyRuns(0.01)).value();
  const DesignTarget target = DesignTarget::At(fit, kTarget).value();
  const double before = SummedVariance(fit, kTarget, fit.covariance);
  for (const CandidateRun& run : Candidates()) {
    const FreeVector gradient = fit.LossGradient(run.parameter_count, run.token_count);
    const Eigen::MatrixXd after = InvertedWithRuns(fit, {run});
    EXPECT_NEAR(target.VarianceDrop(fit.covariance, gradient, fit.log_loss_variance) / (before - SummedVariance(fit, kTarget, after)), 1, 1e-4);
    EXPECT_LT((Eigen::MatrixXd(CovarianceWithRun(fit.covariance, gradient, fit.log_loss_variance)) - after).norm() / after.norm(), 1e-5);
  }
}

TEST(PlanNextRunsTest, TakesWhatBruteForceTakesPerFlopAndGoesToTheFrontierEveryThirdTime) {
  const DesignFit fit = FitForDesign("chinchilla", NoisyRuns(0.01)).value();
  const std::vector<CandidateRun> candidates = Candidates();
  const double spent = 2e21;
  const NextRunsPlan plan = PlanNextRuns(fit, candidates, {.target_flops = kTarget, .spent_flops = spent, .run_count = 4}).value();
  ASSERT_EQ(plan.runs.size(), 4);
  std::vector<CandidateRun> done;
  std::vector<size_t> taken;
  for (size_t k = 0; k < plan.runs.size(); ++k) {
    const NextRun& next = plan.runs[k];
    double cap = 0, paid = spent;
    for (const CandidateRun& run : done) paid += run.training_flops;
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (std::find(taken.begin(), taken.end(), i) == taken.end() && candidates[i].training_flops <= paid / 2) cap = std::max(cap, candidates[i].training_flops);
    }
    const auto per_flop = [](double drop, double cost) { return drop / cost; };
    const auto frontier = [&](double drop, double cost) { return cost <= cap && cost >= cap / 3 ? drop : -1; };
    EXPECT_EQ(next.purpose, k == 2 ? RunPurpose::kFrontier : RunPurpose::kInformation);
    EXPECT_EQ(next.candidate, k == 2 ? BruteForce(fit, candidates, done, taken, frontier) : BruteForce(fit, candidates, done, taken, per_flop)) << k;
    const auto deviation = [&](const std::vector<CandidateRun>& runs) {
      const OptimalSplit best = fit.BestSplit(kTarget);
      const Eigen::VectorXd gradient = NumericGradient(fit, best.parameter_count, best.token_count);
      return std::sqrt(gradient.dot(InvertedWithRuns(fit, runs) * gradient));
    };
    const double before = deviation(done);
    done.push_back(next.run);
    taken.push_back(next.candidate);
    EXPECT_NEAR(next.narrowing, 1 - deviation(done) / before, 1e-5);
    EXPECT_NEAR(next.bits_per_flop * next.run.training_flops, std::log2(before / deviation(done)), 1e-4);
  }
  std::vector<size_t> all(plan.runs.size());
  std::iota(all.begin(), all.end(), 0);
  const TargetIntervals after = IntervalsAfter(fit, plan, all).value();
  const double log_width = std::log(after.loss_nats_per_token.second / after.loss_nats_per_token.first);
  const OptimalSplit best = fit.BestSplit(kTarget);
  const Eigen::VectorXd gradient = NumericGradient(fit, best.parameter_count, best.token_count);
  EXPECT_NEAR(log_width, 2 * 1.959963985 * std::sqrt(gradient.dot(InvertedWithRuns(fit, done) * gradient)), 1e-6);
  EXPECT_NEAR(std::log(plan.before.loss_nats_per_token.second / plan.before.loss_nats_per_token.first),
              2 * 1.959963985 * std::sqrt(gradient.dot(fit.covariance * gradient)), 1e-6);
}

TEST(PlanNextRunsTest, SpendsASweepAsTheBestOfFourBruteForceSearches) {
  const DesignFit fit = FitForDesign("chinchilla", NoisyRuns(0.01)).value();
  const std::vector<CandidateRun> candidates = Candidates();
  const double sweep = 1e21, spent = 3e20;
  const NextRunsPlan plan =
      PlanNextRuns(fit, candidates, {.target_flops = kTarget, .spent_flops = spent, .sweep_flops = sweep, .run_count = 20}).value();
  std::vector<size_t> best;
  double least = INFINITY;
  for (double share : {1.0, 0.5, 0.25, 0.125}) {
    std::vector<CandidateRun> done;
    std::vector<size_t> taken;
    double paid = 0;
    while (true) {
      const double cap = std::min({sweep - paid, spent + paid, share * sweep});
      const auto affordable = [&](const CandidateRun& run) { return run.training_flops <= cap; };
      size_t left = 0;
      for (size_t i = 0; i < candidates.size(); ++i) left += affordable(candidates[i]) && std::find(taken.begin(), taken.end(), i) == taken.end();
      if (left == 0) break;
      taken.push_back(BruteForce(fit, candidates, done, taken, [&](double drop, double cost) { return cost <= cap ? drop : -1; }));
      done.push_back(candidates[taken.back()]);
      paid += done.back().training_flops;
    }
    const double variance = SummedVariance(fit, kTarget, InvertedWithRuns(fit, done));
    if (variance < least) least = variance, best = taken;
  }
  std::vector<size_t> planned;
  double paid = 0;
  for (const NextRun& next : plan.runs) {
    planned.push_back(next.candidate);
    paid += next.run.training_flops;
  }
  EXPECT_EQ(planned, best);
  EXPECT_LE(paid, sweep);
  EXPECT_DOUBLE_EQ(plan.training_flops, paid);
}

TEST(PlanNextRunsTest, PassesOverRunsThatTellTooLittleWhileOthersTellMore) {
  const DesignFit fit = FitForDesign("chinchilla", NoisyRuns(0.01)).value();
  const NextRunsOptions any = {.target_flops = kTarget, .spent_flops = 1e21, .run_count = 1};
  const NextRun cheapest = PlanNextRuns(fit, Candidates(), any).value().runs.front();
  NextRunsOptions more = any;
  more.least_narrowing = cheapest.narrowing * 1.01;
  const NextRun telling = PlanNextRuns(fit, Candidates(), more).value().runs.front();
  EXPECT_GE(telling.narrowing, more.least_narrowing);
  EXPECT_NE(telling.candidate, cheapest.candidate);
  more.least_narrowing = 1;
  EXPECT_EQ(PlanNextRuns(fit, Candidates(), more).value().runs.front().candidate, cheapest.candidate);
}

TEST(PlanNextRunsTest, NamesWhatIsWrong) {
  const DesignFit fit = FitForDesign("chinchilla", NoisyRuns(0.01)).value();
  const NextRunsOptions good = {.target_flops = kTarget, .spent_flops = 1e21};
  EXPECT_THAT(PlanNextRuns(fit, {}, good), StatusIs(StatusCode::kInvalidArgument, "candidates"));
  NextRunsOptions bad = good;
  bad.target_flops = -1;
  EXPECT_THAT(PlanNextRuns(fit, Candidates(), bad), StatusIs(StatusCode::kInvalidArgument, "target_flops"));
  bad = good;
  bad.sweep_flops = INFINITY;
  EXPECT_THAT(PlanNextRuns(fit, Candidates(), bad), StatusIs(StatusCode::kInvalidArgument, "sweep_flops"));
  EXPECT_THAT(PlanNextRuns(fit, {{1e9, 0, 1e20, ""}}, good), StatusIs(StatusCode::kInvalidArgument, "token_count"));
}

TEST(CandidateGridTest, StaysWhereTheLawWasSeenOrBeyond) {
  const std::vector<Observation> runs = NoisyRuns(0.01);  // 3e7 to 3e9 parameters, 9e7 to 3e11 tokens; the cheapest costs 1.6e16.
  const std::vector<CandidateRun> candidates = CandidateGrid(FitForDesign("chinchilla", runs).value(), runs, 1e21);
  EXPECT_GT(candidates.size(), 50);
  for (const CandidateRun& run : candidates) {
    EXPECT_GE(run.parameter_count, 3e7);
    EXPECT_GE(run.token_count, 9e7);
    EXPECT_NEAR(run.training_flops / TrainingFlops(run.parameter_count, run.token_count), 1, 1e-9);
    EXPECT_LT(run.training_flops, 1.06e21) << "two digits of each of N and D";
    EXPECT_GT(run.training_flops, 1.6e16 / 1.06);
  }
}

TEST(FirstRunsTest, AreFourSizesAtTwoBudgetsADecadeApart) {
  const std::vector<CandidateRun> runs = FirstRuns(1e20, {});
  ASSERT_EQ(runs.size(), 8);
  EXPECT_NEAR(runs[4].parameter_count, 3.5e8, 1) << ".35 of .1 sqrt(1e20)";
  EXPECT_NEAR(runs[7].parameter_count, 3.5e9, 1);
  for (const CandidateRun& run : runs) EXPECT_NEAR(TrainingFlops(run.parameter_count, run.token_count) / run.training_flops, 1, 1e-9);
  EXPECT_NEAR(runs[0].training_flops, 1e19, 1);
}

TEST(FirstRunsTest, MakeEightWithTheRunsThatAreDoneAndLieOffTheirLine) {
  // Five runs at 20 tokens a parameter.
  std::vector<Observation> done;
  for (double n : {2.2e8, 2.8e8, 5.5e8, 6.5e8, 8e8}) done.push_back({.parameter_count = n, .token_count = 20 * n});
  const std::vector<CandidateRun> runs = FirstRuns(5e19, done);
  ASSERT_EQ(runs.size(), 3u);
  double least = INFINITY, greatest = 0;
  for (const CandidateRun& run : runs) {
    least = std::min(least, run.token_count / run.parameter_count);
    greatest = std::max(greatest, run.token_count / run.parameter_count);
  }
  EXPECT_LT(least, 5);
  EXPECT_GT(greatest, 80);
  EXPECT_EQ(FirstRuns(5e19, std::vector<Observation>(20, done[0])).size(), 2u) << "enough runs, all alike";
}

}  // namespace
}  // namespace isoflop
