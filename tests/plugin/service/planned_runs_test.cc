// Which run a plan led to, and how its prediction is held against it.

#include "plugin/service/planned_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

PlanRecord Plan(int64_t time_ms, double loss, std::vector<std::string> open = {}, std::vector<std::string> ended = {}) {
  return {.study_id = "1", .name = "a", .time_ms = time_ms, .law = "chinchilla", .law_version = time_ms, .convention = "TOTAL",
          .parameter_count = 1e9, .token_count = 2e10, .training_flops = 1.2e20, .loss = loss, .loss_lower = loss - .1, .loss_upper = loss + .1,
          .open_run_ids = std::move(open), .ended_run_ids = std::move(ended)};
}

RunOfPlan RunNamed(const std::string& id, RunStatus status = RunStatus::kFinished, int64_t start_time_ms = 100, int64_t end_time_ms = 200) {
  return {.run_id = id, .run_name = id, .plan = "a", .status = status, .start_time_ms = start_time_ms, .end_time_ms = end_time_ms};
}

Observation Used(const std::string& id, double loss, double n = 1e9, double d = 2e10) {
  Observation run;
  run.run_id = id;
  run.parameter_count = n;
  run.token_count = d;
  run.loss_nats_per_token = loss;
  return run;
}

// The law versions of the plans that are left, each with the run that stands for it.
std::vector<std::pair<int64_t, std::string>> Joined(const std::vector<PlanFigures>& plans) {
  std::vector<std::pair<int64_t, std::string>> pairs;
  for (const PlanFigures& plan : plans) pairs.emplace_back(plan.law_version, plan.run ? plan.run->run_id : "");
  return pairs;
}

TEST(JoinPlansTest, TakesTheLastPredictionThatDidNotKnowTheRun) {
  const std::vector<PlanRecord> records = {Plan(10, 2.5), Plan(50, 2.4), Plan(120, 2.3, {"r"}), Plan(150, 2.2, {}, {"r"})};
  EXPECT_THAT(Joined(JoinPlans(records, {RunNamed("r")}, {})), ElementsAre(std::pair(50, "r"), std::pair(150, "")));
}

TEST(JoinPlansTest, TakesOneFromWhileTheRunWasUnderWayWhereNoneCameBefore) {
  EXPECT_THAT(Joined(JoinPlans({Plan(120, 2.3, {"r"}), Plan(250, 2.2, {}, {"r"})}, {RunNamed("r")}, {})), ElementsAre(std::pair(120, "r"), std::pair(250, "")));
}

TEST(JoinPlansTest, NeverTakesOneFromAfterTheEnd) {
  // Whether the service had heard of the end, or only the tracker's clock tells.
  for (const PlanRecord& late : {Plan(150, 2.2, {}, {"r"}), Plan(201, 2.2)}) {
    EXPECT_THAT(Joined(JoinPlans({late}, {RunNamed("r")}, {})), ElementsAre(std::pair(late.time_ms, "")));
  }
  EXPECT_THAT(Joined(JoinPlans({Plan(200, 2.2)}, {RunNamed("r")}, {})), ElementsAre(std::pair(200, "r")));
}

TEST(JoinPlansTest, AUsedRunStandsForThePlanBeforeOneUnderWayBeforeAFailedOne) {
  RecognizedStudy study;
  const std::vector<PlanRecord> records = {Plan(10, 2.5)};
  std::vector<RunOfPlan> runs = {RunNamed("crashed", RunStatus::kFailed, 300)};
  EXPECT_THAT(Joined(JoinPlans(records, runs, study)), ElementsAre(std::pair(10, "crashed")));
  runs.push_back(RunNamed("under way", RunStatus::kRunning, 200, 0));
  EXPECT_THAT(Joined(JoinPlans(records, runs, study)), ElementsAre(std::pair(10, "under way")));
  runs.push_back(RunNamed("done"));
  study.observations.push_back(Used("done", 2.55));
  const std::vector<PlanFigures> plans = JoinPlans(records, runs, study);
  EXPECT_THAT(Joined(plans), ElementsAre(std::pair(10, "done")));
  EXPECT_EQ(plans[0].run->other_run_count, 2);
}

