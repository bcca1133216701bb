// What a damaged file does to a store: nothing that is wrong is ever read from it, it is set aside and says what was lost,
// and delivering again what the tracker holds ends where it would have without the damage.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "plugin/store/sqlite_run_store.h"
#include "tests/plugin/testing/store_state.h"
#include "tests/plugin/testing/temporary_folder.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

constexpr int64_t kNowMs = 1'700'000'000'000;
constexpr size_t kPageBytes = 4096;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// What the tracker holds: one batch a run.
std::vector<std::vector<RunEvent>> Batches() {
  std::vector<std::vector<RunEvent>> batches;
  for (int i = 0; i < 40; ++i) {
    const std::string run_id = absl::StrCat("run ", i);
    MetricPoints loss{.key = "loss", .steps = {}, .times_ms = {}, .values = {}};
    for (int64_t step = 0; step < 300; ++step) {
      loss.steps.push_back(step);
      loss.times_ms.push_back(kNowMs + 37 * step * (1 + i));
      loss.values.push_back(2.0 + 1.0 / (1 + step + i));
    }
    const RunEvent late = {run_id, MetricPoints{.key = "loss", .steps = {7}, .times_ms = {5}, .values = {1.0 * i}}};
    batches.push_back({{run_id, RunStarted{.study_id = "1", .run_name = run_id, .start_time_ms = kNowMs}},
                       {run_id, ParamsAndTags{.params = {{"parameter_count", absl::StrCat(1e8 + i)}},
                                              .tags = {{"note", std::string(200, 'x')}},
                                              .removed_tags = {}}},
                       {run_id, loss},
                       late,
                       {run_id, RunEnded{.status = RunStatus::kFinished, .end_time_ms = kNowMs}}});
  }
  return batches;
}

class DamageTest : public ::testing::Test {
 protected:
  DamageTest() {
    std::unique_ptr<RunStore> store = OpenSqliteRunStore(Path()).value();
    Deliver(*store);
    for (int64_t version = 1; version <= 30; ++version) {
      const LawVersion law = {.study_id = "1",
                              .law = "chinchilla",
                              .version = version,
                              .observations_hash = "h",
                              .created_time_ms = version,
                              .intervals_ready = true,
                              .document = std::string(3000, 'd'),
                              .replicas = std::vector<double>(500, 1.5)};
      EXPECT_TRUE(store->SaveLawVersions({&law, 1}).ok());
      const PlanRecord plan = {.study_id = "1", .name = absl::StrCat("run ", version), .loss = 2.5};
      EXPECT_TRUE(store->KeepPlans({&plan, 1}).ok());
    }
    expected_ = Describe(*store).value();
    live_log_ = ReadFile(Path() + "-wal");  // What a kill would leave.
    live_file_ = ReadFile(Path());
    store.reset();
    file_ = ReadFile(Path());
    witness_ = ReadFile(Path() + ".lock");
  }

  std::string Path() const { return folder_.File("isoflop.db"); }

  static void Deliver(RunStore& store) {
    for (const std::vector<RunEvent>& batch : Batches()) store.Apply(batch, kNowMs).IgnoreError();
  }

  static absl::StatusOr<std::string> Describe(RunStore& store) { return DescribeStore(store, {"1"}, {"loss"}, true); }

  // Puts files in place of the store's.
  void Replace(const std::string& file, const std::string& log) {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.File(""))) std::filesystem::remove(entry.path());
    WriteFile(Path(), file);
    WriteFile(Path() + ".lock", witness_);
    if (!log.empty()) WriteFile(Path() + "-wal", log);
  }

  std::unique_ptr<RunStore> Open() {
    loss_.reset();
    damaged_ = false;
    absl::StatusOr<std::unique_ptr<RunStore>> store = OpenSqliteRunStore(
        Path(), {.on_loss = [this](const StoreLoss& loss) { loss_ = loss; }, .on_damage = [this] { damaged_ = true; }});
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Uses the store as the service does until no damage is found any more, and checks all that is read; of a store that is
  // used on, that `nothing_went`. Returns whether the store was set aside.
  bool UseUntilWell(bool nothing_went = true) {
    bool set_aside = false;
    for (int start = 0; start < 3; ++start) {
      const std::unique_ptr<RunStore> store = Open();
      if (store == nullptr) return set_aside;
      if (loss_.has_value() && !loss_->set_aside.empty()) {
        set_aside = true;
        EXPECT_TRUE(std::filesystem::exists(loss_->set_aside));
        EXPECT_FALSE(loss_->reason.empty());
      }
      const absl::StatusOr<std::string> read = Describe(*store);
      if (read.ok() && !loss_.has_value() && nothing_went) { EXPECT_EQ(*read, expected_); }
      const absl::StatusOr<LawVersion> law = store->LoadLawVersion("1", "chinchilla", 28);
      if (law.ok()) {
        EXPECT_EQ(law->document, std::string(3000, 'd'));
        EXPECT_EQ(law->replicas, std::vector<double>(500, 1.5));
      }
      Deliver(*store);
      if (damaged_) continue;
      EXPECT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(Describe(*store).value(), expected_);
      return set_aside;
    }
    ADD_FAILURE() << "damage was found again and again";
    return set_aside;
  }

  TemporaryFolder folder_{"/dev/shm"};
  std::string expected_, file_, live_file_, live_log_, witness_;
  std::optional<StoreLoss> loss_;
  bool damaged_ = false;
};

