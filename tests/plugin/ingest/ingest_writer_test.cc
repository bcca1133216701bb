#include "plugin/ingest/ingest_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "plugin/store/sqlite_run_store.h"
#include "tests/plugin/testing/temporary_folder.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

int64_t NowMs() { return 1'700'000'000'000; }

RunEvent Started(const std::string& run_id) { return {run_id, RunStarted{.study_id = "1", .run_name = run_id}}; }

// A store whose writes wait for permission, and can be made to fail: what a slow or full disk does.
class GatedStore : public RunStore {
 public:
  explicit GatedStore(std::unique_ptr<RunStore> store) : store_(std::move(store)) {}

  void Hold() { gate_.lock(); }
  void LetGo() { gate_.unlock(); }
  void FailWith(absl::Status status) { failure_ = std::move(status); }
  int apply_count() const { return apply_count_; }

  absl::StatusOr<std::vector<RunChange>> Apply(absl::Span<const RunEvent> events, int64_t now_ms) override {
    std::lock_guard<std::mutex> guard(gate_);
    ++apply_count_;
    if (!failure_.ok()) return failure_;
    return store_->Apply(events, now_ms);
  }
  absl::StatusOr<int64_t> CountAcknowledgedEvents() override { return store_->CountAcknowledgedEvents(); }
  absl::StatusOr<std::vector<StudyRecord>> ListStudies() override { return store_->ListStudies(); }
  absl::StatusOr<std::vector<RunRecord>> LoadRuns(const std::string& study) override { return store_->LoadRuns(study); }
  absl::StatusOr<std::vector<RunRecord>> LoadRuns(const std::string& study,
                                                  const std::vector<std::string>& run_ids) override {
    return store_->LoadRuns(study, run_ids);
  }
  absl::StatusOr<std::vector<MetricCurve>> LoadCurves(const std::string& study, const std::string& key) override {
    return store_->LoadCurves(study, key);
  }
  absl::StatusOr<MetricCurve> LoadCurve(const std::string& run, const std::string& key) override { return store_->LoadCurve(run, key); }
  absl::Status KeepPredictions(absl::Span<const Prediction> predictions) override { return store_->KeepPredictions(predictions); }
  absl::StatusOr<std::vector<Prediction>> LoadPredictions(const std::string& study) override { return store_->LoadPredictions(study); }
  absl::Status KeepPlans(absl::Span<const PlanRecord> records) override { return store_->KeepPlans(records); }
  absl::StatusOr<std::vector<PlanRecord>> LoadPlans(const std::string& study) override { return store_->LoadPlans(study); }
  absl::StatusOr<std::vector<RunOfPlan>> LoadRunsOfPlans(const std::string& study) override { return store_->LoadRunsOfPlans(study); }
  absl::StatusOr<bool> CompactSettledRun(int64_t now_ms) override { return store_->CompactSettledRun(now_ms); }
  absl::StatusOr<bool> SetSettings(const std::string& study_id, const SettingTags& settings) override { return store_->SetSettings(study_id, settings); }
  absl::StatusOr<SettingTags> LoadSettings(const std::string& study_id) override { return store_->LoadSettings(study_id); }
  absl::StatusOr<std::vector<RunChange>> RetainRuns(const StudyRecord& study, const std::vector<std::string>& run_ids,
                                                    int64_t now_ms) override {
    return store_->RetainRuns(study, run_ids, now_ms);
  }
  absl::Status SaveLawVersions(absl::Span<const LawVersion> versions) override {
    return store_->SaveLawVersions(versions);
  }
  absl::StatusOr<LawVersion> LoadLawVersion(const std::string& study, const std::string& law,
                                            int64_t version) override {
    return store_->LoadLawVersion(study, law, version);
  }
  absl::StatusOr<std::vector<LawVersion>> ListLawVersions(const std::string& study, const std::string& law,
                                                          int64_t before, int limit) override {
    return store_->ListLawVersions(study, law, before, limit);
  }
  absl::StatusOr<std::optional<LawVersion>> LoadNewestLawVersion(const std::string& study,
                                                                 const std::string& law) override {
    return store_->LoadNewestLawVersion(study, law);
  }
  absl::StatusOr<bool> AcquireLease(const std::string& holder, int64_t now_ms, int64_t duration_ms) override {
    return store_->AcquireLease(holder, now_ms, duration_ms);
  }