TEST(JoinPlansTest, SizesOfAnotherConventionAreNotHeldAgainstEachOther) {
  RecognizedStudy study{.observations = {Used("r", 2.55)}};
  study.convention = ParameterConvention::kNonEmbedding;
  const PlanFigures plan = JoinPlans({Plan(10, 2.5)}, {RunNamed("r")}, study).at(0);
  EXPECT_EQ(plan.run->figures.parameter_count, std::nullopt);
  EXPECT_EQ(plan.run->figures.token_count, 2e10);
}

TEST(JoinPlansTest, SaysWhyAFinishedRunIsNotUsed) {
  RecognizedStudy study;
  study.excluded.push_back({.run_id = "r", .reason = "the last loss is not finite"});
  const PlanFigures plan = JoinPlans({Plan(10, 2.5)}, {RunNamed("r")}, study).at(0);
  EXPECT_EQ(plan.run->reason, "the last loss is not finite");
  EXPECT_EQ(plan.run->loss_nats_per_token, std::nullopt);
}

PlanFigures Outcome(double loss, double n = 1e9) {
  PlanFigures plan{.name = "a", .planned = {1e9, 2e10, 1.2e20}, .predicted = {2.5, 2.4, 2.6}};
  plan.run = RunOfPlanFigures{.run_id = "r", .state = "FINISHED", .figures = {n, 2e10, 6 * n * 2e10}, .loss_nats_per_token = loss};
  return plan;
}

TEST(PlannedRunsDocumentTest, HoldsEachLossAgainstItsInterval) {
  // Just inside and just outside both bounds.
  for (const auto& [loss, held] : {std::pair(2.4, true), std::pair(2.399, false), std::pair(2.6, true), std::pair(2.601, false)}) {
    const auto document = PlannedRunsDocument({Outcome(loss)});
    EXPECT_EQ(document["plans"][0]["held"], held) << loss;
    EXPECT_EQ(document["record"]["held_count"], held ? 1 : 0);
  }
}

TEST(PlannedRunsDocumentTest, TheRecordIsOfRunsThatWentAsPlanned) {
  // Deviations of 0.02 and -0.04 of 2.5; the third run is 6 % larger than planned, the fourth 4.9 %.
  const auto document = PlannedRunsDocument({Outcome(2.55), Outcome(2.4), Outcome(2.5, 1.06e9), Outcome(2.5, 1.049e9), {.name = "to come"}});
  const auto& record = document["record"];
  EXPECT_EQ(record["count"], 3);
  EXPECT_EQ(record["held_count"], 3);
  EXPECT_EQ(record["off_plan_count"], 1);
  EXPECT_NEAR(record["mean_deviation"].get<double>(), (.02 - .04) / 3, 1e-9);
  EXPECT_NEAR(record["mean_absolute_deviation"].get<double>(), (.02 + .04) / 3, 1e-9);
  EXPECT_EQ(document["plans"][0]["name"], "to come");
  EXPECT_TRUE(document["plans"][0]["run"].is_null());
  EXPECT_EQ(document["plans"][2]["as_planned"], false);
  EXPECT_NEAR(document["plans"][2]["deviation"]["parameter_count"].get<double>(), .06, 1e-9);
  EXPECT_NEAR(document["plans"][2]["deviation"]["training_flops"].get<double>(), .06, 1e-9);
}

TEST(PlannedRunsDocumentTest, IsBoundedToTheNewestAndCountsTheRest) {
  const auto document = PlannedRunsDocument(std::vector<PlanFigures>(kMostPlannedRuns + 3));
  EXPECT_THAT(document["plans"], SizeIs(kMostPlannedRuns));
  EXPECT_EQ(document["left_out_count"], 3);
  EXPECT_EQ(document["plan_count"], kMostPlannedRuns + 3);
  EXPECT_TRUE(document["record"]["held_share"].is_null());
}

}  // namespace
}  // namespace isoflop
