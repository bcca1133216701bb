#include "plugin/study/study_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "plugin/document/documents.h"
#include "plugin/document/law_document.h"
#include "plugin/store/sqlite_run_store.h"
#include "tests/plugin/testing/temporary_folder.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

int64_t NowMs() { return 1'700'000'000'000; }

// Hoffmann et al. 2022, approach 3, as refitted by Besiroglu et al. 2024.
double Loss(double n, double d) { return 1.8172 + 482.01 / std::pow(n, 0.3478) + 2085.43 / std::pow(d, 0.3658); }

struct PlannedRun {
  std::string run_id;
  double parameter_count;
  double token_count;
};

// A grid of 4 x 5 runs.
std::vector<PlannedRun> Grid() {
  std::vector<PlannedRun> runs;
  for (const double n : {5e7, 2e8, 8e8, 3.2e9}) {
    for (const double ratio : {3., 8., 20., 50., 120.}) runs.push_back({absl::StrCat(n, "x", ratio), n, ratio * n});
  }
  return runs;
}

RunEvent Points(const std::string& run_id, int64_t step, double value) {
  return {run_id, MetricPoints{.key = "loss", .steps = {step}, .times_ms = {step}, .values = {value}}};
}

std::vector<RunEvent> Finished(const PlannedRun& run, const std::string& study_id = "1") {
  return {{run.run_id, RunStarted{.study_id = study_id, .run_name = run.run_id}},
          {run.run_id, ParamsAndTags{.params = {{"parameter_count", absl::StrCat(run.parameter_count)},
                                                {"token_count", absl::StrCat(run.token_count)}}}},
          Points(run.run_id, 10, Loss(run.parameter_count, run.token_count)),
          {run.run_id, RunEnded{.status = RunStatus::kFinished, .end_time_ms = 5}}};
}

std::string Document(const StudyView& view) { return LawDocument(view.law->fit, view.law->refit).dump(); }

class StudyKeeperTest : public ::testing::Test {
 protected:
  StudyKeeperTest() { Restart(); }

  ~StudyKeeperTest() override { keeper_.reset(); }

  void Restart(int replica_count = 20) {
    StudyKeeperOptions options;
    options.fit.replica_count = replica_count;
    RestartWith(options);
  }

  void RestartWith(StudyKeeperOptions options) {
    keeper_.reset();
    store_.reset();
    seen_.clear();
    events_.clear();
    store_ = OpenSqliteRunStore(folder_.File("isoflop.db")).value();
    options.on_event = [this](const KeeperEvent& event) {
      std::lock_guard<std::mutex> guard(mutex_);
      events_.push_back(event);
    };
    keeper_ = std::make_unique<StudyKeeper>(*store_, NowMs, options);
    // Before Start, so that no view is missed.
    keeper_->views().Subscribe([this](const ViewPublisher::View& view) {
      std::lock_guard<std::mutex> guard(mutex_);
      seen_.push_back(view);
      changed_.notify_all();
    });
    ASSERT_THAT(keeper_->Start(), IsOk());
  }

  void Apply(const std::vector<RunEvent>& events) { keeper_->RunsChanged(store_->Apply(events, NowMs()).value()); }

  void ApplyGrid(const std::string& study_id = "1") {
    std::vector<RunEvent> events;
    for (PlannedRun& run : Grid()) {
      if (study_id != "1") run.run_id += " of " + study_id;
      for (RunEvent& event : Finished(run, study_id)) events.push_back(std::move(event));
    }
    Apply(events);
  }

  // The first view from now on that is as wanted; the newest one may be it.
  ViewPublisher::View Await(const std::function<bool(const StudyView&)>& wanted) {
    std::unique_lock<std::mutex> lock(mutex_);
    ViewPublisher::View found;
    const bool came = changed_.wait_for(lock, std::chrono::seconds(60), [&] {
      if (seen_.empty() || !wanted(*seen_.back())) return false;
      found = seen_.back();
      return true;
    });
    EXPECT_TRUE(came);
    return found;
  }