 private:
  std::unique_ptr<RunStore> store_;
  std::mutex gate_;
  absl::Status failure_;
  int apply_count_ = 0;
};

class IngestWriterTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  GatedStore store_{OpenSqliteRunStore(folder_.File("isoflop.db")).value()};
  std::vector<RunChange> changes_;

  std::unique_ptr<IngestWriter> MakeWriter(IngestWriterOptions options = {}) {
    return std::make_unique<IngestWriter>(
        store_,
        [this](const std::vector<RunChange>& changes) {
          changes_.insert(changes_.end(), changes.begin(), changes.end());
        },
        NowMs, options);
  }
};

TEST_F(IngestWriterTest, AcknowledgesOnlyWhatAReaderOfTheStoreSees) {
  const std::unique_ptr<IngestWriter> writer = MakeWriter();
  for (int i = 0; i < 50; ++i) {
    const std::string run_id = "run " + std::to_string(i);
    std::promise<size_t> found;
    writer->Submit({.events = {Started(run_id)},
                    .on_stored = [&](const absl::Status&) { found.set_value(store_.LoadRuns("1", {run_id})->size()); }},
                   [] {});
    EXPECT_EQ(found.get_future().get(), 1u);
  }
  EXPECT_EQ(changes_.size(), 50u);
}

TEST_F(IngestWriterTest, CommitsWhatWaitsAsOneGroup) {
  store_.Hold();
  std::vector<int> order;
  {
    const std::unique_ptr<IngestWriter> writer = MakeWriter();
    for (int i = 0; i < 60; ++i) {
      writer->Submit({.events = {Started(std::to_string(i))},
                      .on_stored =
                          [&order, i](const absl::Status& status) {
                            EXPECT_THAT(status, IsOk());
                            order.push_back(i);
                          }},
                     [] {});
    }
    store_.LetGo();
  }  // Stores what is queued, then ends.
  ASSERT_EQ(order.size(), 60u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_LE(store_.apply_count(), 2);  // One may have begun with the first batch alone.
}

TEST_F(IngestWriterTest, SaysWhenItsQueueIsFullAndWhenThereIsRoomAgain) {
  store_.Hold();
  const std::unique_ptr<IngestWriter> writer =
      MakeWriter({.queue_bytes = 2000, .group_batch_count = 1, .group_bytes = 2000});
  std::promise<void> room;
  int submitted = 0;
  // A batch of one event takes some hundreds of bytes, and the writer may hold one.
  while (
      writer->Submit({.events = {Started("a")}, .on_stored = [](const absl::Status&) {}}, [&] { room.set_value(); })) {
    ASSERT_LT(++submitted, 10);
  }
  std::future<void> waiting = room.get_future();
  EXPECT_EQ(waiting.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  store_.LetGo();
  waiting.wait();
}

TEST_F(IngestWriterTest, TellsEachBatchOfAFullDiskAndGoesOnAfterIt) {
  const std::unique_ptr<IngestWriter> writer = MakeWriter();
  const auto submit = [&] {
    std::promise<absl::Status> stored;
    writer->Submit(
        {.events = {Started("a")}, .on_stored = [&](const absl::Status& status) { stored.set_value(status); }}, [] {});
    return stored.get_future().get();
  };
  store_.FailWith(absl::ResourceExhaustedError("disk is full"));
  EXPECT_THAT(submit(), StatusIs(absl::StatusCode::kResourceExhausted, "disk is full"));
  EXPECT_TRUE(changes_.empty());
  store_.FailWith(absl::OkStatus());
  EXPECT_THAT(submit(), IsOk());
  EXPECT_EQ(changes_.size(), 1u);
}

}  // namespace
}  // namespace isoflop
