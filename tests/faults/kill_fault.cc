#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/faults/fault_result.h"
#include "tests/faults/sweep.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

constexpr int kWriterCount = 2;
constexpr int kKillsAnEpisode = 12;  // In one store, from empty to its final law.
constexpr int kIngestKills = 8;      // The first of them: at a random batch. The rest at a random moment, mostly of refitting.
constexpr int kGreatestLifeMs = 120;
constexpr int kGreatestRecoveryMs = 30;
constexpr double kDeadlineSec = 120;

void Pause(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

struct KillCounts {
  int kills = 0;
  int recovery_kills = 0;  // Before the server listened again.
  int refit_kills = 0;     // After all was delivered.
  int episodes = 0;
  int equal_laws = 0;
  int64_t lost_points = 0;
  int64_t acknowledged_points = 0;
};

class Episode {
 public:
  Episode(std::mt19937& random, KillCounts& counts) : random_(random), counts_(counts) {
    for (int i = 0; i < kWriterCount; ++i) clients_.push_back(std::make_unique<SweepClient>(PartOfSweep(i, kWriterCount)));
  }

  void Run(int kills, int recovery_kills, const std::string& clean_law) {
    std::vector<std::thread> threads;
    for (const auto& client : clients_) {
      threads.emplace_back([&] { client->Deliver("unix:" + folder_.File("socket"), kDeadlineSec); });
    }
    for (int i = 0; i < kills; ++i) {
      const bool in_recovery = i > 0 && i <= recovery_kills;
      KillOnce(in_recovery, in_recovery ? 0 : kIngestKills - i);
    }
    {
      const ServerProcess server(Flags());
      for (std::thread& thread : threads) thread.join();
      counts_.lost_points += CountLost(Acknowledged(), StoredPoints(Store()));
      for (const auto& [run_id, count] : Acknowledged()) counts_.acknowledged_points += count;
      ++counts_.episodes;
      if (SettledLaw(Store()) == clean_law) ++counts_.equal_laws;
    }
  }

 private:
  std::string Store() const { return folder_.File("isoflop.db"); }
  std::vector<std::string> Flags() const { return {"--store=sqlite:" + Store(), "--listen=unix:" + folder_.File("socket")}; }
  int Draw(int greatest) { return std::uniform_int_distribution<int>(0, greatest)(random_); }

  std::map<std::string, int64_t> Acknowledged() const {
    std::map<std::string, int64_t> all;
    for (const auto& client : clients_) all.merge(client->AcknowledgedPoints());  // Writers have runs of their own.
    return all;
  }

  // Waits until one writer has got a random number of its batches acknowledged, so few that the rest lasts for `kills_left` such kills.
  void AwaitProgress(int kills_left) {
    const SweepClient& client = *clients_[Draw(kWriterCount - 1)];
    const int64_t acknowledged = client.acknowledged_batch_count(), left = client.batch_count() - acknowledged;
    client.AwaitAcknowledged(acknowledged + Draw(static_cast<int>(left / kills_left)));
  }

  void KillOnce(bool in_recovery, int ingest_kills_left) {
    std::thread killer;
    const int recovery_ms = Draw(kGreatestRecoveryMs);
    ServerProcess server(Flags(), [&](pid_t pid) {
      if (!in_recovery) return;
      killer = std::thread([pid, recovery_ms] {
        Pause(recovery_ms);
        kill(pid, SIGKILL);
      });
    });
    if (!in_recovery) {
      // Looked at first: what is acknowledged meanwhile does not count as lost.
      const std::map<std::string, int64_t> acknowledged = Acknowledged();
      counts_.lost_points += CountLost(acknowledged, StoredPoints(Store()));
      ingest_kills_left > 0 ? AwaitProgress(ingest_kills_left) : Pause(Draw(kGreatestLifeMs));
    }
    if (killer.joinable()) killer.join();
    const bool delivered = std::all_of(clients_.begin(), clients_.end(), [](const auto& client) { return client->done(); });
    server.End(SIGKILL);
    ++counts_.kills;
    counts_.recovery_kills += in_recovery;
    counts_.refit_kills += delivered;
  }

  std::mt19937& random_;
  KillCounts& counts_;
  TemporaryFolder folder_;
  std::vector<std::unique_ptr<SweepClient>> clients_;
};

}  // namespace

FaultResult KillAtRandom(const FaultPlan& plan) {
  const std::string clean_law = LawOfCleanDelivery();
  std::mt19937 random(plan.seed);
  KillCounts counts;
  while (counts.kills < plan.kill_count) {
    const int kills = std::min(kKillsAnEpisode, plan.kill_count - counts.kills);
    const int recovery_kills = (counts.kills + kills) * plan.recovery_kill_count / plan.kill_count - counts.recovery_kills;
    Episode(random, counts).Run(kills, recovery_kills, clean_law);
  }
  return {.fault = "kill -9",
          .figures = absl::StrCat(counts.kills, " kills, ", counts.recovery_kills, " of them in recovery, ",
                                  counts.refit_kills, " after the last event; acknowledged points ",
                                  counts.acknowledged_points, ", lost ", counts.lost_points, "; final laws equal to clean delivery ",
                                  counts.equal_laws, " of ", counts.episodes),
          .passed = !clean_law.empty() && counts.lost_points == 0 && counts.equal_laws == counts.episodes};
}

}  // namespace isoflop