  ViewPublisher::View AwaitIntervals(int64_t version) {
    return Await([=](const StudyView& view) { return view.version() == version && view.law->intervals_ready; });
  }

  TemporaryFolder folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ViewPublisher::View> seen_;
  std::vector<KeeperEvent> events_;
  std::unique_ptr<RunStore> store_;
  std::unique_ptr<StudyKeeper> keeper_;
};

TEST_F(StudyKeeperTest, PublishesThePointEstimateFirstAndItsIntervalsForTheSameVersion) {
  ApplyGrid();
  AwaitIntervals(1);
  std::vector<ViewPublisher::View> with_law;
  for (const ViewPublisher::View& view : seen_) {
    if (view->law != nullptr) with_law.push_back(view);
  }
  ASSERT_THAT(with_law, SizeIs(2));
  const Fit& first = with_law[0]->law->fit;
  const Fit& second = with_law[1]->law->fit;
  EXPECT_FALSE(with_law[0]->law->intervals_ready);
  EXPECT_EQ(first.version, 1);
  EXPECT_EQ(second.version, 1);
  EXPECT_EQ(second.replica_count, 20);
  for (size_t i = 0; i < first.parameters.size(); ++i) {
    EXPECT_EQ(first.parameters[i].value.estimate, second.parameters[i].value.estimate);
    EXPECT_FALSE(first.parameters[i].value.lower.has_value());
    EXPECT_TRUE(second.parameters[i].value.lower.has_value());
  }
  // The planted law, noise-free.
  EXPECT_NEAR(*first.parameters[0].value.estimate, 1.8172, 1e-4);
  const LawVersion stored = *store_->LoadNewestLawVersion("1", "chinchilla").value();
  PublishedLaw without_runs = *with_law[1]->law;
  EXPECT_THAT(without_runs.fit.runs, SizeIs(20));
  without_runs.fit.runs.clear();  // The store has them as runs.
  EXPECT_EQ(JoinLaw({stored.document, stored.replicas}).value(), LawDocument(without_runs.fit, without_runs.refit).dump());
}

TEST_F(StudyKeeperTest, ARunningRunChangesCountsButNotTheLaw) {
  ApplyGrid();
  AwaitIntervals(1);
  Apply({{"new", RunStarted{.study_id = "1", .run_name = "new"}}, Points("new", 1, 9)});
  const ViewPublisher::View view = Await([](const StudyView& view) { return view.running_run_count == 1; });
  EXPECT_EQ(view->run_count, 21);
  EXPECT_EQ(view->ended_run_count, 20);
  EXPECT_EQ(view->version(), 1);
}

TEST_F(StudyKeeperTest, ARunThatFailsChangesTheExclusionsButNotTheLaw) {
  ApplyGrid();
  AwaitIntervals(1);
  std::vector<RunEvent> events = Finished({"failed", 1e9, 1e10});
  std::get<RunEnded>(events.back().kind).status = RunStatus::kFailed;
  Apply(events);
  const ViewPublisher::View view = Await([](const StudyView& view) { return view.ended_run_count == 21; });
  EXPECT_THAT(view->recognized->excluded, SizeIs(1));
  EXPECT_EQ(view->version(), 1);
}

