// What every RunStore promises. A further backend is one more INSTANTIATE_TEST_SUITE_P.

#include "plugin/store/run_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "plugin/store/sqlite_run_store.h"
#include "tests/plugin/testing/temporary_folder.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr int64_t kNowMs = 1'700'000'000'000;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kGreatest = std::numeric_limits<double>::max();

using Opener = std::function<absl::StatusOr<std::unique_ptr<RunStore>>(const TemporaryFolder&)>;

class RunStoreTest : public ::testing::TestWithParam<Opener> {
 protected:
  RunStoreTest() { Reopen(); }

  // As a restart does.
  void Reopen() {
    store_.reset();
    store_ = GetParam()(folder_).value();
  }

  std::vector<RunChange> Apply(const std::vector<RunEvent>& events) { return store_->Apply(events, kNowMs).value(); }

  RunRecord Run(const std::string& run_id) {
    const std::vector<RunRecord> runs = store_->LoadRuns("1", {run_id}).value();
    return runs.empty() ? RunRecord{} : runs[0];
  }

  // Everything that the store says of study 1, in one text.
  std::string State() {
    std::vector<RunRecord> runs = store_->LoadRuns("1").value();
    std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.run_id < b.run_id; });
    std::ostringstream text;
    text.precision(17);
    for (const RunRecord& run : runs) {
      text << run.run_id << '|' << run.run_name << '|' << static_cast<int>(run.status) << run.deleted << '|'
           << run.start_time_ms << '|' << run.end_time_ms << '\n';
      for (const auto& [key, value] : run.params) text << "  param " << key << '=' << value << '\n';
      for (const auto& [key, value] : run.tags) text << "  tag " << key << '=' << value << '\n';
      for (const auto& [key, metric] : run.metrics) {
        text << "  metric " << key << ' ' << metric.step << ' ' << metric.time_ms << ' ' << metric.value << ' '
             << metric.point_count << ' ' << metric.repeated_step_count << ' ' << metric.out_of_order_count << '\n';
      }
    }
    return text.str();
  }

  TemporaryFolder folder_;
  std::unique_ptr<RunStore> store_;
};

RunEvent Started(const std::string& run_id) {
  return {run_id, RunStarted{.study_id = "1", .run_name = "name of " + run_id, .start_time_ms = 10}};
}
RunEvent Ended(const std::string& run_id, RunStatus status = RunStatus::kFinished) {
  return {run_id, RunEnded{.status = status, .end_time_ms = 90}};
}
RunEvent Params(const std::string& run_id, NamedValues params) {
  return {run_id, ParamsAndTags{.params = std::move(params), .tags = {}, .removed_tags = {}}};
}
RunEvent Tags(const std::string& run_id, NamedValues tags, std::vector<std::string> removed = {}) {
  return {run_id, ParamsAndTags{.params = {}, .tags = std::move(tags), .removed_tags = std::move(removed)}};
}
RunEvent Points(const std::string& run_id, std::vector<int64_t> steps, std::vector<int64_t> times_ms,
                std::vector<double> values) {
  return {run_id, MetricPoints{.key = "loss", .steps = steps, .times_ms = times_ms, .values = values}};
}

TEST_P(RunStoreTest, KeepsRunsOverAReopening) {
  Apply({Started("a"), Params("a", {{"n", "10"}}), Tags("a", {{"t", "x"}}), Points("a", {1, 2}, {5, 6}, {3, 2.5}),
         Ended("a")});
  const std::string before = State();
  Reopen();
  EXPECT_EQ(State(), before);
  const RunRecord run = Run("a");
  EXPECT_EQ(run.run_name, "name of a");
  EXPECT_EQ(run.status, RunStatus::kFinished);
  EXPECT_EQ(run.end_time_ms, 90);
  EXPECT_THAT(run.params, UnorderedElementsAre(Pair("n", "10")));
  EXPECT_THAT(run.tags, UnorderedElementsAre(Pair("t", "x")));
  EXPECT_EQ(run.metrics.at("loss").value, 2.5);
  EXPECT_EQ(run.metrics.at("loss").point_count, 2);
  EXPECT_EQ(store_->CountAcknowledgedEvents().value(), 5);
}

