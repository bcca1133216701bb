// What clients do to a server and to each other.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "tests/faults/fault_result.h"
#include "tests/faults/health_watch.h"
#include "tests/faults/sweep.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

using Clock = std::chrono::steady_clock;
using Millis = std::chrono::duration<double, std::milli>;

constexpr double kMebibyte = 1 << 20;
constexpr double kGreatestGrowthMebibytes = 64;  // Of a server's memory, by one client.
constexpr double kGreatestIdleKibibytes = 100;   // Of a server's memory, by an idle stream on a connection of its own.
constexpr double kDrainLimitSec = 10;

std::vector<std::string> Flags(const TemporaryFolder& folder) {
  return {"--store=sqlite:" + folder.File("isoflop.db"), "--listen=unix:" + folder.File("socket")};
}

// Sends what the server has much to say about, and never reads what it says.
class DeafClient {
 public:
  explicit DeafClient(const std::string& address) : client_(ConnectAlone(address)) {
    const std::vector<v1::RunEvent> refused(5'000, StartedEvent(""));
    thread_ = std::thread([this, refused] {
      while (client_.Send(refused)) ++sent_;
    });
  }
  ~DeafClient() {
    client_.Cancel();
    thread_.join();
  }

  int sent_batch_count() const { return sent_; }

 private:
  RunEventClient client_;
  std::atomic<int> sent_ = 0;
  std::thread thread_;
};

// Milliseconds until each of so many events, one by one, was acknowledged; sorted. Fewer when the stream broke.
std::vector<double> MeasureAcknowledgements(const std::string& address, int count) {
  RunEventClient client(ConnectAlone(address));
  std::vector<double> latencies_ms;
  for (int i = 0; i < count; ++i) {
    const auto start = Clock::now();
    if (!client.Store({PointEvent("measured", i, i)})) break;
    latencies_ms.push_back(Millis(Clock::now() - start).count());
  }
  std::sort(latencies_ms.begin(), latencies_ms.end());
  return latencies_ms;
}

double Quantile(const std::vector<double>& sorted, double q) {
  return sorted.empty() ? -1 : sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))];
}

// The address sanitizer pads what is held and keeps back what was freed, up to 256 MiB: memory then tells nothing of the server.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kMemoryTells = false;
#else
constexpr bool kMemoryTells = true;
#endif

}  // namespace

FaultResult NeverRead() {
  constexpr int kCount = 300;
  const TemporaryFolder folder;
  ServerProcess server(Flags(folder));
  const std::vector<double> before = MeasureAcknowledgements(server.address(), kCount);
  const int64_t resident_before = server.ResidentBytes();
  const DeafClient deaf(server.address());
  const std::vector<double> beside = MeasureAcknowledgements(server.address(), kCount);
  const bool delivered = SweepClient(SweepBatches()).Deliver(server.address(), 60);
  const double growth = static_cast<double>(server.ResidentBytes() - resident_before) / kMebibyte;
  return {.fault = "a client that never reads",
          .figures = absl::StrFormat("it got rid of %d batches of 5,000 refused events; memory grew by %.0f MiB; others' "
                                     "acknowledgements p50/p99 %.1f/%.1f ms, without it %.1f/%.1f ms",
                                     deaf.sent_batch_count(), growth, Quantile(beside, 0.5), Quantile(beside, 0.99),
                                     Quantile(before, 0.5), Quantile(before, 0.99)),
          .passed = delivered && beside.size() == kCount && (growth < kGreatestGrowthMebibytes || !kMemoryTells)};
}

FaultResult StayIdle(const FaultPlan& plan) {
  constexpr int kCount = 300;
  const TemporaryFolder folder;
  ServerProcess server(Flags(folder));
  const std::vector<double> before = MeasureAcknowledgements(server.address(), kCount);
  const int64_t resident_before = server.ResidentBytes();
  std::vector<std::unique_ptr<RunEventClient>> idle;
  for (int i = 0; i < plan.idle_stream_count; ++i) {
    idle.push_back(std::make_unique<RunEventClient>(ConnectAlone(server.address())));
  }
  const double growth_kibibytes = static_cast<double>(server.ResidentBytes() - resident_before) / 1024;
  const std::vector<double> beside = MeasureAcknowledgements(server.address(), kCount);
  int alive = 0;
  for (const auto& client : idle) alive += client->greeted() && client->Store({StartedEvent("woken")});
  idle.clear();
  const bool ended_well = server.End(SIGTERM) == 0;
  const double each = growth_kibibytes / plan.idle_stream_count;
  return {.fault = "idle streams",
          .figures = absl::StrFormat("%d streams, %.0f KiB of memory each; another's acknowledgements p50/p99 %.1f/%.1f ms, "
                                     "without them %.1f/%.1f ms; woken and acknowledged %d",
                                     plan.idle_stream_count, each, Quantile(beside, 0.5), Quantile(beside, 0.99),
                                     Quantile(before, 0.5), Quantile(before, 0.99), alive),
          .passed = alive == plan.idle_stream_count && (each < kGreatestIdleKibibytes || !kMemoryTells) && ended_well};
}

FaultResult DrainUnderLoad(const FaultPlan& plan) {
  constexpr int kWriters = 4;
  std::mt19937 random(plan.seed);
  double longest_sec = 0;
  int64_t lost = 0;
  int in_order = 0;
  for (int i = 0; i < plan.drain_count; ++i) {
    const TemporaryFolder folder;
    ServerProcess server(Flags(folder));
    const RunEventClient idle(ConnectAlone(server.address()));
    const DeafClient deaf(server.address());
    HealthWatch health(ConnectAlone(server.address()));
    std::vector<std::unique_ptr<SweepClient>> clients;
    std::vector<std::thread> threads;
    for (int w = 0; w < kWriters; ++w) {
      clients.push_back(std::make_unique<SweepClient>(PartOfSweep(w, kWriters)));
      threads.emplace_back([&client = *clients.back(), &server] { client.DeliverOnce(server.address()); });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(0, 100)(random)));
    const auto start = Clock::now();
    const bool ended_well = server.End(SIGTERM) == 0;
    longest_sec = std::max(longest_sec, std::chrono::duration<double>(Clock::now() - start).count());
    for (std::thread& thread : threads) thread.join();
    for (const auto& client : clients) lost += CountLost(client->AcknowledgedPoints(), StoredPoints(folder.File("isoflop.db")));
    in_order += ended_well && health.WaitUntilNotServing();
  }
  return {.fault = "SIGTERM under load",
          .figures = absl::StrFormat("%d times, with a client that never reads: longest drain %.1f s; NOT_SERVING first and exit 0 "
                                     "%d times; lost points %d",
                                     plan.drain_count, longest_sec, in_order, lost),
          .passed = longest_sec < kDrainLimitSec && in_order == plan.drain_count && lost == 0};
}

}  // namespace isoflop