TEST_F(StudyKeeperTest, AMappingThatIsSetMakesAVersionEqualToAColdStartWithItAndABadOneIsToldAndNotUsed) {
  ApplyGrid();
  std::vector<RunEvent> other_losses;
  for (const PlannedRun& run : Grid()) {
    // The planted law with E + 0.5, under a name that is no known one.
    other_losses.push_back({run.run_id, MetricPoints{.key = "dev/nll", .steps = {10}, .times_ms = {10}, .values = {0.5 + Loss(run.parameter_count, run.token_count)}}});
  }
  Apply(other_losses);
  AwaitIntervals(1);
  store_->SetSettings("1", {{"isoflop.mapping.loss_nats_per_token", "metric:dev/nll"}, {"isoflop.mapping.token_count", "gone"}, {"isoflop.mapping.colour", "x"}}).value();
  keeper_->SettingsChanged("1");
  const ViewPublisher::View view = Await([](const StudyView& view) {
    return view.version() > 1 && view.law->intervals_ready && view.recognized->mapping.front().by_hand;
  });
  EXPECT_EQ(view->recognized->mapping.front().key, "dev/nll");
  EXPECT_TRUE(view->law->refit.change->mapping_changed);
  EXPECT_NEAR(*view->law->fit.parameters[0].value.estimate, 0.5 + 1.8172, 1e-4);
  ASSERT_THAT(view->recognized->setting_issues, SizeIs(1));
  EXPECT_EQ(view->recognized->setting_issues[0].reason, "none of 20 finished runs has `gone`");
  ASSERT_THAT(view->settings->issues, SizeIs(1));
  EXPECT_EQ(view->settings->issues[0].name, "isoflop.mapping.colour");
  FitOptions from_scratch;
  from_scratch.replica_count = 20;
  const RecognizedStudy cold = RecognizeStudy(store_->LoadRuns("1").value(), 0, view->settings->mapping);
  Fit expected = FitLaw(cold.observations, from_scratch).value();
  ASSERT_THAT(ComputeReplicas(cold.observations, from_scratch, nullptr, expected), IsOk());
  EXPECT_EQ(view->law->fit.observations_hash, expected.observations_hash);
  for (size_t i = 0; i < expected.parameters.size(); ++i) {
    EXPECT_EQ(view->law->fit.parameters[i].value.estimate, expected.parameters[i].value.estimate);
    EXPECT_EQ(view->law->fit.parameters[i].value.lower, expected.parameters[i].value.lower);
  }
  const int64_t version = view->version();
  Restart();
  EXPECT_EQ(AwaitIntervals(version)->recognized->mapping.front().key, "dev/nll");
}

TEST_F(StudyKeeperTest, CorrectionDeletionAndRestorationEachMakeAVersionThatEqualsAFitOfWhatStands) {
  ApplyGrid();
  const ViewPublisher::View first = AwaitIntervals(1);
  const std::string run_id = Grid()[7].run_id;
  Apply({Points(run_id, 11, 2.9)});
  const ViewPublisher::View corrected = AwaitIntervals(2);
  EXPECT_NE(corrected->law->fit.observations_hash, first->law->fit.observations_hash);
  Apply({{run_id, RunDeleted{}}});
  EXPECT_EQ(AwaitIntervals(3)->law->fit.observation_count, 19);
  Apply({{run_id, RunRestored{}}});
  const ViewPublisher::View restored = AwaitIntervals(4);
  Fit expected = corrected->law->fit;
  expected.version = 4;
  EXPECT_EQ(FitDocument(restored->law->fit), FitDocument(expected));
  EXPECT_THAT(store_->ListLawVersions("1", "chinchilla", 100, 100).value(), SizeIs(4));
}

TEST_F(StudyKeeperTest, UnchangedEvidenceMakesNoVersionAcrossARestart) {
  ApplyGrid();
  const std::string document = Document(*AwaitIntervals(1));
  Restart();
  EXPECT_EQ(Document(*AwaitIntervals(1)), document);
  // A change that leaves the evidence as it was passes through the refit thread, so that an earlier needless version
  // would be seen.
  Apply({{"new", RunStarted{.study_id = "1", .run_name = "new"}}});
  EXPECT_EQ(Await([](const StudyView& view) { return view.running_run_count == 1; })->version(), 1);
  EXPECT_EQ(Document(*keeper_->views().Find("1")), document);
}

TEST_F(StudyKeeperTest, AStartAdoptsTheNewestVersionWithItsReplicas) {
  ApplyGrid();
  const ViewPublisher::View before = AwaitIntervals(1);
  Restart();
  const ViewPublisher::View after = Await([](const StudyView& view) { return view.law != nullptr; });
  EXPECT_EQ(after->law->fit.replicas, before->law->fit.replicas);
  EXPECT_THAT(before->law->fit.replicas, SizeIs(20));
  // A turn of the study and one of its intervals pass; neither computes anything.
  Apply({{"new", RunStarted{.study_id = "1", .run_name = "new"}}});
  Await([](const StudyView& view) { return view.running_run_count == 1; });
  keeper_.reset();
  ASSERT_THAT(events_, SizeIs(1));
  EXPECT_EQ(events_[0].kind, KeeperEvent::Kind::kAdopted);
}