TEST_P(RunStoreTest, TheLastValueIsThatOfTheGreatestStepTimeAndValue) {
  // MLflow's own rule; the points come in another order.
  Apply({Started("a"), Points("a", {7, 9, 9, 9, 8}, {5, 6, 7, 7, 90}, {1, 2, 3, 4, 5})});
  const MetricSummary metric = Run("a").metrics.at("loss");
  EXPECT_EQ(metric.step, 9);
  EXPECT_EQ(metric.time_ms, 7);
  EXPECT_EQ(metric.value, 4);
  EXPECT_EQ(metric.repeated_step_count, 2);  // Two of the three points of step 9.
  EXPECT_EQ(metric.out_of_order_count, 1);   // Step 8 was logged after step 9.
}

TEST_P(RunStoreTest, KeepsExtremeValuesAsMlflowDoes) {
  constexpr int64_t kFar = int64_t{1} << 62;
  Apply({Started("a"), Started("b"), Started("c"), Started("d"), Points("a", {-kFar, -5, 0}, {1, 2, 3}, {9, 8, kNan}),
         Points("b", {kFar}, {1}, {kInfinity}), Points("c", {0}, {1}, {-kInfinity}),
         Points("d", {0}, {1}, {1.797e308})});
  Reopen();
  EXPECT_TRUE(std::isnan(Run("a").metrics.at("loss").value));
  EXPECT_EQ(Run("a").metrics.at("loss").point_count, 3);
  EXPECT_EQ(Run("b").metrics.at("loss").step, kFar);
  EXPECT_EQ(Run("b").metrics.at("loss").value, kGreatest);
  EXPECT_EQ(Run("c").metrics.at("loss").value, -kGreatest);
  EXPECT_EQ(Run("d").metrics.at("loss").value, 1.797e308);
}

TEST_P(RunStoreTest, NotANumberAndZeroAreTwoPoints) {
  Apply({Started("a"), Points("a", {1, 1}, {1, 1}, {kNan, 0})});
  EXPECT_EQ(Run("a").metrics.at("loss").point_count, 2);
}

TEST_P(RunStoreTest, AParameterKeepsItsFirstValueAndATagItsLast) {
  Apply({Started("a"), Params("a", {{"n", "10"}}), Tags("a", {{"t", "x"}, {"u", "y"}})});
  Apply({Params("a", {{"n", "20"}}), Tags("a", {{"t", "z"}}, {"u"})});
  EXPECT_THAT(Run("a").params, UnorderedElementsAre(Pair("n", "10")));
  EXPECT_THAT(Run("a").tags, UnorderedElementsAre(Pair("t", "z")));
}

TEST_P(RunStoreTest, DuplicatedAndReorderedEventsLeadToTheSameState) {
  std::vector<RunEvent> events;
  for (const std::string run_id : {"a", "b", "c"}) {
    events.push_back(Started(run_id));
    events.push_back(Params(run_id, {{"n", run_id}}));
    events.push_back(Tags(run_id, {{"t", run_id}}));
    for (int i = 0; i < 20; ++i) events.push_back(Points(run_id, {i / 2, 100 - i}, {i, 7 * i % 5}, {1.0 / i, kNan}));
    events.push_back(Ended(run_id));
  }
  Apply(events);
  const std::string expected = State();

  std::vector<RunEvent> many = events;
  many.insert(many.end(), events.begin(), events.end());
  for (int seed = 0; seed < 10; ++seed) {
    TemporaryFolder other;
    store_ = GetParam()(other).value();
    std::shuffle(many.begin(), many.end(), std::mt19937(seed));
    for (size_t i = 0; i < many.size(); i += 7) {
      Apply({many.begin() + i, many.begin() + std::min(i + 7, many.size())});
    }
    EXPECT_EQ(State(), expected) << "seed " << seed;
    store_.reset();
  }
}

TEST_P(RunStoreTest, ReportsOnlyChangesThatALawCanSee) {
  EXPECT_THAT(Apply({Points("a", {1}, {1}, {3}), Params("a", {{"n", "1"}})}), IsEmpty());  // Its study is unknown.
  EXPECT_THAT(Apply({Started("a")}), SizeIs(1));
  EXPECT_THAT(Apply({Points("a", {2}, {2}, {2.5}), Params("a", {{"d", "1"}})}), IsEmpty());  // It is running.
  EXPECT_THAT(Apply({Ended("a")}), SizeIs(1));
  EXPECT_THAT(Apply({Ended("a"), Started("a"), Points("a", {2}, {2}, {2.5})}), IsEmpty());  // Known already.
  EXPECT_THAT(Apply({Points("a", {3}, {3}, {2.4})}), SizeIs(1));
  EXPECT_THAT(Apply({{"a", RunDeleted{}}}), SizeIs(1));
  EXPECT_THAT(Apply({{"a", RunRestored{}}}), SizeIs(1));
}

