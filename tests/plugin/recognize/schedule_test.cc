#include "plugin/recognize/schedule.h"

#include <gtest/gtest.h>

namespace isoflop {
namespace {

TEST(ScheduleTest, IsReadFromTheColumnsOfATable) {
  const ScheduleColumns columns = FindScheduleColumns({"run", "lr", "final_lr", "step", "trainer.num_train_steps"});
  Observation observation;
  EnterSchedule(ReadSchedule(columns, {"a", "1e-3", "1e-4", "950", "1000"}), observation);
  EXPECT_NEAR(*observation.final_learning_rate_share, 0.1, 1e-12);
  EXPECT_NEAR(*observation.completed_step_share, 0.95, 1e-12);
  EnterSchedule(ReadSchedule(columns, {"a", "1e-3", "", "nan", "1000"}), observation);
  EXPECT_FALSE(observation.final_learning_rate_share || observation.completed_step_share);
}

TEST(ScheduleTest, ATableWithoutPlansTellsNothing) {
  Observation observation;
  EnterSchedule(ReadSchedule(FindScheduleColumns({"step", "learning_rate"}), {"950", "1e-3"}), observation);
  EXPECT_FALSE(observation.final_learning_rate_share || observation.completed_step_share);
}

TEST(ScheduleTest, IsReadFromARunOfHuggingFaceTrainer) {
  // Params have the peak rate and the planned steps, the metric of the same name the current rate; evaluation came a little before the end.
  RunRecord run{.params = {{"learning_rate", "0.001"}, {"max_steps", "1000"}},
                .metrics = {{"eval_loss", {.step = 900, .value = 3}},
                            {"loss", {.step = 1000, .value = 3}},
                            {"learning_rate", {.step = 1000, .value = 0}},
                            {"system/cpu_utilization", {.step = 5000, .value = 10}}}};
  Observation observation;
  EnterSchedule(ReadSchedule(run), observation);
  EXPECT_EQ(observation.final_learning_rate_share, 0.0);
  EXPECT_EQ(observation.completed_step_share, 1.0);
  run.params["max_steps"] = "-1";  // Not set: the run was planned by epochs.
  EnterSchedule(ReadSchedule(run), observation);
  EXPECT_FALSE(observation.completed_step_share.has_value());
}

}  // namespace
}  // namespace isoflop
