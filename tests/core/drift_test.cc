#include "core/fit/drift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "core/fit/local_noise.h"
#include "core/fit/replicas.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

const AdditiveLaw kPlanted = {1.7, 400, 1200, 0.34, 0.35};
const std::vector<double> kSizes = {3e7, 6e7, 1.2e8, 3e8, 6e8, 1.2e9, 2.5e9, 5e9}, kRatios = {2, 4, 9, 20, 40, 80, 180};

// The planted law with noise of .4 % and, below `bend_below` FLOPs, a further `bend` of log loss a decade.
std::vector<Observation> Runs(double bend, double bend_below, unsigned seed) {
  std::vector<Observation> runs = PlantedRuns(kPlanted, kSizes, kRatios);
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.004);
  for (Observation& run : runs) {
    const double decades = std::max(0.0, std::log10(bend_below / *run.training_flops));
    *run.loss_nats_per_token *= std::exp(bend * decades + noise(random));
  }
  return runs;
}

const Diagnostic* FindDrift(const Fit& fit) {
  for (const Diagnostic& d : fit.diagnostics) {
    if (d.code == "DRIFT") return &d;
  }
  return nullptr;
}

Fit FitWithReplicas(const std::vector<Observation>& runs, const FitOptions& options) {
  Fit fit = FitLaw(runs, options).value();
  EXPECT_THAT(ComputeReplicas(runs, options, nullptr, fit), IsOk());
  return fit;
}

// `top_count` runs at 1e20 FLOPs and one 0.4 decades below.
Prepared OneBelow(size_t top_count, double weight) {
  std::vector<Observation> runs(top_count, {.parameter_count = 1e9, .token_count = 1e10, .training_flops = 1e20, .loss_nats_per_token = 3});
  runs.push_back({.parameter_count = 1e9, .token_count = 2e10, .training_flops = 1e20 * std::pow(10, -0.4), .loss_nats_per_token = 3, .weight = weight});
  return Prepare(runs, {}).value();
}

TEST(DriftWeightsTest, HalveWhereTheBendThatTheyAllowEqualsTheNoise) {
  // tau decades = s at 0.4 decades below the largest run for s = .004.
  const std::vector<double> weights = DriftWeights(OneBelow(14, 3), 0.004).value();
  EXPECT_NEAR(weights[0], 1, 1e-12);
  EXPECT_NEAR(weights[14], 1.5, 1e-12) << "half of its own weight";
  EXPECT_FALSE(DriftWeights(OneBelow(14, 3), 0).has_value()) << "without noise no weight means anything";
}

TEST(DriftWeightsTest, LeaveAsManyRunsAsAFitNeeds) {
  // Of 1 + 3, half; of 15 + 30, twenty; 17 + 15 / 5 are as many as that.
  EXPECT_NEAR(DriftWeights(OneBelow(1, 3), 0.001).value()[1], 1, 1e-9);
  EXPECT_NEAR(DriftWeights(OneBelow(15, 30), 0.001).value()[15], 5, 1e-9);
  EXPECT_NEAR(DriftWeights(OneBelow(17, 15), 0.002).value()[17], 3, 1e-9);
}

TEST(LocalNoiseTest, IsThatOfRunsBesideEachOtherWhateverTheLawMisses) {
  // The wave leaves over a smooth residual of several times the noise of .4 %.
  for (double wave : {0.0, 0.03}) {
    std::vector<Observation> runs = Runs(0, 1, 1);
    for (Observation& run : runs) *run.loss_nats_per_token *= std::exp(wave * std::sin(std::log(*run.training_flops)));
    const Prepared evidence = Prepare(runs, {}).value();
    const Fit fit = FitLaw(runs, {}).value();
    const double noise = LocalNoise(evidence, evidence.objective().Residuals(ReplicaStart(evidence, fit)));
    // Of runs a factor of two apart a part of so short a wave remains.
    EXPECT_GT(noise, 0.003) << wave;
    EXPECT_LT(noise, wave > 0 ? 0.01 : 0.005) << wave;
    if (wave > 0) {
      EXPECT_GT(*fit.log_loss_standard_deviation, 0.02);
    }
    EXPECT_LE(noise, *fit.log_loss_standard_deviation * (1 + 1e-9));
  }
}

TEST(LocalNoiseTest, IsTheSpreadOfFewRunsAndNothingWithoutNoise) {
  const std::vector<Observation> runs = PlantedRuns(kPlanted, {3e7, 6e7, 1.2e8, 3e8, 6e8, 1.2e9, 2.5e9}, {20});
  const Prepared evidence = Prepare(runs, {}).value();
  EXPECT_NEAR(LocalNoise(evidence, {1, -1, 1, -1, 1, -1, 1}), 1.4826, 1e-12);
  EXPECT_EQ(LocalNoise(evidence, std::vector<double>(7, 0)), 0);
}