TEST_P(RunStoreTest, ARunThatRunsAgainHasNotEnded) {
  Apply({Started("a"), Ended("a")});
  EXPECT_THAT(Apply({{"a", RunStarted{}}}), SizeIs(1));
  EXPECT_EQ(Run("a").status, RunStatus::kRunning);
  EXPECT_EQ(Run("a").end_time_ms, 0);
  EXPECT_EQ(Run("a").run_name, "name of a");
}

TEST_P(RunStoreTest, ASnapshotReplacesNamesAndAddsPoints) {
  Apply({Started("a"), Params("a", {{"n", "10"}, {"old", "1"}}), Tags("a", {{"t", "x"}}), Points("a", {1}, {1}, {3})});
  const RunEvent snapshot = {"a",
                             RunSnapshot{.study_id = "1",
                                         .run_name = "new",
                                         .status = RunStatus::kFailed,
                                         .deleted = true,
                                         .start_time_ms = 11,
                                         .end_time_ms = 12,
                                         .params = {{"n", "20"}},
                                         .tags = {{"u", "y"}},
                                         .metrics = {{.key = "loss", .steps = {2}, .times_ms = {2}, .values = {2}}}}};
  EXPECT_THAT(Apply({snapshot}), SizeIs(1));
  const std::string after = State();
  EXPECT_THAT(Apply({snapshot}), IsEmpty());
  EXPECT_EQ(State(), after);
  const RunRecord run = Run("a");
  EXPECT_EQ(run.run_name, "new");
  EXPECT_EQ(run.status, RunStatus::kFailed);
  EXPECT_TRUE(run.deleted);
  EXPECT_THAT(run.params, UnorderedElementsAre(Pair("n", "20")));
  EXPECT_THAT(run.tags, UnorderedElementsAre(Pair("u", "y")));
  EXPECT_EQ(run.metrics.at("loss").point_count, 2);
}

TEST_P(RunStoreTest, ForgetsRunsThatTheTrackerNoLongerHas) {
  Apply({Started("a"),
         Points("a", {1}, {1}, {3}),
         Started("b"),
         Started("young"),
         Started("young and deleted"),
         {"young and deleted", RunDeleted{}}});
  const int64_t later = kNowMs + kRetainGraceMs;
  store_->Apply(std::vector<RunEvent>{Started("newer")}, later).value();
  const std::vector<RunChange> forgotten =
      store_->RetainRuns({.study_id = "1", .display_name = "one", .deleted = false}, {"b", "young"}, later).value();
  EXPECT_THAT(forgotten, SizeIs(2));
  EXPECT_THAT(store_->LoadRuns("1").value(), SizeIs(3));
  EXPECT_EQ(store_->ListStudies().value()[0].display_name, "one");
  // A run of that name starts afresh.
  Apply({Started("a"), Points("a", {5}, {5}, {4})});
  EXPECT_EQ(Run("a").metrics.at("loss").point_count, 1);
}

LawVersion Version(int64_t version) {
  return {.study_id = "1",
          .law = "chinchilla",
          .version = version,
          .observations_hash = "h",
          .created_time_ms = 1000 * version,
          .intervals_ready = true,
          .document = "document " + std::to_string(version),
          .replicas = {1.5, -2.5, 1e300 * static_cast<double>(version)}};
}

TEST_P(RunStoreTest, KeepsReplicasOfTheNewestVersionsOnly) {
  for (int64_t version = 1; version <= 5; ++version)
    EXPECT_THAT(store_->SaveLawVersions({Version(version)}), IsOk());
  Reopen();
  EXPECT_EQ(store_->LoadLawVersion("1", "chinchilla", 2)->document, "document 2");
  EXPECT_THAT(store_->LoadLawVersion("1", "chinchilla", 2)->replicas, IsEmpty());
  EXPECT_EQ(store_->LoadLawVersion("1", "chinchilla", 3)->replicas, Version(3).replicas);
  EXPECT_EQ(store_->LoadNewestLawVersion("1", "chinchilla").value()->version, 5);
  EXPECT_THAT(store_->LoadLawVersion("1", "chinchilla", 6), StatusIs(absl::StatusCode::kNotFound, "version 6"));
  EXPECT_FALSE(store_->LoadNewestLawVersion("2", "chinchilla")->has_value());
  const std::vector<LawVersion> listed = store_->ListLawVersions("1", "chinchilla", 5, 2).value();
  ASSERT_THAT(listed, SizeIs(2));
  EXPECT_EQ(listed[0].version, 4);
  EXPECT_EQ(listed[1].version, 3);
  EXPECT_THAT(listed[1].replicas, IsEmpty());
}