TEST_F(StudyKeeperTest, EvidenceThatChangedWhileItWasDownIsRefittedAtTheStart) {
  ApplyGrid();
  AwaitIntervals(1);
  keeper_.reset();
  ASSERT_THAT(store_->Apply(Finished({"late", 4e8, 9e9}), NowMs()), IsOk());
  Restart();
  const ViewPublisher::View view = AwaitIntervals(2);
  EXPECT_EQ(view->law->fit.observation_count, 21);
  EXPECT_FALSE(view->law->refit.change.has_value());  // Not known: it came meanwhile.
}

TEST_F(StudyKeeperTest, EachVersionRecordsWhatChangedInItsEvidence) {
  ApplyGrid();
  const EvidenceChange first = AwaitIntervals(1)->law->refit.change.value();
  EXPECT_EQ(first.added.count, 20);
  EXPECT_THAT(first.added.run_ids, SizeIs(20));
  const std::string corrected = Grid()[7].run_id, deleted = Grid()[8].run_id;
  std::vector<RunEvent> events = Finished({"new", 4e8, 9e9});
  events.push_back(Points(corrected, 11, 2.9));
  events.push_back({deleted, RunDeleted{}});
  Apply(events);
  const ViewPublisher::View second = AwaitIntervals(2);
  const EvidenceChange& change = second->law->refit.change.value();
  EXPECT_THAT(change.added.run_ids, ElementsAre("new"));
  EXPECT_THAT(change.corrected.run_ids, ElementsAre(corrected));
  EXPECT_THAT(change.withdrawn.run_ids, ElementsAre(deleted));
  EXPECT_FALSE(change.mapping_changed);
  EXPECT_GT(second->law->refit.duration_ms, 0);
  EXPECT_GT(second->law->refit.intervals_duration_ms.value(), 0);
  // It is kept.
  const LawVersion stored = *store_->LoadNewestLawVersion("1", "chinchilla").value();
  const ParsedLaw parsed = ParseLaw({stored.document, stored.replicas}).value();
  EXPECT_THAT(parsed.refit.change->withdrawn.run_ids, ElementsAre(deleted));
  EXPECT_EQ(parsed.refit.duration_ms, second->law->refit.duration_ms);
}

TEST_F(StudyKeeperTest, AMappingThatChangesComesToTheLawOfAColdStartWithItAndIsRecorded) {
  std::vector<RunEvent> events;
  for (const PlannedRun& run : Grid()) {
    for (RunEvent& event : Finished(run)) events.push_back(std::move(event));
    const double other = 1.02 * Loss(run.parameter_count, run.token_count);
    events.push_back({run.run_id, MetricPoints{.key = "quality/final", .steps = {10}, .times_ms = {10}, .values = {other}}});
  }
  Apply(events);
  const Fit first = AwaitIntervals(1)->law->fit;
  const auto set = [this](const SettingTags& settings) {
    ASSERT_TRUE(store_->SetSettings("1", settings).value());
    keeper_->SettingsChanged("1");
  };
  set({{"isoflop.mapping.loss_nats_per_token", "quality/final"}, {"isoflop.mapping.parameters", "x"}, {"isoflop.days", "30"}});
  const ViewPublisher::View second = AwaitIntervals(2);
  EXPECT_TRUE(second->law->refit.change->mapping_changed);
  EXPECT_EQ(second->recognized->mapping.at(0).key, "quality/final");
  EXPECT_TRUE(second->recognized->mapping.at(0).by_hand);
  ASSERT_THAT(second->settings->issues, SizeIs(1));
  EXPECT_EQ(second->settings->issues[0].name, "isoflop.mapping.parameters");
  // E, A and B are of the unit of the loss: all 2 % higher, the exponents as they were.
  for (size_t i = 0; i < first.parameters.size(); ++i) {
    const bool exponent = first.parameters[i].name.ends_with("_exponent");
    EXPECT_NEAR(*second->law->fit.parameters[i].value.estimate / *first.parameters[i].value.estimate, exponent ? 1 : 1.02, 1e-4);
  }
  // A number that counts something else: the runs read the same, but the law is of another convention.
  set({{"isoflop.mapping.loss_nats_per_token", "quality/final"}, {"isoflop.mapping.active_parameter_count", "parameter_count"}});
  const ViewPublisher::View warm = AwaitIntervals(3);
  EXPECT_EQ(warm->law->fit.convention, ParameterConvention::kActive);

  keeper_.reset();
  const TemporaryFolder other;
  store_ = OpenSqliteRunStore(other.File("isoflop.db")).value();
  store_->Apply(events, NowMs()).value();
  ASSERT_TRUE(store_->SetSettings("1", warm->settings->tags).value());
  StudyKeeperOptions options;
  options.fit.replica_count = 20;
  StudyKeeper cold(*store_, NowMs, options);
  cold.views().Subscribe([this](const ViewPublisher::View& view) {
    std::lock_guard<std::mutex> guard(mutex_);
    seen_.push_back(view);
    changed_.notify_all();
  });
  ASSERT_THAT(cold.Start(), IsOk());
  Fit expected = AwaitIntervals(1)->law->fit;
  expected.version = 3;
  EXPECT_EQ(FitDocument(warm->law->fit), FitDocument(expected));
}

