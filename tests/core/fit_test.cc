#include "core/fit/fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/fit/ceres_solver.h"
#include "core/fit/newton.h"
#include "core/fit/prepared.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode;

double Estimate(const Fit& fit, std::string_view symbol) {
  for (const FittedParameter& p : fit.parameters) {
    if (p.symbol == symbol) return *p.value.estimate;
  }
  return NAN;
}

bool HasDiagnostic(const Fit& fit, std::string_view code, Severity severity) {
  return std::any_of(fit.diagnostics.begin(), fit.diagnostics.end(),
                     [&](const Diagnostic& d) { return d.code == code && d.severity == severity; });
}

const AdditiveLaw kPlanted = {1.7, 400, 1200, 0.34, 0.35};
const std::vector<double> kSizes = {1e8, 3e8, 1e9, 3e9};
const std::vector<double> kRatios = {5, 20, 80};

// Optima found by other programs on published runs (sums of Huber losses of log loss, delta 0.001).
struct Reference {
  std::string file;
  std::map<Quantity, std::string> mapping;
  double objective, a, b, e, alpha, beta;
};

class PublishedRunsTest : public testing::TestWithParam<Reference> {};

TEST_P(PublishedRunsTest, ReachTheReferenceOptimum) {
  const Reference& reference = GetParam();
  const auto fit = FitLaw(LoadRuns(reference.file, reference.mapping), {});
  ASSERT_THAT(fit, IsOk());
  EXPECT_NEAR(*fit->objective / reference.objective, 1, 1e-6);
  EXPECT_NEAR(Estimate(*fit, "A") / reference.a, 1, 1e-4);
  EXPECT_NEAR(Estimate(*fit, "B") / reference.b, 1, 1e-4);
  EXPECT_NEAR(Estimate(*fit, "E") / reference.e, 1, 1e-4);
  EXPECT_NEAR(Estimate(*fit, "alpha") / reference.alpha, 1, 1e-4);
  EXPECT_NEAR(Estimate(*fit, "beta") / reference.beta, 1, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(
    All, PublishedRunsTest,
    testing::Values(Reference{"chinchilla_figure4_subset.csv", {}, 8.4009312e-4, 442.164, 1271.81, 1.78389, 0.342626, 0.342002},
                    Reference{"gadre_rpj.csv", {{Quantity::kLoss, "loss_c4_val"}}, 4.26510827e-4, 106.091, 297.976, 1.72024, .243084, .273005},
                    Reference{"gadre_c4_original.csv", {{Quantity::kLoss, "loss_c4_val"}}, 5.29954131e-4, 122.553, 242.609, 1.62002, .252574, .262229},
                    Reference{"gadre_rw_original.csv", {{Quantity::kLoss, "loss_c4_val"}}, 4.75725502e-4, 76.7742, 384.16, 1.70134, .222587, .289773},
                    Reference{"gemstones_hot_100bplus.csv", {{Quantity::kParameterCount, "params_active_precise"}}, 0.006592534165, 134.511,
                              381457, 1.950826, .259164, .597301},
                    Reference{"muennighoff_single_epoch.csv", {}, 9.496429e-4, 452.887, 5405.07, 1.91107, .339006, .387303}));

TEST(FitLawTest, RecoversPlantedParametersWithoutNoise) {
  const auto fit = FitLaw(PlantedRuns(kPlanted, kSizes, kRatios), {});
  ASSERT_THAT(fit, IsOk());
  EXPECT_NEAR(Estimate(*fit, "E"), 1.7, 1e-7);
  EXPECT_NEAR(Estimate(*fit, "A") / 400, 1, 1e-6);
  EXPECT_NEAR(Estimate(*fit, "B") / 1200, 1, 1e-6);
  EXPECT_NEAR(Estimate(*fit, "alpha"), 0.34, 1e-7);
  EXPECT_NEAR(Estimate(*fit, "beta"), 0.35, 1e-7);
}

TEST(FitLawTest, NoCeresRunFromTheUsualGridOfStartsGoesLower) {
  // Every sixteenth or so of Hoffmann et al.'s 4,500 starts (section D.3): alpha, beta, ln E, ln A, ln B.
  const std::vector<Observation> runs = LoadRuns("chinchilla_figure4_subset.csv");
  const auto fit = FitLaw(runs, {});
  ASSERT_THAT(fit, IsOk());
  const auto evidence = Prepare(runs, {});
  ASSERT_THAT(evidence, IsOk());
  const Objective objective = evidence->objective();
  double least = INFINITY;
  for (double alpha : {0.0, 0.5, 1.0}) {
    for (double beta : {0.0, 0.5, 1.0}) {
      for (double log_e : {-1.0, 0.5}) {
        for (double log_a : {0.0, 10.0, 20.0}) {
          for (double log_b : {0.0, 10.0, 20.0}) {
            least = std::min(least, MinimizeByCeres(objective, {log_e, log_a, log_b, alpha, beta}, 200).objective);
          }
        }
      }
    }
  }
  EXPECT_GT(least, *fit->objective * (1 - 1e-9));
  EXPECT_LT(least, *fit->objective * (1 + 1e-6)) << "the grid itself should reach the optimum";
}

TEST(FitLawTest, TheOrderOfTheRunsDoesNotMatterToTheLastBit) {
  std::vector<Observation> runs = LoadRuns("chinchilla_figure4_subset.csv");
  const auto fit = FitLaw(runs, {});
  ASSERT_THAT(fit, IsOk());
  std::shuffle(runs.begin(), runs.end(), std::mt19937(7));
  const auto shuffled = FitLaw(runs, {});
  ASSERT_THAT(shuffled, IsOk());
  EXPECT_EQ(fit->observations_hash, shuffled->observations_hash);
  for (const char* symbol : {"E", "A", "B", "alpha", "beta"}) EXPECT_EQ(Estimate(*fit, symbol), Estimate(*shuffled, symbol));
}

TEST(FitLawTest, TheHashTellsApartAnyChangeOfContent) {
  std::vector<Observation> runs = LoadRuns("chinchilla_figure4_subset.csv");
  const std::string hash = FitLaw(runs, {})->observations_hash;
  runs[100].run_id = "renamed";
  EXPECT_EQ(FitLaw(runs, {})->observations_hash, hash) << "names are not content";
  runs[100].loss_nats_per_token = std::nextafter(*runs[100].loss_nats_per_token, 9.0);
  EXPECT_NE(FitLaw(runs, {})->observations_hash, hash);
}

TEST(FitLawTest, HoldsFixedParametersAndFitsTheRest) {
  FitOptions options{.fixed = {{"E", 1.7}, {"alpha", 0.34}}};
  const auto fit = FitLaw(PlantedRuns(kPlanted, kSizes, kRatios), options);
  ASSERT_THAT(fit, IsOk());
  EXPECT_EQ(Estimate(*fit, "E"), 1.7);
  EXPECT_NEAR(Estimate(*fit, "A") / 400, 1, 1e-7);
  EXPECT_NEAR(Estimate(*fit, "beta"), 0.35, 1e-8);
}

// As many runs above as below, all beyond delta: every second derivative is 0 there, but not the slope. The runs lie on a law.
TEST(FitLawTest, ASearchGoesOnFromWhereTheObjectiveHasNoCurvature) {
  constexpr double kAlpha = 0.076, kLogScale = 32.1, kOff = 0.02;
  const std::pair<double, double> log_sizes = {std::log(1e6), std::log(1e9)};
  std::vector<Observation> runs;
  for (double u : {log_sizes.first, log_sizes.first, log_sizes.second, log_sizes.second}) {
    runs.push_back({.parameter_count = std::exp(u), .loss_nats_per_token = std::exp(kAlpha * (kLogScale - u))});
  }
  const auto evidence = Prepare(runs, {.law = "kaplan_n"});
  ASSERT_THAT(evidence, IsOk());
  // The start lies under the small runs by kOff, over the large ones by as much.
  const double alpha = kAlpha - 2 * kOff / (log_sizes.second - log_sizes.first);
  const double log_scale = (kAlpha * (kLogScale - log_sizes.first) - kOff) / alpha + log_sizes.first;
  const NewtonResult found = MinimizeByNewton(evidence->objective(), {log_scale, alpha});
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.theta[0], kLogScale, 1e-9);
  EXPECT_NEAR(found.theta[1], kAlpha, 1e-12);
}

TEST(FitLawTest, RefusesFewerRunsThanFreeParametersAndTwo) {
  std::vector<Observation> runs = PlantedRuns(kPlanted, {1e8, 1e9}, {5, 20, 80});
  ASSERT_EQ(runs.size(), 6u);
  const auto six = FitLaw(runs, {});
  ASSERT_THAT(six, IsOk());
  EXPECT_FALSE(six->identified());
  EXPECT_TRUE(HasDiagnostic(*six, "FEW_RUNS", Severity::kError));
  runs.push_back({.parameter_count = 3e8, .token_count = 1e10, .loss_nats_per_token = PredictLoss(kPlanted, 3e8, 1e10)});
  EXPECT_TRUE(FitLaw(runs, {})->identified());
}

TEST(FitLawTest, RefusesTokensPerParameterConstantToOnePercent) {
  const auto just_constant = PlantedRuns(kPlanted, {1e8, 2e8, 4e8, 1e9, 2e9}, {20, 20 * 1.009});
  const auto fit = FitLaw(just_constant, {});
  ASSERT_THAT(fit, IsOk());
  EXPECT_FALSE(fit->identified());
  EXPECT_TRUE(HasDiagnostic(*fit, "UNDETERMINED", Severity::kError));
  EXPECT_TRUE(HasDiagnostic(*fit, "CONSTANT_RATIO", Severity::kError));
  const auto just_not = PlantedRuns(kPlanted, {1e8, 2e8, 4e8, 1e9, 2e9}, {20, 20 * 1.011});
  EXPECT_FALSE(HasDiagnostic(*FitLaw(just_not, {}), "UNDETERMINED", Severity::kError));
}

TEST(FitLawTest, RefusesASingleSizeUnlessItsTermIsFixed) {
  const auto runs = PlantedRuns(kPlanted, {1e9}, {1, 2, 5, 10, 20, 50, 100, 200});
  const auto fit = FitLaw(runs, {});
  ASSERT_THAT(fit, IsOk());
  EXPECT_FALSE(fit->identified());
  EXPECT_TRUE(HasDiagnostic(*fit, "UNDETERMINED", Severity::kError));
  // A and E both free would leave only their sum determined.
  EXPECT_FALSE(FitLaw(runs, {.fixed = {{"alpha", 0.34}}})->identified());
  EXPECT_TRUE(FitLaw(runs, {.fixed = {{"alpha", 0.34}, {"A", 400}}})->identified());
}

TEST(FitLawTest, NamesTheFieldAndTheRuleOfBadInput) {
  auto runs = PlantedRuns(kPlanted, kSizes, kRatios);
  EXPECT_THAT(FitLaw(runs, {.law = "banana"}), StatusIs(StatusCode::kInvalidArgument, "law must be one of"));
  EXPECT_THAT(FitLaw(runs, {.huber_delta = 0}), StatusIs(StatusCode::kInvalidArgument, "huber_delta must be positive"));
  EXPECT_THAT(FitLaw(runs, {.fixed = {{"gamma", 1}}}), StatusIs(StatusCode::kInvalidArgument, "\"gamma\""));
  EXPECT_THAT(FitLaw(runs, {.fixed = {{"E", -1}}}), StatusIs(StatusCode::kInvalidArgument, "fixed E"));
  for (double bad : {0.0, -1.0, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
    runs[3].loss_nats_per_token = bad;
    EXPECT_THAT(FitLaw(runs, {}), StatusIs(StatusCode::kInvalidArgument, "loss_nats_per_token"));
  }
}

TEST(FitLawTest, AnsweringWithoutRunsIsARefusalNotACrash) {
  const auto fit = FitLaw({}, {});
  ASSERT_THAT(fit, IsOk());
  EXPECT_FALSE(fit->identified());
  EXPECT_FALSE(fit->region.has_value());
}

TEST(FitLawTest, ReportsTheSpanOfTheRuns) {
  const auto fit = FitLaw(LoadRuns("chinchilla_figure4_subset.csv"), {});
  ASSERT_THAT(fit, IsOk());
  // The least and greatest N of the file, to ten digits.
  EXPECT_EQ(fit->region->parameter_count, std::pair(57334197.0, 16183346310.0));
  EXPECT_EQ(fit->observation_count, 234);
  EXPECT_FALSE(HasError(fit->diagnostics));
}

}  // namespace
}  // namespace isoflop