TEST_P(RunStoreTest, KeepsTheFirstPredictionOfEachTenthUntilTheRunIsForgotten) {
  Apply({Started("a")});
  Prediction prediction = {.study_id = "1", .run_id = "a", .tenth = 3, .time_ms = 70, .law_version = 2, .method = "TEMPLATE", .progress = 0.31,
                           .log_loss = 0.9, .standard_deviation = 0.01, .multiple = 2.6};
  EXPECT_THAT(store_->KeepPredictions({&prediction, 1}), IsOk());
  prediction.log_loss = 0.8;  // Said later, with more of the run known.
  EXPECT_THAT(store_->KeepPredictions({&prediction, 1}), IsOk());
  prediction.tenth = 4;
  EXPECT_THAT(store_->KeepPredictions({&prediction, 1}), IsOk());
  Reopen();
  const std::vector<Prediction> kept = store_->LoadPredictions("1").value();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].log_loss, 0.9);
  EXPECT_EQ(kept[0].progress, 0.31);
  EXPECT_EQ(kept[0].method, "TEMPLATE");
  EXPECT_EQ(kept[1].log_loss, 0.8);
  EXPECT_THAT(store_->LoadPredictions("2").value(), IsEmpty());
  store_->RetainRuns({.study_id = "1"}, {}, kNowMs + kRetainGraceMs).value();
  EXPECT_THAT(store_->LoadPredictions("1").value(), IsEmpty());
}

PlanRecord Planned(const std::string& name, double loss, int64_t law_version = 1) {
  return {.study_id = "1", .name = name, .file = "plan.yaml", .time_ms = 1000 * law_version, .verdict = "pass", .law = "chinchilla", .law_version = law_version,
          .convention = "TOTAL", .parameter_count = 1e9, .token_count = 2e10, .loss = loss, .loss_lower = loss - .1};
}

TEST_P(RunStoreTest, KeepsThePlanThatStandsWhenItsRunComesAndWhatIsPlannedAfter) {
  EXPECT_THAT(store_->KeepPlans({Planned("a", 2.5), Planned("b", 2.6)}), IsOk());
  EXPECT_THAT(store_->KeepPlans({Planned("a", 2.4, 2)}), IsOk());  // Replaces the first: no run came.
  Apply({Started("1"), Tags("1", {{kPlanTag, "a"}})});
  EXPECT_THAT(store_->KeepPlans({Planned("a", 2.3, 3)}), IsOk());
  EXPECT_THAT(store_->KeepPlans({Planned("a", 2.2, 4)}), IsOk());  // Replaces the third.
  Apply({Ended("1")});
  EXPECT_THAT(store_->KeepPlans({Planned("a", 2.1, 5)}), IsOk());
  Reopen();
  const std::vector<PlanRecord> plans = store_->LoadPlans("1").value();
  ASSERT_THAT(plans, SizeIs(4));
  EXPECT_EQ(plans[0].name, "b");
  for (const auto& [at, loss] : {std::pair(1, 2.4), std::pair(2, 2.2), std::pair(3, 2.1)}) EXPECT_EQ(plans[at].loss, loss);
  EXPECT_THAT(plans[1].open_run_ids, IsEmpty());
  EXPECT_THAT(plans[2].open_run_ids, UnorderedElementsAre("1"));
  EXPECT_THAT(plans[3].open_run_ids, IsEmpty());
  EXPECT_THAT(plans[3].ended_run_ids, UnorderedElementsAre("1"));
  EXPECT_EQ(plans[1].time_ms, 2000);
  EXPECT_EQ(plans[1].loss_lower, 2.4 - .1);
  EXPECT_EQ(plans[1].loss_upper, std::nullopt);
  EXPECT_EQ(plans[1].convention, "TOTAL");
  EXPECT_THAT(store_->LoadPlans("2").value(), IsEmpty());
}