TEST_F(StudyKeeperTest, ARefitThatIsAskedForFitsTheSameRunsFromScratchIntoANewVersion) {
  ApplyGrid();
  const Fit first = AwaitIntervals(1)->law->fit;
  const SettingTags asked = {{"isoflop.refit", "2026-01-01T00:00:00Z"}};
  ASSERT_TRUE(store_->SetSettings("1", asked).value());
  keeper_->SettingsChanged("1");
  const SharedLaw law = AwaitIntervals(2)->law;
  EXPECT_EQ(law->refit.kind, RefitKind::kCold);
  EXPECT_EQ(law->refit.change->added.count + law->refit.change->corrected.count + law->refit.change->withdrawn.count, 0);
  Fit expected = first;
  expected.version = 2;
  EXPECT_EQ(FitDocument(law->fit), FitDocument(expected));
  Restart();  // What was asked for is done.
  Apply({{"new", RunStarted{.study_id = "1", .run_name = "new"}}});
  EXPECT_EQ(Await([](const StudyView& view) { return view.running_run_count == 1; })->version(), 2);
}

TEST_F(StudyKeeperTest, WhatCountsAsGoodFollowsTheSettingAndMakesNoVersion) {
  ApplyGrid();
  AwaitIntervals(1);
  const auto set = [this](const char* tolerance) {
    ASSERT_TRUE(store_->SetSettings("1", {{"isoflop.tolerance", tolerance}}).value());
    keeper_->SettingsChanged("1");
  };
  const auto await = [this](std::optional<double> tolerance) {
    return Await([=](const StudyView& view) { return !view.settings->tags.empty() && view.law->fit.as_good_tolerance == tolerance; });
  };
  set("1.5 %");
  EXPECT_EQ(await(0.015)->version(), 1);
  Restart();
  EXPECT_TRUE(await(0.015)->law->intervals_ready);
  set("0.5");  // Meant in percent.
  const ViewPublisher::View bad = await(std::nullopt);
  ASSERT_THAT(bad->settings->issues, SizeIs(1));
  EXPECT_EQ(bad->settings->issues[0].reason, "tolerance must be a share of the loss in (0, 0.1], got 0.5");
}

