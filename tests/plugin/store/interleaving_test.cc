// Whatever way the events of a tracker come in, the store ends where clean delivery ends. The tracker is real in what it
// does: several workers each deliver in order and at least once, they overtake each other, streams break and are sent
// again from an earlier place, jobs are killed and resumed from a checkpoint, clocks jump, ends come late and twice, runs
// are deleted, restored and moved, two jobs write one run, the service is restarted and compacts meanwhile; at the end
// the plug-in reconciles.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/fit/fit.h"
#include "plugin/recognize/recognize.h"
#include "plugin/store/sqlite_database.h"
#include "plugin/store/sqlite_run_store.h"
#include "tests/plugin/testing/store_state.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

constexpr int64_t kStartMs = 1'700'000'000'000;
constexpr int kWorkerCount = 3;
constexpr int kResends = 8;
constexpr int kRestarts = 3;
constexpr int kCompactions = 5;

// Hoffmann et al. 2022, approach 3, as refitted by Besiroglu et al. 2024.
double Loss(double n, double d) { return 1.8172 + 482.01 / std::pow(n, 0.3478) + 2085.43 / std::pow(d, 0.3658); }

// One run as the tracker has it in the end, and what happened to it until then.
struct TrackedRun {
  std::string run_id;
  RunSnapshot end;
  std::vector<RunEvent> events;  // Since it was created, in order.
};

void Log(TrackedRun& run, const std::string& key, int64_t step, int64_t time_ms, double value) {
  // Some calls log one point, some many.
  auto* points = run.events.empty() ? nullptr : std::get_if<MetricPoints>(&run.events.back().kind);
  if (points == nullptr || points->key != key || points->steps.size() > static_cast<size_t>(1 + step % 40)) {
    run.events.push_back({run.run_id, MetricPoints{.key = key, .steps = {}, .times_ms = {}, .values = {}}});
    points = &std::get<MetricPoints>(run.events.back().kind);
  }
  points->steps.push_back(step);
  points->times_ms.push_back(time_ms);
  points->values.push_back(value);
}

// Trains from one step to another, the loss falling to `loss` at `last_step`.
void Train(TrackedRun& run, int64_t first_step, int64_t end_step, int64_t last_step, int64_t start_ms, double loss) {
  for (int64_t step = first_step; step < end_step; ++step) {
    const double value = step % 97 == 96 ? std::numeric_limits<double>::quiet_NaN() : loss + 1 - double(step) / last_step;
    Log(run, "loss", step, start_ms + 1000 * step, value);
    if (step % 50 == 0) Log(run, "lr", step, start_ms + 1000 * step, 1e-4);
  }
}

