#include "core/fit/fit_diagnostics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "core/fit/intervals.h"
#include "tests/testing/runs.h"

namespace isoflop {
namespace {

const AdditiveLaw kPlanted = {1.7, 400, 1200, 0.34, 0.35};

// 48 runs with noise of .4 %.
std::vector<Observation> Runs(const AdditiveLaw& law = kPlanted, const std::vector<double>& ratios = {1, 3, 10, 30, 100, 300}) {
  std::vector<Observation> runs = PlantedRuns(law, {5e7, 1e8, 2e8, 4e8, 8e8, 1.6e9, 3.2e9, 6.4e9}, ratios);
  std::mt19937 random(8);
  std::normal_distribution<double> noise(0, 0.004);
  for (Observation& run : runs) *run.loss_nats_per_token *= std::exp(noise(random));
  return runs;
}

std::optional<Diagnostic> Find(const Fit& fit, std::string_view code) {
  for (const Diagnostic& d : fit.diagnostics) {
    if (d.code == code) return d;
  }
  return std::nullopt;
}

std::optional<Diagnostic> Find(const std::vector<Observation>& runs, std::string_view code, const FitOptions& options = {}) {
  return Find(FitLaw(runs, options).value(), code);
}

TEST(DiagnoseFitTest, MixedConventionsAreAFactorOfTwoEitherWay) {
  auto runs = Runs();
  *runs[3].training_flops *= 1.99;
  *runs[4].training_flops /= 1.99;
  EXPECT_FALSE(Find(runs, "MIXED_CONVENTIONS"));
  *runs[3].training_flops *= 1.01;
  *runs[4].training_flops /= 1.01;
  const auto found = Find(runs, "MIXED_CONVENTIONS");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::kWarning);
  EXPECT_EQ(found->evidence.at("run_count"), 2);
}

TEST(DiagnoseFitTest, RepeatedDataIsOverFourEpochsUnderALawThatIgnoresThem) {
  auto runs = Runs();
  for (Observation& run : runs) run.unique_token_count = *run.token_count / 4;
  EXPECT_FALSE(Find(runs, "REPEATED_DATA"));
  runs[0].unique_token_count = *runs[0].token_count / 4.01;
  const auto found = Find(runs, "REPEATED_DATA");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->evidence.at("run_count"), 1);
  EXPECT_NEAR(found->evidence.at("greatest_epoch_count"), 4.01, 1e-9);
  const FitOptions constrained{.law = "data_constrained", .fixed = {{"E", 1.7}, {"A", 400}, {"B", 1200}, {"alpha", 0.34}, {"beta", 0.35}}};
  EXPECT_FALSE(Find(runs, "REPEATED_DATA", constrained));
}

TEST(DiagnoseFitTest, AnExponentThatNoStudySawIsNamed) {
  const auto runs_with = [](double beta) { return PlantedRuns({1.7, 400, 1e10 * 1200, 0.34, beta}, {5e7, 1e8, 4e8, 1.6e9}, {1, 3, 10, 30, 100}); };
  EXPECT_FALSE(Find(runs_with(1.19), "AT_BOUND"));
  const auto found = Find(runs_with(1.21), "AT_BOUND");
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->evidence.at("beta"), 1.21, 1e-4);
}

TEST(DiagnoseFitTest, AParameterThatEndsAtABoundIsNamed) {
  EXPECT_FALSE(Find(Runs(), "AT_BOUND", {.bounds = {{"alpha", {0.3, 0.4}}}}));
  const auto found = Find(Runs(), "AT_BOUND", {.bounds = {{"alpha", {0.1, 0.3}}}});  // Planted: .34.
  ASSERT_TRUE(found);
  EXPECT_EQ(found->evidence.at("alpha"), 0.3);
  EXPECT_NE(found->message.find("greatest"), std::string::npos);
  // Runs of a law without an irreducible loss want less than the least.
  const auto none = Find(PlantedRuns({0, 40, 1200, 0.2, 0.35}, {5e7, 1e8, 4e8, 1.6e9}, {1, 3, 10, 30, 100}), "AT_BOUND");
  ASSERT_TRUE(none);
  EXPECT_NEAR(none->evidence.at("E"), 1e-6, 1e-12);
}

TEST(DiagnoseFitTest, OneRunFarOffMakesHeavyTails) {
  auto runs = Runs();
  EXPECT_FALSE(Find(runs, "HEAVY_TAILS"));
  *runs[20].loss_nats_per_token *= std::exp(0.0035 * std::sqrt(48.0) * 3.2);  // RMS of about 3.4 s.
  EXPECT_EQ(Find(runs, "HEAVY_TAILS")->severity, Severity::kWarning);
  *runs[20].loss_nats_per_token *= std::exp(0.0035 * std::sqrt(48.0) * 4);
  EXPECT_EQ(Find(runs, "HEAVY_TAILS")->severity, Severity::kError);
}

TEST(DiagnoseFitTest, ABestSplitOutsideTheRatiosSeenIsSaid) {
  // The planted law spends some 20 tokens a parameter.
  EXPECT_FALSE(Find(Runs(), "OPTIMUM_OUTSIDE"));
  const auto found = Find(Runs(kPlanted, {100, 200, 400, 800, 1600, 3200}), "OPTIMUM_OUTSIDE");
  ASSERT_TRUE(found);
  EXPECT_LT(found->evidence.at("tokens_per_parameter"), found->evidence.at("least"));
}

TEST(DiagnoseFitTest, TheRunThatCarriesTheAnswerMovesItAsAFitWithoutItDoes) {
  auto runs = LoadRuns("gadre_rpj.csv", {{Quantity::kLoss, "loss_c4_val"}});
  for (Observation& o : runs) o.run_id = std::to_string(o.line);
  const Fit all = FitLaw(runs, {}).value();
  const auto found = Find(all, "INFLUENTIAL_RUN");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->run_id, std::to_string(static_cast<int64_t>(found->evidence.at("line"))));
  std::erase_if(runs, [&](const Observation& o) { return o.line == found->evidence.at("line"); });
  ASSERT_EQ(runs.size(), 34u);
  const double budget = 10 * all.region->training_flops->second;
  const auto log_size = [budget](const Fit& fit) { return std::log(ComputeOptimalSplit(*AllocationOf(fit), budget).parameter_count); };
  EXPECT_NEAR(std::abs(log_size(FitLaw(runs, {}).value()) - log_size(all)), found->evidence.at("log_size_change"), 1e-4);
}

}  // namespace
}  // namespace isoflop
