// A storm of finished runs over many studies, against a real server: how soon each run is in a version of its study's
// law, how soon all intervals stand after the storm, and what the server needs for it. Prints a table of figures and
// bars; exits with 1 when a figure misses its bar.
//
//     build/tests/refit_storm [--studies 1000] [--runs 100] [--rate 200] [--seconds 30]
//
// Each study first gets all but its share of the storm's runs, and its intervals; these are not timed.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <fstream>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "isoflop/v1/fitted_laws.grpc.pb.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kLoadedEvents = 2000;  // In a batch, before the storm.

struct Settings {
  int study_count = 1000;
  int run_count = 100;
  double rate = 200;  // Finished runs a second.
  double seconds = 30;
};

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double Percentile(std::vector<double> values, double fraction) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(fraction * static_cast<double>(values.size())))];
}

// A run of the law of Hoffmann et al. 2022 as refitted by Besiroglu et al. 2024, with 1 % noise: sizes from 1e8 to 1e10,
// 5 to 100 tokens a parameter.
std::vector<v1::RunEvent> MakeRun(const std::string& study, int index, std::mt19937_64& generator) {
  std::uniform_real_distribution<double> uniform;
  std::normal_distribution<double> noise(0, 0.01);
  const double n = std::round(std::pow(10, 8 + 2 * uniform(generator)));
  const double d = std::round(n * std::pow(10, 0.7 + 1.3 * uniform(generator)));
  std::vector<v1::RunEvent> events = FinishedRun(absl::StrCat(study, "-", index), n, d, study);
  double& loss = *events[2].mutable_metric_points()->mutable_values()->mutable_data();
  loss *= std::exp(noise(generator));
  return events;
}

// What the server has made known of each study, and when runs were seen in a version.
class Progress {
 public:
  explicit Progress(const Settings& settings) : studies_(settings.study_count) {}

  // A run of the study was sent that makes `observation_count`.
  void Sent(int study, int64_t observation_count) {
    std::lock_guard<std::mutex> guard(mutex_);
    studies_[study].sent.push_back({observation_count, Clock::now()});
  }

  void Seen(const v1::FittedLawChange& change) {
    int study = -1;
    if (std::sscanf(change.study().c_str(), "studies/%d", &study) != 1) return;
    std::lock_guard<std::mutex> guard(mutex_);
    State& state = studies_[study];
    if (change.version() > state.version) ++version_count_;
    state.version = change.version();
    const int64_t settled = change.intervals_ready() ? change.observation_count() : 0;
    state.settled_count = std::max(state.settled_count, settled);
    while (!state.sent.empty() && state.sent.front().observation_count <= change.observation_count()) {
      latencies_.push_back(SecondsSince(state.sent.front().time));
      state.sent.pop_front();
    }
    changed_.notify_all();
  }

  // Waits until every study has intervals for at least `counts` observations.
  bool AwaitSettled(const std::vector<int64_t>& counts, double deadline_sec) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, std::chrono::duration<double>(deadline_sec), [&] {
      for (size_t i = 0; i < studies_.size(); ++i) {
        if (studies_[i].settled_count < counts[i]) return false;
      }
      return true;
    });
  }

  std::vector<double> TakeLatencies() {
    std::lock_guard<std::mutex> guard(mutex_);
    return std::move(latencies_);
  }
  int64_t version_count() {
    std::lock_guard<std::mutex> guard(mutex_);
    return version_count_;
  }

 private:
  struct SentRun {
    int64_t observation_count;
    Clock::time_point time;
  };
  struct State {
    int64_t version = 0;
    int64_t settled_count = 0;
    std::deque<SentRun> sent;  // Not seen yet.
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<State> studies_;
  std::vector<double> latencies_;
  int64_t version_count_ = 0;
};

