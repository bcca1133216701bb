// Times core/fit inside one process, for tests/bench/fit:
//
//   fit_timing table FILE.csv [quantity=column]   one fit of a table, and 4,000 replicas on 1 and 2 threads
//   fit_timing planted COUNT...                   one fit of COUNT planted runs, for each COUNT
//
// Prints one JSON object a line. Seconds are of processor time but for "wall" ones; each is the least of several repetitions.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include <nlohmann/json.hpp>

#include "core/fit/fit.h"
#include "core/law/additive_law.h"
#include "core/quantity/training_flops.h"
#include "plugin/cli/csv_runs.h"

namespace isoflop {
namespace {

constexpr double kRepeatSeconds = 0.5;  // At least one repetition, then more until this has passed.
constexpr int kReplicaCount = 4000;
constexpr AdditiveLaw kPlanted = {1.69, 406.4, 410.7, 0.34, 0.28};
constexpr double kNoise = 0.005;  // Standard deviation of log loss.

double ProcessorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double WallSeconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

template <typename Work>
double LeastSeconds(double (*clock)(), const Work& work) {
  double least = INFINITY, total = 0;
  while (total < kRepeatSeconds) {
    const double start = clock();
    work();
    const double seconds = clock() - start;
    least = std::min(least, seconds);
    total += std::max(seconds, 1e-4);
  }
  return least;
}

std::vector<Observation> ReadTable(const std::string& path, const std::string& mapping) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  CsvOptions options;
  const size_t equals = mapping.find('=');
  for (Quantity quantity : kAllQuantities) {
    if (equals != std::string::npos && QuantityName(quantity) == mapping.substr(0, equals)) options.mapping[quantity] = mapping.substr(equals + 1);
  }
  return ReadCsvRuns(text.str(), path, options).value().observations;
}

// N from 1e7 to 1e10, 1 to 300 tokens a parameter, both log-uniform.
std::vector<Observation> PlantRuns(int count) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> log_size(std::log(1e7), std::log(1e10)), log_ratio(0, std::log(300));
  std::normal_distribution<double> noise(0, kNoise);
  std::vector<Observation> runs;
  for (int i = 0; i < count; ++i) {
    const double n = std::exp(log_size(random)), d = n * std::exp(log_ratio(random));
    runs.push_back({.parameter_count = n,
                    .token_count = d,
                    .training_flops = TrainingFlops(n, d),
                    .loss_nats_per_token = PredictLoss(kPlanted, n, d) * std::exp(noise(random))});
  }
  return runs;
}

void TimeTable(const std::string& path, const std::string& mapping) {
  const std::vector<Observation> runs = ReadTable(path, mapping);
  FitOptions options{.replica_count = kReplicaCount};
  const Fit fit = FitLaw(runs, options).value();
  nlohmann::json line = {{"observation_count", runs.size()}, {"objective", *fit.objective}};
  for (const FittedParameter& p : fit.parameters) line["parameters"][p.symbol] = *p.value.estimate;
  line["fit_seconds"] = LeastSeconds(ProcessorSeconds, [&] { FitLaw(runs, options).value(); });
  const auto replicas = [&] {
    Fit copy = fit;
    static_cast<void>(ComputeReplicas(runs, options, nullptr, copy));
  };
  line["replica_seconds"] = LeastSeconds(ProcessorSeconds, replicas);
  for (int threads : {1, 2}) {
    options.thread_count = threads;
    line["replica_wall_seconds"].push_back(LeastSeconds(WallSeconds, replicas));
  }
  std::cout << line << std::endl;
}

void TimePlanted(int count) {
  const std::vector<Observation> runs = PlantRuns(count);
  const double seconds = LeastSeconds(ProcessorSeconds, [&] { FitLaw(runs, {}).value(); });
  std::cout << nlohmann::json{{"observation_count", count}, {"fit_seconds", seconds}} << std::endl;
}

}  // namespace
}  // namespace isoflop

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() >= 2 && arguments[0] == "table") {
    isoflop::TimeTable(arguments[1], arguments.size() > 2 ? arguments[2] : "");
  } else if (arguments.size() >= 2 && arguments[0] == "planted") {
    for (size_t i = 1; i < arguments.size(); ++i) isoflop::TimePlanted(std::stoi(arguments[i]));
  } else {
    std::cerr << "usage: fit_timing table FILE.csv [quantity=column] | planted COUNT...\n";
    return 2;
  }
  return 0;
}
