#include "tests/plugin/study/study_keeper_fixture.h"

#include "plugin/document/documents.h"

namespace isoflop {
namespace {

using ::testing::SizeIs;

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

}  // namespace
}  // namespace isoflop