TEST_F(DamageTest, AnUndamagedStoreLosesNothing) {
  Replace(file_, "");
  EXPECT_FALSE(UseUntilWell());
  EXPECT_FALSE(loss_.has_value());
  Replace(live_file_, live_log_);
  EXPECT_FALSE(UseUntilWell());
  EXPECT_FALSE(loss_.has_value());
}

TEST_F(DamageTest, AFlippedBitIsFoundAndTheStoreRebuilt) {
  std::mt19937_64 random(1);
  int set_aside_count = 0;
  for (int i = 0; i < 60; ++i) {
    std::string file = file_;
    const size_t bit = random() % (8 * file.size());
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
    Replace(file, "");
    set_aside_count += UseUntilWell();
    if (HasFailure()) FAIL() << "bit " << bit;
  }
  // All but pages that nothing reads: older versions' documents and what is free.
  EXPECT_GT(set_aside_count, 20);
}

TEST_F(DamageTest, TheHeaderIsGuarded) {
  for (size_t bit = 0; bit < 8 * 100; bit += 1 + bit % 7) {
    std::string file = file_;
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
    Replace(file, "");
    EXPECT_TRUE(UseUntilWell());
    if (HasFailure()) FAIL() << "bit " << bit;
  }
}

TEST_F(DamageTest, ATornPageIsFoundAndTheStoreRebuilt) {
  std::mt19937_64 random(2);
  int set_aside_count = 0;
  for (int i = 0; i < 30; ++i) {
    // The second half of one page is another's, as when the power went while it was written.
    std::string file = file_;
    const size_t page = random() % (file.size() / kPageBytes), other = random() % (file.size() / kPageBytes);
    if (page == other) continue;
    file.replace(page * kPageBytes + kPageBytes / 2, kPageBytes / 2, file_, other * kPageBytes + kPageBytes / 2, kPageBytes / 2);
    Replace(file, "");
    set_aside_count += UseUntilWell();
    if (HasFailure()) FAIL() << "page " << page;
  }
  EXPECT_GT(set_aside_count, 10);
}

TEST_F(DamageTest, AFileCutShortIsFoundAndTheStoreRebuilt) {
  for (const size_t length : {size_t{0}, size_t{50}, size_t{5000}, kPageBytes * 20, file_.size() - kPageBytes, file_.size() - 1}) {
    Replace(file_.substr(0, length), "");
    UseUntilWell();
    EXPECT_TRUE(loss_.has_value() || length + 1 == file_.size()) << length;
    if (HasFailure()) FAIL() << "length " << length;
  }
}

TEST_F(DamageTest, ALogCutShortIsReportedWithTheEventsLost) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20; ++i) {
    Replace(live_file_, live_log_.substr(0, random() % (live_log_.size() * 9 / 10)));
    {
      const std::unique_ptr<RunStore> store = Open();
      const int64_t count = store->CountAcknowledgedEvents().value();
      const int64_t lost = 5 * static_cast<int64_t>(Batches().size()) - count;
      ASSERT_EQ(loss_.has_value(), lost > 0);
      if (lost > 0) { EXPECT_EQ(loss_->event_count, lost); }
      EXPECT_EQ(count % 5, 0);  // Whole batches.
    }
    UseUntilWell(/*nothing_went=*/false);
    if (HasFailure()) FAIL() << "seed " << i;
  }
}

TEST_F(DamageTest, AFlippedBitInTheLogLosesItsEndAndNothingElse) {
  std::mt19937_64 random(4);
  for (int i = 0; i < 40; ++i) {
    std::string log = live_log_;
    const size_t bit = random() % (8 * log.size());
    log[bit / 8] = static_cast<char>(log[bit / 8] ^ (1 << bit % 8));
    Replace(live_file_, log);
    loss_.reset();
    { Open(); }
    EXPECT_TRUE(!loss_.has_value() || loss_->set_aside.empty());
    UseUntilWell(/*nothing_went=*/false);
    if (HasFailure()) FAIL() << "bit " << bit;
  }
}

TEST_F(DamageTest, LawVersionsAndPlansThatCanBeReadAreKept) {
  // The damage is in a page of points or of runs; the versions and the plans are elsewhere.
  std::mt19937_64 random(5);
  int64_t most = 0;
  size_t most_plans = 0;
  for (int i = 0; i < 40; ++i) {
    std::string file = file_;
    file[random() % file.size()] ^= 1;
    Replace(file, "");
    for (int start = 0; start < 2; ++start) {
      const std::unique_ptr<RunStore> store = Open();
      if (loss_.has_value()) {
        most = std::max(most, loss_->kept_law_version_count);
        const std::vector<PlanRecord> plans = store->LoadPlans("1").value();
        most_plans = std::max(most_plans, plans.size());
        for (const PlanRecord& plan : plans) EXPECT_EQ(plan.loss, 2.5);
        if (loss_->kept_law_version_count == 30) {
          EXPECT_EQ(store->LoadLawVersion("1", "chinchilla", 30)->replicas.size(), 500u);
        }
      }
      Describe(*store).status().IgnoreError();
      if (!damaged_) break;
    }
  }
  EXPECT_EQ(most, 30);
  EXPECT_EQ(most_plans, 30u);
}

}  // namespace
}  // namespace isoflop
