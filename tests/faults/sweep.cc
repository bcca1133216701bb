#include "tests/faults/sweep.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>
#include <thread>

#include "absl/strings/str_cat.h"
#include "plugin/store/sqlite_database.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRunCount = 16;
constexpr int kTurns = 30;
constexpr int kPointsATurn = 10;
constexpr int64_t kGreatestUnacknowledged = 64;
constexpr double kSettleDeadlineSec = 30;

std::string RunId(int i) { return absl::StrCat("run ", i); }

std::vector<v1::RunEvent> Turn(int i, int turn) {
  const double n = 5e7 * std::pow(4, i % 4), d = n * std::vector<double>{4, 12, 36, 108}[i / 4];
  // Hoffmann et al. 2022, approach 3, as refitted by Besiroglu et al. 2024.
  const double loss = 1.8172 + 482.01 / std::pow(n, 0.3478) + 2085.43 / std::pow(d, 0.3658);
  std::vector<v1::RunEvent> events;
  if (turn == 0) events = {StartedEvent(RunId(i)), ParamsEvent(RunId(i), n, d)};
  for (int p = 0; p < kPointsATurn; ++p) {
    const int left = kTurns * kPointsATurn - 1 - (turn * kPointsATurn + p);
    events.push_back(PointEvent(RunId(i), turn * kPointsATurn + p, loss + 0.01 * left));
  }
  if (turn == kTurns - 1) events.push_back(EndedEvent(RunId(i)));
  return events;
}

void Pause(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

}  // namespace

EventBatches PartOfSweep(int writer, int writer_count) {
  EventBatches batches;
  for (int turn = 0; turn < kTurns; ++turn) {
    for (int i = writer; i < kRunCount; i += writer_count) batches.push_back(Turn(i, turn));
  }
  return batches;
}

EventBatches SweepBatches() { return PartOfSweep(0, 1); }

std::shared_ptr<grpc::Channel> ConnectAlone(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

bool SweepClient::DeliverOnce(const std::string& address) {
  RunEventClient client(ConnectAlone(address));
  if (!client.greeted()) return false;
  const int64_t first = acknowledged_;
  std::mutex mutex;
  std::condition_variable changed;
  bool broken = false;
  std::thread reader([&] {
    while (!done() && client.ReadAcknowledgement()) {
      std::lock_guard<std::mutex> guard(mutex);
      acknowledged_ = first + client.acknowledged();
      acknowledged_.notify_all();
      changed.notify_one();
    }
    std::lock_guard<std::mutex> guard(mutex);
    broken = true;
    changed.notify_one();
  });
  for (auto next = static_cast<size_t>(first); next < batches_.size(); ++next) {
    {
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait(lock, [&] { return broken || static_cast<int64_t>(next) - acknowledged_ < kGreatestUnacknowledged; });
      if (broken) break;
    }
    if (!client.Send(batches_[next])) break;
  }
  reader.join();
  if (!done()) last_code_ = client.Finish().error_code();
  return done();
}

bool SweepClient::Deliver(const std::string& address, double deadline_sec) {
  const auto deadline = Clock::now() + std::chrono::duration<double>(deadline_sec);
  while (!DeliverOnce(address)) {
    if (Clock::now() > deadline) return false;
    Pause(2);
  }
  return true;
}

void SweepClient::AwaitAcknowledged(int64_t batch_count) const {
  for (int64_t seen = acknowledged_; seen < batch_count; seen = acknowledged_) acknowledged_.wait(seen);
}

std::map<std::string, int64_t> SweepClient::AcknowledgedPoints() const {
  std::map<std::string, int64_t> counts;
  const int64_t acknowledged = acknowledged_;
  for (int64_t i = 0; i < acknowledged; ++i) {
    for (const v1::RunEvent& event : batches_[i]) counts[event.run_id()] += event.metric_points().steps_size();
  }
  return counts;
}

std::map<std::string, int64_t> StoredPoints(const std::string& path) {
  std::map<std::string, int64_t> counts;
  const absl::StatusOr<std::unique_ptr<SqliteDatabase>> database = SqliteDatabase::Open(path);
  if (!database.ok()) return counts;
  (*database)
      ->Query("SELECT run_id, point_count FROM series JOIN run ON run.id = series.run",
              [&](SqliteStatement& row) { counts[row.Text(0)] = row.Integer(1); })
      .IgnoreError();  // What is missing counts as lost.
  return counts;
}

int64_t CountLost(const std::map<std::string, int64_t>& acknowledged, const std::map<std::string, int64_t>& stored) {
  int64_t lost = 0;
  for (const auto& [run_id, count] : acknowledged) {
    const auto found = stored.find(run_id);
    lost += std::max<int64_t>(0, count - (found == stored.end() ? 0 : found->second));
  }
  return lost;
}

std::string SettledLaw(const std::string& path) {
  const auto deadline = Clock::now() + std::chrono::duration<double>(kSettleDeadlineSec);
  for (; Clock::now() < deadline; Pause(5)) {
    // Opened each time: the server may have put another file in its place.
    const absl::StatusOr<std::unique_ptr<SqliteDatabase>> database = SqliteDatabase::Open(path);
    if (!database.ok()) continue;
    std::string document, replicas;
    (*database)
        ->Query("SELECT document, replicas FROM law_version WHERE law = 'chinchilla' AND intervals_ready = 1 AND version = "
                "(SELECT max(version) FROM law_version WHERE law = 'chinchilla')",
                [&](SqliteStatement& row) {
                  document = row.Text(0);
                  replicas = row.Blob(1).bytes();
                })
        .IgnoreError();  // Then it is looked for again.
    if (document.empty()) continue;
    const nlohmann::json law = nlohmann::json::parse(document);
    if (law["observation_count"] != kRunCount) continue;
    nlohmann::json kept;
    for (const char* key : {"parameters", "objective", "observations_hash", "observation_count", "basins", "allocation",
                            "region", "noise", "hold_out", "excluded", "diagnostics"}) {
      kept[key] = law[key];
    }
    return absl::StrCat(kept.dump(), " replicas ", std::hash<std::string>()(replicas));
  }
  return "";
}

std::string LawOfCleanDelivery() {
  const TemporaryFolder folder;
  ServerProcess server({"--store=sqlite:" + folder.File("isoflop.db"), "--listen=unix:" + folder.File("socket")});
  if (!SweepClient(SweepBatches()).Deliver(server.address(), 60)) return "";
  return SettledLaw(folder.File("isoflop.db"));
}

}  // namespace isoflop