TEST_F(StudyKeeperTest, APublishedPriorStandsInForRunsUntilItIsTakenBack) {
  // Six runs: one too few for the law alone.
  const std::vector<PlannedRun> grid = Grid();
  for (size_t i : {0, 4, 7, 12, 15, 19}) Apply(Finished(grid[i]));
  EXPECT_FALSE(Await([](const StudyView& view) { return view.law != nullptr && view.law->fit.observation_count == 6; })->law->fit.identified());
  const auto set = [this](const SettingTags& settings) {
    ASSERT_TRUE(store_->SetSettings("1", settings).value());
    keeper_->SettingsChanged("1");
  };
  set({{"isoflop.prior", "besiroglu2024"}});
  const ViewPublisher::View with = Await([](const StudyView& view) { return view.law->fit.identified() && view.law->intervals_ready; });
  EXPECT_EQ(with->law->fit.published_prior, "besiroglu2024");
  EXPECT_NEAR(*with->law->fit.parameters[0].value.estimate, 1.8172, 0.01) << "the runs are of that law";
  FitOptions options;
  options.published_prior = "besiroglu2024";
  options.replica_count = 20;
  Fit expected = FitLaw(with->recognized->observations, options).value();
  ASSERT_THAT(ComputeReplicas(with->recognized->observations, options, nullptr, expected), IsOk());
  expected.version = with->version();
  EXPECT_EQ(FitDocument(with->law->fit), FitDocument(expected));
  Restart();  // It is of what was set: nothing to refit.
  EXPECT_EQ(Await([](const StudyView& view) { return view.law != nullptr; })->version(), with->version());
  set({{"isoflop.prior", "nobody1999"}});
  const ViewPublisher::View without = Await([](const StudyView& view) { return !view.law->fit.identified(); });
  EXPECT_EQ(without->version(), with->version() + 1);
  ASSERT_THAT(without->settings->issues, SizeIs(1));
  EXPECT_NE(without->settings->issues[0].reason.find("published law must be one of hoffmann2022"), std::string::npos);
}

TEST_F(StudyKeeperTest, SaysOnceThatALawWaitsForRunsWithWhatItNeeds) {
  StudyKeeperOptions options;
  options.fit.replica_count = 20;
  options.laws = {"chinchilla", "learning_rate"};
  RestartWith(options);
  for (const PlannedRun& run : Grid()) {
    Apply(Finished(run));
    Await([&](const StudyView& view) { return !view.recognized->observations.empty() && view.recognized->observations.back().run_id >= run.run_id; });
  }
  AwaitIntervals(Await([](const StudyView& view) { return view.law->fit.observation_count == 20; })->version());
  std::lock_guard<std::mutex> guard(mutex_);
  std::vector<KeeperEvent> waits;
  for (const KeeperEvent& event : events_) {
    EXPECT_NE(event.kind, KeeperEvent::Kind::kRefitFailed);
    if (event.kind == KeeperEvent::Kind::kLawWaits) waits.push_back(event);
  }
  ASSERT_THAT(waits, SizeIs(1));
  EXPECT_EQ(waits[0].law, "learning_rate");
  EXPECT_EQ(waits[0].status.message(), "learning_rate needs what was not recognised in this run: learning_rate");
}

TEST_F(StudyKeeperTest, KeepsEachLawOfTheSettingWithVersionsOfItsOwn) {
  StudyKeeperOptions options;
  options.fit.replica_count = 20;
  ApplyGrid();
  AwaitIntervals(1);
  options.laws = {"chinchilla", "kaplan_nd"};
  const auto both_ready = [](const StudyView& view) {
    const SharedLaw law = view.FindLaw("kaplan_nd");
    return law != nullptr && law->intervals_ready && view.law->intervals_ready;
  };
  RestartWith(options);
  EXPECT_EQ(Await(both_ready)->version(), 1);
  Apply({Points(Grid()[7].run_id, 11, 2.9)});
  const ViewPublisher::View view =
      Await([&](const StudyView& view) { return view.version() == 2 && both_ready(view); });
  EXPECT_EQ(view->law->fit.law, "chinchilla");
  EXPECT_EQ(view->FindLaw("kaplan_nd")->fit.version, 2);
  EXPECT_THAT(store_->ListLawVersions("1", "kaplan_nd", 100, 100).value(), SizeIs(2));
}