TEST_P(RunStoreTest, APlanThatSaysTheSameAgainStandsAsItWas) {
  EXPECT_THAT(store_->KeepPlans({Planned("a", 2.5)}), IsOk());
  PlanRecord again = Planned("a", 2.5);
  again.time_ms = 9000;
  EXPECT_THAT(store_->KeepPlans({&again, 1}), IsOk());
  EXPECT_EQ(store_->LoadPlans("1")->at(0).time_ms, 1000);
}

TEST_P(RunStoreTest, FindsTheRunsOfPlansByTagByParameterAndByName) {
  Apply({Started("1"), Started("2"), Params("2", {{kPlanTag, "a"}}), Started("3"), Tags("3", {{kPlanTag, "a"}}), Params("3", {{kPlanTag, "b"}}),
         Started("4"), Tags("4", {{kPlanTag, ""}}), Started("5"), Tags("5", {{kPlanTag, "other"}}), Started("6")});
  EXPECT_THAT(store_->LoadRunsOfPlans("1").value(), IsEmpty());
  EXPECT_THAT(store_->KeepPlans({Planned("a", 2.5), Planned("name of 4", 2.5), Planned("name of 5", 2.5), Planned("name of 6", 2.5)}), IsOk());
  std::vector<std::pair<std::string, std::string>> found;
  const std::vector<RunOfPlan> runs = store_->LoadRunsOfPlans("1").value();
  for (const RunOfPlan& run : runs) found.emplace_back(run.run_id, run.plan);
  EXPECT_THAT(found, UnorderedElementsAre(Pair("2", "a"), Pair("3", "a"), Pair("4", "name of 4"), Pair("6", "name of 6")));
}

TEST_P(RunStoreTest, KeepsTheNewestPlansOfAStudy) {
  std::vector<PlanRecord> plans;
  for (int i = 0; i < kGreatestPlanRecordCount + 5; ++i) plans.push_back(Planned(std::to_string(i), 2.5));
  EXPECT_THAT(store_->KeepPlans(plans), IsOk());
  const std::vector<PlanRecord> kept = store_->LoadPlans("1").value();
  ASSERT_THAT(kept, SizeIs(kGreatestPlanRecordCount));
  EXPECT_EQ(kept.front().name, "5");
  EXPECT_EQ(kept.back().name, std::to_string(kGreatestPlanRecordCount + 4));
}

TEST_P(RunStoreTest, ReplacesTheSettingsOfAStudyAndSaysWhetherTheyDiffer) {
  EXPECT_THAT(store_->LoadSettings("1").value(), IsEmpty());
  EXPECT_FALSE(store_->SetSettings("1", {}).value());
  const SettingTags first = {{"isoflop.days", "30"}, {"isoflop.mapping.token_count", "seen * 1e9"}};
  EXPECT_TRUE(store_->SetSettings("1", first).value());
  EXPECT_FALSE(store_->SetSettings("1", first).value());
  Reopen();
  EXPECT_EQ(store_->LoadSettings("1").value(), first);
  EXPECT_THAT(store_->LoadSettings("2").value(), IsEmpty());
  EXPECT_TRUE(store_->SetSettings("1", {{"isoflop.days", "31"}}).value());
  EXPECT_EQ(store_->LoadSettings("1").value(), SettingTags({{"isoflop.days", "31"}}));
  EXPECT_TRUE(store_->SetSettings("1", {}).value());
  EXPECT_THAT(store_->LoadSettings("1").value(), IsEmpty());
}

TEST_P(RunStoreTest, GrantsTheLeaseToOneHolderAtATime) {
  EXPECT_TRUE(store_->AcquireLease("x", 1000, 500).value());
  EXPECT_FALSE(store_->AcquireLease("y", 1499, 500).value());
  EXPECT_TRUE(store_->AcquireLease("x", 1400, 500).value());  // Renewed until 1900.
  EXPECT_FALSE(store_->AcquireLease("y", 1899, 500).value());
  Reopen();
  EXPECT_FALSE(store_->AcquireLease("y", 1899, 500).value());
  EXPECT_TRUE(store_->AcquireLease("y", 1900, 500).value());
  EXPECT_FALSE(store_->AcquireLease("x", 1900, 500).value());
}

INSTANTIATE_TEST_SUITE_P(Sqlite, RunStoreTest, ::testing::Values([](const TemporaryFolder& folder) {
                           return OpenSqliteRunStore(folder.File("isoflop.db"));
                         }));

}  // namespace
}  // namespace isoflop