TrackedRun MakeRun(int i, std::mt19937& random) {
  const double n = 5e7 * std::pow(4, i % 4), d = n * std::vector{3., 8., 20., 50., 120.}[i / 4 % 5];
  TrackedRun run{.run_id = absl::StrCat("run ", i), .end = {}, .events = {}};
  const auto add = [&](auto kind) { run.events.push_back({run.run_id, std::move(kind)}); };
  const NamedValues params = {{"parameter_count", absl::StrCat(n)}, {"token_count", absl::StrCat(d)}};
  add(RunStarted{.study_id = "1", .run_name = run.run_id, .start_time_ms = kStartMs});
  add(ParamsAndTags{.params = params, .tags = {{"owner", "a"}}, .removed_tags = {}});
  const int64_t last_step = i % 3 == 0 ? 900 : 60;
  Train(run, 0, last_step / 2, last_step, kStartMs, Loss(n, d));
  int64_t clock_jump_ms = 0;
  if (i % 5 == 1) {  // Killed and resumed from a checkpoint.
    add(RunEnded{.status = RunStatus::kFailed, .end_time_ms = kStartMs + 1});
    add(RunStarted{});
    clock_jump_ms = 500'000;
    Train(run, last_step / 3, last_step / 2, last_step, kStartMs + clock_jump_ms, Loss(n, d));
  }
  if (i % 5 == 2) clock_jump_ms = -3'600'000;  // The clock is put right.
  if (i % 5 == 3) Train(run, 0, last_step / 4, last_step, kStartMs + 77, Loss(n, d) + 0.5);  // A second job, by mistake.
  Train(run, last_step / 2, last_step, last_step, kStartMs + clock_jump_ms, Loss(n, d));
  Log(run, "loss", last_step, kStartMs + clock_jump_ms + 1000 * last_step, Loss(n, d));
  add(RunEnded{.status = RunStatus::kFinished, .end_time_ms = kStartMs + 2});
  if (i % 2 == 0) add(RunEnded{.status = RunStatus::kFinished, .end_time_ms = kStartMs + 3});
  if (i % 4 == 1) add(RunDeleted{});
  if (i % 8 == 1) add(RunRestored{});
  add(ParamsAndTags{.params = {}, .tags = {{"owner", "b"}, {"note", "x"}}, .removed_tags = {}});
  if (i % 3 == 1) add(ParamsAndTags{.params = {}, .tags = {}, .removed_tags = {"note"}});
  run.end = {.study_id = i % 7 == 6 ? "2" : "1",  // Moved.
             .run_name = run.run_id,
             .status = RunStatus::kFinished,
             .deleted = i % 4 == 1 && i % 8 != 1,
             .start_time_ms = kStartMs,
             .end_time_ms = kStartMs + (i % 2 == 0 ? 3 : 2),
             .params = params,
             .tags = {{"owner", "b"}},
             .metrics = {{.key = "loss",
                          .steps = {last_step},
                          .times_ms = {kStartMs + clock_jump_ms + 1000 * last_step},
                          .values = {Loss(n, d)}}}};
  if (i % 3 != 1) run.end.tags.push_back({"note", "x"});
  std::shuffle(run.end.params.begin(), run.end.params.end(), random);
  return run;
}

std::vector<TrackedRun> MakeRuns() {
  std::mt19937 random(1);
  std::vector<TrackedRun> runs;
  for (int i = 0; i < 20; ++i) runs.push_back(MakeRun(i, random));
  return runs;
}

class Delivery {
 public:
  Delivery() { Reopen(); }

  void Reopen() {
    store_.reset();
    store_ = OpenSqliteRunStore(folder_.File("isoflop.db")).value();
  }
  void Apply(const std::vector<RunEvent>& events) { ASSERT_TRUE(store_->Apply(events, now_ms_).ok()); }
  void MoveClock(int64_t by_ms) { now_ms_ += by_ms; }
  void CompactAll() {
    while (store_->CompactSettledRun(now_ms_).value()) {
    }
  }
  void Reconcile(const std::vector<TrackedRun>& runs) {
    for (const TrackedRun& run : runs) Apply({{run.run_id, run.end}});
  }

  std::string State(bool with_counts) {
    return DescribeStore(*store_, {"1", "2"}, {"loss", "lr"}, with_counts).value();
  }

  Fit Law() {
    const RecognizedStudy study = RecognizeStudy(store_->LoadRuns("1").value());
    FitOptions options;
    options.convention = study.convention;
    return FitLaw(study.observations, options).value();
  }

  int64_t PointBytes() {
    int64_t bytes = 0;
    const std::unique_ptr<SqliteDatabase> database = SqliteDatabase::Open(folder_.File("isoflop.db")).value();
    EXPECT_TRUE(database
                    ->Query("SELECT (SELECT count(*) * 40 FROM metric_point) + ifnull(sum(length(points)), 0) FROM point_block",
                            [&](SqliteStatement& row) { bytes = row.Integer(0); })
                    .ok());
    return bytes;
  }

 private:
  TemporaryFolder folder_{"/dev/shm"};
  std::unique_ptr<RunStore> store_;
  int64_t now_ms_ = kStartMs;
};

std::unique_ptr<Delivery> DeliverCleanly(const std::vector<TrackedRun>& runs) {
  auto delivery = std::make_unique<Delivery>();
  for (const TrackedRun& run : runs) delivery->Apply(run.events);
  delivery->Reconcile(runs);
  return delivery;
}