TEST(FitDriftWeightedTest, IsTheFitToRunsOfThoseWeights) {
  std::vector<Observation> runs = Runs(0.02, 1e20, 1);
  const Fit fit = FitWithReplicas(runs, {.replica_count = 2 * kLeastDriftReplicas});
  ASSERT_TRUE(fit.drift_weighted.has_value());
  EXPECT_EQ(fit.drift_weighted->replicas.size(), kLeastDriftReplicas);
  const Prepared evidence = Prepare(runs, {}).value();
  const double noise = LocalNoise(evidence, evidence.objective().Residuals(ReplicaStart(evidence, fit)));
  const std::vector<double> weights = DriftWeights(evidence, noise).value();
  runs = evidence.sorted;
  for (size_t i = 0; i < runs.size(); ++i) runs[i].weight = weights[i];
  EXPECT_NEAR(fit.drift_weighted->weight_sum, std::accumulate(weights.begin(), weights.end(), 0.0), 1e-6);
  const Fit weighted = FitLaw(runs, {}).value();  // Searched for from all starts.
  for (size_t i = 0; i < 5; ++i) EXPECT_NEAR(fit.drift_weighted->estimates[i] / *weighted.parameters[i].value.estimate, 1, 1e-5) << i;
}

TEST(FitDriftWeightedTest, HasEstimatesWithoutReplicasAndNoneOfALawWithoutASplit) {
  const std::vector<Observation> runs = Runs(0, 1, 1);
  const Fit fit = FitLaw(runs, {}).value();
  ASSERT_TRUE(fit.drift_weighted.has_value());
  EXPECT_TRUE(fit.drift_weighted->replicas.empty());
  EXPECT_EQ(fit.runs.size(), runs.size());
  EXPECT_FALSE(FitLaw(runs, {.law = "kaplan_n"}).value().drift_weighted.has_value());
}

TEST(DiagnoseDriftTest, FindsALawThatBendsAndSaysWhichWay) {
  // Small runs lie above the law that the large ones follow: the plain fit sees the loss fall faster than it does for large ones.
  const Fit fit = FitWithReplicas(Runs(0.06, 1e21, 1), {.replica_count = 400});
  const Diagnostic* drift = FindDrift(fit);
  ASSERT_NE(drift, nullptr);
  EXPECT_EQ(drift->severity, Severity::kWarning);
  EXPECT_GT(drift->evidence.at("log_loss_shift"), 0);
  EXPECT_GT(drift->evidence.at("log_loss_shift_lower"), 0);
  EXPECT_LT(drift->evidence.at("weight_sum"), 0.75 * 56);
}

TEST(DiagnoseDriftTest, FindsTheDriftOfTheChinchillaRuns) {
  // Found beforehand by another program, with Huber delta 5e-3 and a weak prior: the best loss at ten times the largest run moves by -2.1 %, the
  // best size by a factor of .40.
  const Fit fit = FitWithReplicas(LoadRuns("chinchilla_figure4_subset.csv"), {.replica_count = 400});
  const Diagnostic* drift = FindDrift(fit);
  ASSERT_NE(drift, nullptr);
  EXPECT_NEAR(drift->evidence.at("log_loss_shift"), -0.021, 0.005);
  EXPECT_NEAR(drift->evidence.at("log_parameter_count_shift"), std::log(0.40), 0.1);
  EXPECT_LT(drift->evidence.at("log_loss_shift_upper"), 0);
}

TEST(DiagnoseDriftTest, IsSilentOnMostStudiesOfATrueLaw) {
  int fired = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) fired += FindDrift(FitWithReplicas(Runs(0, 1, seed), {.replica_count = 200})) != nullptr;
  EXPECT_LE(fired, 4) << "two answers, each at 5 %: more than four of twenty are rarer than 1 in 100";
}

TEST(DiagnoseDriftTest, IsTheSameOnAnyNumberOfThreads) {
  const auto runs = Runs(0.06, 1e21, 1);
  const Fit one = FitWithReplicas(runs, {.replica_count = 220, .thread_count = 1}), four = FitWithReplicas(runs, {.replica_count = 220, .thread_count = 4});
  ASSERT_NE(FindDrift(one), nullptr);
  EXPECT_EQ(FindDrift(one)->evidence, FindDrift(four)->evidence);
}

TEST(DiagnoseDriftTest, NeedsReplicasForAnInterval) {
  EXPECT_EQ(FindDrift(FitWithReplicas(Runs(0.06, 1e21, 1), {.replica_count = 2 * kLeastDriftReplicas - 1})), nullptr);
  EXPECT_NE(FindDrift(FitWithReplicas(Runs(0.06, 1e21, 1), {.replica_count = 2 * kLeastDriftReplicas})), nullptr);
}

}  // namespace
}  // namespace isoflop
