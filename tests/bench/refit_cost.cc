// What one more run costs: IncrementalFit against FitLaw and ComputeReplicas from scratch, in one process, on the same runs.
//
//   refit_cost [TABLE.csv] [GREATEST_RUN_COUNT]      default: the published 234 runs; 1000000
//
// Runs are taken out and put back one after another; each time both ways are timed. Medians, and the ratio of the medians. Processor time of one thread. "point": the new
// optimum. "fit": with the hold-out and all diagnostics, as it is published.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

#include "core/refit/incremental_fit.h"
#include "tests/testing/runs.h"

namespace isoflop {
namespace {

// Of this thread's processor time: all is done on one thread, and other programs may run.
class Stopwatch {
 public:
  double Ms() const { return Now() - start_; }

 private:
  static double Now() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
  }

  double start_ = Now();
};

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

double Greatest(const std::vector<double>& values) { return *std::max_element(values.begin(), values.end()); }

// Runs of 0.4 % noise around published constants, N over 3 decades and D/N over 2.
std::vector<Observation> MakeRuns(size_t count) {
  const AdditiveLaw law = {1.8, 480, 2100, 0.348, 0.366};
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> size(std::log(2e7), std::log(2e10)), ratio(std::log(2), std::log(200));
  std::normal_distribution<double> noise(0, 0.004);
  std::vector<Observation> runs;
  for (size_t i = 0; i < count; ++i) {
    const double n = std::exp(size(random)), d = n * std::exp(ratio(random));
    runs.push_back({.parameter_count = n, .token_count = d, .training_flops = TrainingFlops(n, d),
                    .loss_nats_per_token = PredictLoss(law, n, d) * std::exp(noise(random)), .run_id = std::to_string(i)});
  }
  return runs;
}

void Print(size_t n, const char* what, const std::vector<double>& cold, const std::vector<double>& one) {
  std::printf("%9zu  %-24s %12.3f %12.3f %12.3f %9.1f\n", n, what, Median(cold), Median(one), Greatest(one), Median(cold) / Median(one));
  std::fflush(stdout);
}

void Measure(const std::vector<Observation>& runs, int rounds, int replica_count) {
  const FitOptions options{.replica_count = replica_count};
  IncrementalFit incremental = IncrementalFit::FromScratch(runs, options).value();
  incremental.fit();
  if (replica_count > 0 && !incremental.RefitReplicas(nullptr).ok()) std::abort();
  std::mt19937 random(1);
  std::vector<double> cold_point, cold_replicas, point, fit, replicas, touched;
  for (int round = 0; round < rounds; ++round) {
    const Observation run = runs[random() % runs.size()];
    for (const bool back : {false, true}) {
      {
        const Stopwatch watch;
        const absl::Status changed = back ? incremental.Change({}, {run}) : incremental.Change({run}, {});
        point.push_back(watch.Ms());
        if (!changed.ok()) std::abort();
        incremental.fit();
        fit.push_back(watch.Ms());
      }
      if (replica_count == 0) continue;
      const Stopwatch watch;
      if (!incremental.RefitReplicas(nullptr).ok()) std::abort();
      replicas.push_back(watch.Ms());
      touched.push_back(static_cast<double>(incremental.refitted_replica_count()) / replica_count);
    }
    if (round % std::max(1, rounds / 5) != 0) continue;
    Stopwatch watch;
    Fit whole = FitLaw(runs, options).value();
    cold_point.push_back(watch.Ms());
    if (replica_count == 0) continue;
    watch = {};
    if (!ComputeReplicas(runs, options, nullptr, whole).ok()) std::abort();
    cold_replicas.push_back(watch.Ms());
  }
  if (replica_count == 0) {
    Print(runs.size(), "point", cold_point, point);
    Print(runs.size(), "fit", cold_point, fit);
    return;
  }
  Print(runs.size(), (std::to_string(replica_count) + " replicas").c_str(), cold_replicas, replicas);
  std::printf("%9s  replicas that drew the changed run: %.1f %% (1 - 1/e = 63.2 %%)\n", "", 100 * Median(touched));
}

}  // namespace
}  // namespace isoflop

int main(int argc, char** argv) {
  using namespace isoflop;
  const std::string table = argc > 1 ? argv[1] : "chinchilla_figure4_subset.csv";
  const size_t greatest = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  std::printf("%9s  %-24s %12s %12s %12s %9s\n", "runs", "what", "cold, ms", "one run, ms", "worst, ms", "ratio");
  const std::vector<Observation> published = LoadRuns(table);
  Measure(published, 60, 0);
  Measure(published, 10, 4000);
  for (size_t n = 100; n <= greatest; n *= 10) {
    const std::vector<Observation> runs = MakeRuns(n);
    Measure(runs, n <= 10'000 ? 30 : 5, 0);
    if (n <= 10'000) Measure(runs, 2, n <= 1000 ? 1000 : 200);
  }
}
