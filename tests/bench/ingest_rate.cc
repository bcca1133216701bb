// Prints how fast a real server takes in points, durably: `ingest_rate [BATCHES] [POINTS_A_BATCH] [IN_FLIGHT]`.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRunCount = 20;

v1::RunEvent Points(int batch, int point_count) {
  v1::RunEvent event;
  event.set_run_id("run-" + std::to_string(batch % kRunCount));
  v1::MetricPoints& points = *event.mutable_metric_points();
  points.set_key("train/loss");
  for (int i = 0; i < point_count; ++i) {
    const int64_t step = int64_t{batch / kRunCount} * point_count + i;
    points.add_steps(step);
    points.add_times_ms(1'700'000'000'000 + step);
    points.add_values(3.0 + 1.0 / (1 + step));
  }
  return event;
}

void Measure(int batch_count, int point_count, int in_flight) {
  const TemporaryFolder folder;
  ServerProcess server({"--store=sqlite:" + folder.File("isoflop.db"), "--listen=unix:" + folder.File("socket")});
  RunEventClient client(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  std::vector<v1::RunEvent> events;
  for (int i = 0; i < batch_count; ++i) events.push_back(Points(i, point_count));

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Clock::time_point> sent(batch_count);
  int sent_count = 0;
  int acknowledged = 0;
  std::vector<double> latencies_ms;
  const Clock::time_point start = Clock::now();
  std::thread reader([&] {
    while (acknowledged < batch_count && client.ReadAcknowledgement()) {
      const Clock::time_point now = Clock::now();
      std::lock_guard<std::mutex> guard(mutex);
      for (; acknowledged < client.acknowledged(); ++acknowledged) {
        latencies_ms.push_back(std::chrono::duration<double, std::milli>(now - sent[acknowledged]).count());
      }
      changed.notify_one();
    }
  });
  for (int i = 0; i < batch_count; ++i) {
    {
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait(lock, [&] { return sent_count - acknowledged < in_flight; });
      sent[i] = Clock::now();
      ++sent_count;
    }
    client.Send({events[i]});
  }
  reader.join();
  const double elapsed_sec = std::chrono::duration<double>(Clock::now() - start).count();
  std::sort(latencies_ms.begin(), latencies_ms.end());
  std::printf("%d batches of %d points, %d in flight: %.0f points/s; acknowledged after %.1f ms (p50), %.1f ms (p99)\n",
              batch_count, point_count, in_flight, batch_count * double(point_count) / elapsed_sec,
              latencies_ms[latencies_ms.size() / 2], latencies_ms[latencies_ms.size() * 99 / 100]);
}

}  // namespace
}  // namespace isoflop

int main(int argc, char** argv) {
  const auto argument = [&](int i, int standard) { return argc > i ? std::atoi(argv[i]) : standard; };
  isoflop::Measure(argument(1, 20'000), argument(2, 100), argument(3, 256));
}