// Delivers as workers do: each its own events in order, with streams that break, in turns of random length.
void DeliverBadly(const std::vector<TrackedRun>& runs, bool compact, std::mt19937& random, Delivery& delivery) {
  const auto pick = [&](size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(random); };
  std::vector<std::vector<RunEvent>> workers(kWorkerCount);
  for (const TrackedRun& run : runs) {
    for (const RunEvent& event : run.events) workers[pick(kWorkerCount)].push_back(event);
  }
  std::vector<size_t> delivered(kWorkerCount, 0);
  size_t event_count = 0;
  for (const auto& worker : workers) event_count += worker.size();
  const auto now_and_then = [&](int times) { return pick(event_count / 10) < static_cast<size_t>(times); };
  while (true) {
    std::vector<size_t> unfinished;
    for (size_t w = 0; w < workers.size(); ++w) {
      if (delivered[w] < workers[w].size()) unfinished.push_back(w);
    }
    if (unfinished.empty()) return;
    const size_t w = unfinished[pick(unfinished.size())];
    const size_t end = std::min(workers[w].size(), delivered[w] + 1 + pick(20));
    delivery.Apply({workers[w].begin() + delivered[w], workers[w].begin() + end});
    delivered[w] = end;
    if (now_and_then(kResends)) delivered[w] -= pick(delivered[w] + 1);
    if (now_and_then(kRestarts)) delivery.Reopen();
    if (compact && now_and_then(kCompactions)) {
      delivery.MoveClock(2 * kSettleMs);
      delivery.CompactAll();
      delivery.MoveClock(-kSettleMs);  // Clocks jump back, too.
    }
  }
}

TEST(InterleavingTest, AnyDeliveryEndsAsCleanDelivery) {
  const std::vector<TrackedRun> runs = MakeRuns();
  const std::unique_ptr<Delivery> clean = DeliverCleanly(runs);
  const std::string expected = clean->State(/*with_counts=*/true);
  const Fit law = clean->Law();
  for (int seed = 0; seed < 10; ++seed) {
    std::mt19937 random(seed);
    Delivery delivery;
    DeliverBadly(runs, /*compact=*/false, random, delivery);
    delivery.Reconcile(runs);
    ASSERT_EQ(delivery.State(true), expected) << "seed " << seed;
    EXPECT_EQ(delivery.Law().observations_hash, law.observations_hash);
  }
}

TEST(InterleavingTest, CompactionAtAnyMomentLeavesCurvesAndLawsAsTheyAre) {
  const std::vector<TrackedRun> runs = MakeRuns();
  const std::unique_ptr<Delivery> clean = DeliverCleanly(runs);
  const std::string expected = clean->State(/*with_counts=*/false);
  const Fit law = clean->Law();
  ASSERT_TRUE(law.identified());
  for (int seed = 0; seed < 10; ++seed) {
    std::mt19937 random(seed);
    Delivery delivery;
    DeliverBadly(runs, /*compact=*/true, random, delivery);
    delivery.Reconcile(runs);
    ASSERT_EQ(delivery.State(false), expected) << "seed " << seed;
    const Fit fit = delivery.Law();
    EXPECT_EQ(fit.observations_hash, law.observations_hash);
    EXPECT_EQ(fit.objective, law.objective);
  }
}

TEST(InterleavingTest, DeliveringAllAgainAfterCompactionChangesNothingAndTakesNoRoom) {
  const std::vector<TrackedRun> runs = MakeRuns();
  const std::unique_ptr<Delivery> delivery = DeliverCleanly(runs);
  const std::string before = delivery->State(/*with_counts=*/true);
  const int64_t raw_bytes = delivery->PointBytes();
  delivery->MoveClock(2 * kSettleMs);
  delivery->CompactAll();
  EXPECT_EQ(delivery->State(true), before);
  const int64_t bytes = delivery->PointBytes();
  EXPECT_LT(bytes, raw_bytes / 2);
  for (int seed = 0; seed < 3; ++seed) {
    std::mt19937 random(seed);
    DeliverBadly(runs, /*compact=*/false, random, *delivery);
    delivery->Reconcile(runs);
    EXPECT_EQ(delivery->State(true), before);
    EXPECT_EQ(delivery->PointBytes(), bytes);
  }
}

}  // namespace
}  // namespace isoflop
