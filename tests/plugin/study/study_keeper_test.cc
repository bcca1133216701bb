#include "tests/plugin/study/study_keeper_fixture.h"

#include "plugin/document/documents.h"

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

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
