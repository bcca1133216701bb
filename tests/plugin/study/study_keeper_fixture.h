#ifndef ISOFLOP_TESTS_PLUGIN_STUDY_STUDY_KEEPER_FIXTURE_H_
#define ISOFLOP_TESTS_PLUGIN_STUDY_STUDY_KEEPER_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "plugin/document/law_document.h"
#include "plugin/store/sqlite_run_store.h"
#include "plugin/study/study_keeper.h"
#include "tests/plugin/testing/temporary_folder.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {

inline int64_t NowMs() { return 1'700'000'000'000; }

// Hoffmann et al. 2022, approach 3, as refitted by Besiroglu et al. 2024.
inline double Loss(double n, double d) { return 1.8172 + 482.01 / std::pow(n, 0.3478) + 2085.43 / std::pow(d, 0.3658); }

struct PlannedRun {
  std::string run_id;
  double parameter_count;
  double token_count;
};

// A grid of 4 x 5 runs.
inline std::vector<PlannedRun> Grid() {
  std::vector<PlannedRun> runs;
  for (const double n : {5e7, 2e8, 8e8, 3.2e9}) {
    for (const double ratio : {3., 8., 20., 50., 120.}) runs.push_back({absl::StrCat(n, "x", ratio), n, ratio * n});
  }
  return runs;
}

inline RunEvent Points(const std::string& run_id, int64_t step, double value) {
  return {run_id, MetricPoints{.key = "loss", .steps = {step}, .times_ms = {step}, .values = {value}}};
}

inline std::vector<RunEvent> Finished(const PlannedRun& run, const std::string& study_id = "1") {
  return {{run.run_id, RunStarted{.study_id = study_id, .run_name = run.run_id}},
          {run.run_id, ParamsAndTags{.params = {{"parameter_count", absl::StrCat(run.parameter_count)},
                                                {"token_count", absl::StrCat(run.token_count)}}}},
          Points(run.run_id, 10, Loss(run.parameter_count, run.token_count)),
          {run.run_id, RunEnded{.status = RunStatus::kFinished, .end_time_ms = 5}}};
}

inline std::string Document(const StudyView& view) { return LawDocument(view.law->fit, view.law->refit).dump(); }

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

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_PLUGIN_STUDY_STUDY_KEEPER_FIXTURE_H_