// User and system time of a process, in seconds.
double CpuSeconds(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string text((std::istreambuf_iterator<char>(file)), {});
  text.erase(0, text.rfind(')') + 2);  // From the state on: fields 3 and following.
  std::istringstream fields(text);
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// In MiB.
double GreatestResidentMemory(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/status"));
  std::string line;
  double kibibytes = 0;
  while (std::getline(file, line)) {
    if (std::sscanf(line.c_str(), "VmHWM: %lf", &kibibytes) == 1) break;
  }
  return kibibytes / 1024;
}

// A figure and its bar.
bool Report(const char* name, double figure, const char* unit, double bar, bool at_least = false) {
  const bool met = at_least ? figure >= bar : figure <= bar;
  std::printf("%-58s %10.2f %-8s %s %g  %s\n", name, figure, unit, at_least ? ">=" : "<=", bar, met ? "ok" : "MISSED");
  return met;
}

bool Storm(const Settings& settings) {
  const int storm_count = static_cast<int>(settings.rate * settings.seconds);
  const int share = (storm_count + settings.study_count - 1) / settings.study_count;
  if (share >= settings.run_count) {
    std::fprintf(stderr, "the storm holds more runs than the studies\n");
    return false;
  }
  const TemporaryFolder folder;
  ServerProcess server({"--store=sqlite:" + folder.File("isoflop.db"), "--listen=unix:" + folder.File("socket")});
  const auto channel = grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials());

  Progress progress(settings);
  const auto stub = v1::FittedLawService::NewStub(channel);
  grpc::ClientContext context;
  const auto watch = stub->WatchFittedLaws(&context, v1::WatchFittedLawsRequest());
  std::thread watcher([&] {
    v1::FittedLawChange change;
    while (watch->Read(&change)) progress.Seen(change);
  });

  std::mt19937_64 generator(1);
  RunEventClient client(channel);
  std::vector<int64_t> counts(settings.study_count, settings.run_count - share);
  const Clock::time_point load_start = Clock::now();
  for (int study = 0; study < settings.study_count; ++study) {
    std::vector<v1::RunEvent> events;
    for (int i = 0; i < counts[study]; ++i) {
      for (v1::RunEvent& event : MakeRun(absl::StrCat(study), i, generator)) events.push_back(std::move(event));
      if (events.size() < kLoadedEvents && i + 1 < counts[study]) continue;
      if (!client.Store(events)) return false;
      events.clear();
    }
  }
  const bool loaded = progress.AwaitSettled(counts, 600);
  std::printf("%d studies of %d runs loaded and settled in %.1f s, %.1f CPU seconds of the server\n",
              settings.study_count, settings.run_count - share, SecondsSince(load_start), CpuSeconds(server.pid()));
  progress.TakeLatencies();
  const int64_t versions_before = progress.version_count();

  // Each study gets one run before any gets the next, in an order that changes.
  std::vector<int> order;
  while (static_cast<int>(order.size()) < storm_count) {
    std::vector<int> round(settings.study_count);
    for (int i = 0; i < settings.study_count; ++i) round[i] = i;
    std::shuffle(round.begin(), round.end(), generator);
    order.insert(order.end(), round.begin(), round.end());
  }
  order.resize(storm_count);
  const double cpu_before = CpuSeconds(server.pid());
  const int64_t last_batch = client.acknowledged() + storm_count;
  std::thread acknowledgements([&] {
    while (client.acknowledged() < last_batch && client.ReadAcknowledgement()) {
    }
  });
  const Clock::time_point start = Clock::now();
  for (int i = 0; i < storm_count; ++i) {
    std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(
                                              std::chrono::duration<double>(i / settings.rate)));
    const int study = order[i];
    progress.Sent(study, counts[study] + 1);
    if (!client.Send(MakeRun(absl::StrCat(study), static_cast<int>(counts[study]), generator))) return false;
    ++counts[study];
  }
  acknowledgements.join();
  const double storm_sec = SecondsSince(start);
  const double storm_cpu = CpuSeconds(server.pid()) - cpu_before;
  const Clock::time_point end = Clock::now();
  const bool settled = progress.AwaitSettled(counts, 300);
  const double settle_sec = SecondsSince(end);
  const double settle_cpu = CpuSeconds(server.pid()) - cpu_before - storm_cpu;
  const std::vector<double> latencies = progress.TakeLatencies();
  const double memory = GreatestResidentMemory(server.pid());
  context.TryCancel();
  watcher.join();

  std::printf("storm: %d runs in %.1f s, %lld versions, %.1f CPU seconds; afterwards %.1f CPU seconds\n", storm_count,
              storm_sec, static_cast<long long>(progress.version_count() - versions_before), storm_cpu, settle_cpu);
  std::printf("from sending a run to a version with it: %.0f ms (p50), %.0f ms (p99), %.0f ms (greatest)\n",
              1000 * Percentile(latencies, 0.5), 1000 * Percentile(latencies, 0.99), 1000 * Percentile(latencies, 1));
  bool met = loaded && settled && static_cast<int>(latencies.size()) == storm_count;
  met &= Report("finished runs a second, sustained", storm_count / storm_sec, "runs/s", 0.98 * settings.rate, true);
  met &= Report("point version after a run, 99th percentile", Percentile(latencies, 0.99), "s", 1);
  met &= Report("intervals of all studies after the storm", settle_sec, "s", 10);
  met &= Report("greatest resident memory of the server", memory, "MiB", 1024);
  return met;
}

}  // namespace
}  // namespace isoflop

int main(int argc, char** argv) {
  isoflop::Settings settings;
  CLI::App app("A storm of finished runs over many studies");
  app.add_option("--studies", settings.study_count)->capture_default_str();
  app.add_option("--runs", settings.run_count, "In each study, at the end")->capture_default_str();
  app.add_option("--rate", settings.rate, "Finished runs a second")->capture_default_str();
  app.add_option("--seconds", settings.seconds)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return isoflop::Storm(settings) ? 0 : 1;
}
