#include "core/fit/label_residuals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/fit/fit.h"
#include "tests/testing/runs.h"

namespace isoflop {
namespace {

const AdditiveLaw kPlanted = {1.7, 400, 1200, 0.34, 0.35};

// 60 runs with noise of .4 %, "depth" between 4 and 64 and "recipe" one of three, both drawn independently of size and tokens.
std::vector<Observation> Runs(unsigned seed) {
  std::vector<Observation> runs = PlantedRuns(kPlanted, {5e7, 1.2e8, 3e8, 8e8, 2e9, 5e9}, {1, 2, 5, 10, 20, 40, 80, 160, 320, 640});
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.004);
  for (Observation& run : runs) {
    *run.loss_nats_per_token *= std::exp(noise(random));
    run.labels["depth"] = std::to_string(4 + random() % 61);
    run.labels["recipe"] = std::string(1, "abc"[random() % 3]);
  }
  return runs;
}

const Diagnostic* FindByLabel(const Fit& fit) {
  for (const Diagnostic& d : fit.diagnostics) {
    if (d.code == "RESIDUALS_BY_LABEL") return &d;
  }
  return nullptr;
}

TEST(FTailProbabilityTest, GivesTheTablesOfTheFDistribution) {
  // NIST/SEMATECH e-Handbook, section 1.3.6.7.3: upper critical values at 5 % and 1 %.
  EXPECT_NEAR(FTailProbability(4.965, 1, 10), 0.05, 5e-5);
  EXPECT_NEAR(FTailProbability(3.098, 3, 20), 0.05, 5e-5);
  EXPECT_NEAR(FTailProbability(4.938, 3, 20), 0.01, 1e-5);
  EXPECT_NEAR(FTailProbability(10.044, 1, 10), 0.01, 1e-5);
  EXPECT_EQ(FTailProbability(0, 3, 20), 1);
}

TEST(DiagnoseLabelsTest, NamesANumberThatMovesTheLoss) {
  auto runs = Runs(1);
  for (Observation& run : runs) *run.loss_nats_per_token *= std::exp(0.006 * std::log(std::stod(run.labels["depth"]) / 16));
  const Fit fit = FitLaw(runs, {}).value();
  const Diagnostic* found = FindByLabel(fit);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->evidence.at("tested_label_count"), 2);
  EXPECT_LT(found->evidence.at("depth_corrected_probability"), 0.01);
  EXPECT_EQ(found->evidence.count("recipe_corrected_probability"), 0u);
}

TEST(DiagnoseLabelsTest, NamesAKindOfRunAndWarnsWhereItOutweighsAllElse) {
  const auto with = [](double effect) {
    auto runs = Runs(2);
    for (Observation& run : runs) {
      if (run.labels["recipe"] == "b") *run.loss_nats_per_token *= std::exp(effect);
    }
    return FitLaw(runs, {}).value();
  };
  const Fit slight = with(0.006), strong = with(0.03);
  ASSERT_NE(FindByLabel(slight), nullptr);
  EXPECT_EQ(FindByLabel(slight)->severity, Severity::kInfo);
  ASSERT_NE(FindByLabel(strong), nullptr);
  EXPECT_EQ(FindByLabel(strong)->severity, Severity::kWarning);
  // A third of the runs lie 3 % higher: a standard deviation of .03 sqrt(2) / 3 = 1.4 %.
  EXPECT_NEAR(FindByLabel(strong)->evidence.at("recipe_root_mean_square_log_loss"), 0.0141, 0.002);
}

TEST(DiagnoseLabelsTest, RarelyNamesLabelsThatMeanNothing) {
  int named = 0;
  for (unsigned seed = 1; seed <= 100; ++seed) named += FindByLabel(FitLaw(Runs(seed), {.hold_out_fraction = 0}).value()) != nullptr;
  EXPECT_LE(named, 4) << "at 1 % a study, more than four of a hundred are rarer than 1 in 250";
}

// 16 runs of ten checkpoints, each run with an offset of its own and a depth that means nothing.
std::vector<Observation> Checkpoints(unsigned seed) {
  auto runs = PlantedRuns(kPlanted, {5e7, 7e7, 9e7, 1.2e8, 1.6e8, 2e8, 3e8, 4e8, 5.5e8, 8e8, 1e9, 1.4e9, 2e9, 2.6e9, 3.5e9, 5e9},
                          {1, 2, 5, 10, 20, 40, 80, 160, 320, 640});
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.004);
  double offset = 0;
  std::string depth;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (i % 10 == 0) {
      offset = noise(random);
      depth = std::to_string(4 + random() % 61);
    }
    *runs[i].loss_nats_per_token *= std::exp(offset + 0.1 * noise(random));
    runs[i].labels["depth"] = depth;
  }
  return runs;
}

TEST(DiagnoseLabelsTest, CountsCheckpointsOfARunOnce) {
  // Taken as independent, the ten rows of a run make chance significant.
  int as_rows = 0, as_runs = 0;
  for (unsigned seed = 1; seed <= 30; ++seed) {
    auto runs = Checkpoints(seed);
    as_rows += FindByLabel(FitLaw(runs, {.hold_out_fraction = 0}).value()) != nullptr;
    for (size_t i = 0; i < runs.size(); ++i) runs[i].run_group = std::to_string(i / 10);
    as_runs += FindByLabel(FitLaw(runs, {.hold_out_fraction = 0}).value()) != nullptr;
  }
  EXPECT_GE(as_rows, 8);
  EXPECT_LE(as_runs, 2);
}

TEST(DiagnoseLabelsTest, LeavesOutOtherOutcomesNamesAndWhatTheSizeFixes) {
  auto runs = Runs(3);
  for (size_t i = 0; i < runs.size(); ++i) {
    runs[i].labels = {{"other_loss", std::to_string(*runs[i].loss_nats_per_token * 1.1)},
                      {"run", "run" + std::to_string(i)},
                      {"width", std::to_string(std::sqrt(*runs[i].parameter_count / 1000))}};
  }
  EXPECT_EQ(FindByLabel(FitLaw(runs, {}).value()), nullptr);
}

}  // namespace
}  // namespace isoflop