TEST_F(StudyKeeperTest, AnswersAreTheSameWhenWhatMakesRefitsQuickIsDroppedEachTime) {
  StudyKeeperOptions options;
  options.fit.replica_count = 20;
  options.fitter_memory_bytes = 1;  // Room for one law at a time.
  RestartWith(options);
  ApplyGrid();
  ApplyGrid("2");
  const auto settled = [&](const std::string& study_id, int64_t version) {
    return Await([=, this](const StudyView&) {
      const ViewPublisher::View view = keeper_->views().Find(study_id);
      return view != nullptr && view->version() == version && view->law->intervals_ready;
    });
  };
  settled("1", 1);
  settled("2", 1);
  for (int64_t version = 2; version <= 4; ++version) {
    Apply(Finished({absl::StrCat("a", version), 4e8, 9e9 * version}));
    settled("1", version);
    Apply(Finished({absl::StrCat("b", version), 4e8, 9e9 * version}, "2"));
    settled("2", version);
  }
  // Both studies hold the same contents as a fit from scratch of them.
  const ViewPublisher::View one = keeper_->views().Find("1"), two = keeper_->views().Find("2");
  FitOptions from_scratch = options.fit;
  from_scratch.law = "chinchilla";
  Fit expected = FitLaw(one->recognized->observations, from_scratch).value();
  ASSERT_THAT(ComputeReplicas(one->recognized->observations, from_scratch, nullptr, expected), IsOk());
  for (const ViewPublisher::View& view : {one, two}) {
    EXPECT_EQ(view->law->fit.observations_hash, expected.observations_hash);
    for (size_t i = 0; i < expected.parameters.size(); ++i) {
      const Interval &got = view->law->fit.parameters[i].value, &want = expected.parameters[i].value;
      EXPECT_NEAR(*got.estimate / *want.estimate, 1, 1e-6);  // As core/refit promises.
      EXPECT_NEAR(*got.lower / *want.lower, 1, 1e-6);
      EXPECT_NEAR(*got.upper / *want.upper, 1, 1e-6);
    }
  }
}

TEST_F(StudyKeeperTest, IntervalsOfOneStudyDoNotHoldUpThePointsOfAnother) {
  StudyKeeperOptions options;
  options.fit.replica_count = 2'000'000;  // These would take longer than the test may.
  options.thread_count = 1;
  RestartWith(options);
  ApplyGrid();
  Await([](const StudyView& view) { return view.version() == 1; });
  ApplyGrid("2");
  Await([](const StudyView& view) { return view.study_id == "2" && view.version() == 1; });
  EXPECT_FALSE(keeper_->views().Find("1")->law->intervals_ready);
}

TEST_F(StudyKeeperTest, ANewerVersionCancelsOlderIntervals) {
  // These replicas would take longer than the test may.
  Restart(/*replica_count=*/2'000'000);
  ApplyGrid();
  Await([](const StudyView& view) { return view.version() == 1; });
  Apply(Finished({"more", 4e8, 9e9}));
  Await([](const StudyView& view) { return view.version() == 2; });
  // The end of the keeper cancels the second version's.
  Restart(/*replica_count=*/20);
  AwaitIntervals(2);
  EXPECT_FALSE(store_->LoadLawVersion("1", "chinchilla", 1)->intervals_ready);
}

TEST_F(StudyKeeperTest, ABurstOfEndsMakesFewVersionsAndTheLastHoldsAll) {
  const std::vector<PlannedRun> grid = Grid();
  for (const PlannedRun& run : grid) Apply(Finished(run));
  const ViewPublisher::View last = Await([&](const StudyView& view) {
    return view.law != nullptr && view.law->fit.observation_count == int64_t(grid.size());
  });
  EXPECT_LE(last->version(), int64_t(grid.size()));
  int64_t version = 0;
  for (const ViewPublisher::View& view : seen_) {
    EXPECT_GE(view->version(), version);
    version = view->version();
  }
}

TEST_F(StudyKeeperTest, ThinEvidenceIsAVersionThatSaysWhatIsMissing) {
  Apply(Finished(Grid()[0]));
  const ViewPublisher::View view = AwaitIntervals(1);
  EXPECT_FALSE(view->law->fit.identified());
  EXPECT_TRUE(HasError(view->law->fit.diagnostics));
}

}  // namespace
}  // namespace isoflop
