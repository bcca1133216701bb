#include "core/fit/schedule_diagnostic.h"

#include <gtest/gtest.h>

#include "tests/testing/runs.h"

namespace isoflop {
namespace {

std::optional<Diagnostic> Diagnose(const std::vector<Observation>& runs) { return DiagnoseSchedules(Prepare(runs, {}).value()); }

std::vector<Observation> Runs() { return PlantedRuns({1.7, 400, 1200, 0.34, 0.35}, {1e8, 1e9}, {5, 20}); }

TEST(DiagnoseSchedulesTest, CountsRunsThatEndedEarlyOrWithoutDecay) {
  auto runs = Runs();
  EXPECT_FALSE(Diagnose(runs)) << "nothing is known";
  for (Observation& run : runs) run.completed_step_share = 0.981, run.final_learning_rate_share = 0.149;
  EXPECT_FALSE(Diagnose(runs));
  runs[0].completed_step_share = 0.979;
  runs[1].final_learning_rate_share = 0.151;
  runs[2].completed_step_share = 0.5, runs[2].final_learning_rate_share = 0.5;
  const std::optional<Diagnostic> found = Diagnose(runs);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->code, "UNFINISHED_SCHEDULE");
  EXPECT_EQ(found->evidence.at("unfinished_run_count"), 3);
  EXPECT_EQ(found->evidence.at("early_end_count"), 2);
  EXPECT_EQ(found->evidence.at("high_final_learning_rate_count"), 2);
}

TEST(DiagnoseSchedulesTest, AStudyOfConstantRatesIsConsistent) {
  auto runs = Runs();
  for (Observation& run : runs) run.final_learning_rate_share = 1;
  EXPECT_FALSE(Diagnose(runs));
  runs[0].final_learning_rate_share = 0.1;
  EXPECT_TRUE(Diagnose(runs));
}

}  // namespace
}  // namespace isoflop
