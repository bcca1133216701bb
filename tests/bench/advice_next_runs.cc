// What advice on next runs saves: the compute that each policy needs until the law that it leads to predicts well.
//
// Pool test: from the 8 most diverse of the 24 cheapest runs of a pool, runs are added one by one as a policy chooses, and the law is fitted anew
// after each. Each seed draws 80 % of the pool. The cost is 6ND of all runs, the start included; a mark is reached where the error stays below
// it for five more runs. Real pool: the 211 runs of chinchilla_figure4_subset below 1e21 FLOPs; its error is |mean log error| on the 23
// others. Planted pool: 81 runs, 9 sizes at each of 9 budgets from 1e17 to 1e21, with .4 % noise around a law; its error is that of ln L at the best
// split of 1e23. Policies: random; cheapest first; g1, PlanNextRuns one by one without its runs at the frontier; hyb3, with them.
//
// Free design: any runs for a budget, 4 % of it spent on 8 pilots and the rest by PlanNextRuns for a sweep, fitted anew after each run; median errors
// (90th percentile) of ln L and ln N* at 1e23, 40 seeds.
//
// Exits 1 where, with 60 seeds, g1 needs over 7e19 FLOPs to 1 % on the real pool, or over a tenth of what random needs, or a free design of 1e20 errs by
// over .7 %.
//
//   build/tests/advice_next_runs [--seeds 60] [--policies random,cheapest,g1,hyb3] [--pool RUNS.csv --below FLOPS --target FLOPS] [--runs 10000]
//
// --pool: the pool test alone, on other runs; those from --below FLOPs on are held out. --runs N: only how long advice takes on N planted runs with a menu of
// N candidates, the best of five; exits 1 over 200 ms for six runs.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/advice/next_runs.h"
#include "core/advice/next_runs_advice.h"
#include "core/fit/fitted_runs.h"
#include "core/fit/percentile.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/runs.h"

namespace isoflop {
namespace {

using Runs = std::vector<Observation>;

constexpr AdditiveLaw kPlanted = {1.783894, 442.1656, 1271.806, 0.342626, 0.342002};  // Of the 234 runs.
constexpr size_t kCheapest = 24, kStart = 8, kHeld = 5;
constexpr double kDrawn = 0.8;
constexpr double kNever = 1e99;  // Finite, for quantiles.
constexpr double kMark = 7e19, kShareOfRandom = 0.1, kFreeMark = 0.7;
constexpr double kMostMilliseconds = 200;
constexpr double kPilotShare = 0.04, kFreeTarget = 1e23, kNoise = 0.004;
constexpr uint64_t kFreeSeeds = 40;
constexpr int kFreeRuns = 100;  // Planned; the first of them is run.

double Cost(const Observation& o) { return TrainingFlops(*o.parameter_count, *o.token_count); }

double Cost(const Runs& runs) {
  double sum = 0;
  for (const Observation& o : runs) sum += Cost(o);
  return sum;
}

CandidateRun AsCandidate(const Observation& o) { return {*o.parameter_count, *o.token_count, Cost(o), ""}; }

double Median(const std::vector<double>& values) { return Quantile(values, 0.5); }

struct Pool {
  Runs runs;
  double target_flops = 0;
  std::vector<double> marks;
  std::function<double(const DesignFit&)> error;
};

// The first runs of `pool`, which is sorted by cost: each the farthest, in (ln N, ln D), from those before it among the cheapest.
std::vector<size_t> DiverseStart(const Runs& pool) {
  const auto distance = [&](size_t i, size_t j) {
    return std::hypot(std::log(*pool[i].parameter_count / *pool[j].parameter_count), std::log(*pool[i].token_count / *pool[j].token_count));
  };
  std::vector<size_t> chosen = {0};
  while (chosen.size() < kStart) {
    size_t farthest = 0;
    double greatest = -1;
    for (size_t i = 0; i < std::min(kCheapest, pool.size()); ++i) {
      double nearest = INFINITY;
      for (size_t j : chosen) nearest = std::min(nearest, distance(i, j));
      if (nearest > greatest) farthest = i, greatest = nearest;
    }
    chosen.push_back(farthest);
  }
  return chosen;
}

size_t Choose(const std::string& policy, const DesignFit& fit, const Pool& pool, const Runs& left, const Runs& done, std::mt19937_64& random) {
  if (policy == "random") return random() % left.size();
  if (policy == "cheapest") return 0;
  std::vector<CandidateRun> candidates;
  for (const Observation& o : left) candidates.push_back(AsCandidate(o));
  const NextRunsOptions options = {.target_flops = pool.target_flops,
                                   .spent_flops = Cost(done),
                                   .done_count = policy == "hyb3" ? static_cast<int64_t>(done.size() - kStart) : 0,
                                   .run_count = 1};
  return PlanNextRuns(fit, candidates, options).value().runs.front().candidate;
}

// FLOPs to each mark.
std::vector<double> PlayPool(const std::string& policy, const Pool& pool, uint64_t seed) {
  std::mt19937_64 random(seed);
  Runs left = pool.runs;
  std::shuffle(left.begin(), left.end(), random);
  left.resize(static_cast<size_t>(kDrawn * static_cast<double>(left.size())));
  std::sort(left.begin(), left.end(), [](const Observation& a, const Observation& b) { return Cost(a) < Cost(b); });
  Runs done;
  std::vector<size_t> start = DiverseStart(left);
  std::sort(start.rbegin(), start.rend());
  for (size_t i : start) {
    done.push_back(left[i]);
    left.erase(left.begin() + static_cast<ptrdiff_t>(i));
  }
  std::vector<double> costs, errors;
  while (true) {
    const DesignFit fit = FitForDesign("chinchilla", done).value();
    costs.push_back(Cost(done));
    errors.push_back(pool.error(fit));
    const size_t held = static_cast<size_t>(std::find_if(errors.rbegin(), errors.rend(), [&](double e) { return e > pool.marks.back(); }) - errors.rbegin());
    if (held > kHeld || left.empty()) break;
    const size_t next = Choose(policy, fit, pool, left, done, random);
    done.push_back(left[next]);
    left.erase(left.begin() + static_cast<ptrdiff_t>(next));
  }
  std::vector<double> reached;
  for (double mark : pool.marks) {
    double cost = kNever;
    for (size_t i = 0; i < errors.size() && cost == kNever; ++i) {
      const auto first = errors.begin() + static_cast<ptrdiff_t>(i), last = errors.begin() + static_cast<ptrdiff_t>(std::min(errors.size(), i + kHeld + 1));
      if (std::all_of(first, last, [&](double e) { return e <= mark; })) cost = costs[i];
    }
    reached.push_back(cost);
  }
  return reached;
}

Pool RealPool(const Runs& all, double below, double target_flops) {
  Pool pool{.target_flops = target_flops, .marks = {0.01, 0.005}};
  Runs held_out;
  for (const Observation& o : all) (*TrainingFlopsOf(o) < below ? pool.runs : held_out).push_back(o);
  pool.error = [held_out](const DesignFit& fit) {
    double sum = 0;
    for (const Observation& o : held_out) sum += fit.PredictLogLoss(*o.parameter_count, *o.token_count) - std::log(*o.loss_nats_per_token);
    return std::abs(sum / static_cast<double>(held_out.size()));
  };
  return pool;
}

double LogLossError(const DesignFit& fit, double budget) {
  const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents(kPlanted), budget);
  return std::abs(fit.PredictLogLoss(best.parameter_count, best.token_count) -
                  std::log(PredictLoss(kPlanted, best.parameter_count, best.token_count)));
}

Observation Noisy(double n, double d, double noise, std::mt19937_64& random) {
  const double loss = PredictLoss(kPlanted, n, d) * std::exp(noise * std::normal_distribution<double>()(random));
  return {.parameter_count = n, .token_count = d, .loss_nats_per_token = loss};
}

Pool PlantedPool(uint64_t seed) {
  std::mt19937_64 random(seed);
  Pool pool{.target_flops = kFreeTarget, .marks = {0.01, 0.005}};
  for (int i = 0; i < 9; ++i) {
    const double budget = std::pow(10, 17 + 0.5 * i);
    const double best = ComputeOptimalSplit(ComputeAllocationExponents(kPlanted), budget).parameter_count;
    for (int j = -4; j <= 4; ++j) {
      const double n = best * std::pow(2, j / 2.0);
      pool.runs.push_back(Noisy(n, TokenCountForBudget(budget, n), kNoise, random));
    }
  }
  pool.error = [](const DesignFit& fit) { return LogLossError(fit, kFreeTarget); };
  return pool;
}

// Median FLOPs to the first mark, by policy.
std::map<std::string, double> PrintPool(const std::string& name, const std::vector<std::string>& policies, int seeds,
                                        const std::function<Pool(uint64_t)>& pool) {
  std::map<std::string, double> medians;
  for (const std::string& policy : policies) {
    std::vector<double> first, second;
    for (int seed = 1; seed <= seeds; ++seed) {
      const std::vector<double> reached = PlayPool(policy, pool(static_cast<uint64_t>(seed)), static_cast<uint64_t>(seed));
      first.push_back(reached[0]);
      second.push_back(reached[1]);
    }
    medians[policy] = Median(first);
    const double half = 0.98 / std::sqrt(seeds);  // Of the median's rank, for 95 %.
    std::printf("%-8s %-9s %8.2g [%.2g, %.2g] (%.2g) %8.2g (%.2g)\n", name.c_str(), policy.c_str(), medians[policy], Quantile(first, std::max(0.0, 0.5 - half)),
                Quantile(first, std::min(1.0, 0.5 + half)), Quantile(first, 0.8), Median(second), Quantile(second, 0.8));
    std::fflush(stdout);
  }
  return medians;
}

struct FreeErrors {
  double log_loss = 0, log_size = 0;
  size_t run_count = 0;
};

// Spends `budget` by the rule for a sweep, fitting anew after each run.
FreeErrors PlayFree(double budget, double noise, uint64_t seed) {
  std::mt19937_64 random(seed);
  Runs done;
  constexpr double kPilotCosts = 4.4;  // Of FirstRuns, in units of the dearer budget.
  for (const CandidateRun& run : FirstRuns(kPilotShare * budget / kPilotCosts, {})) done.push_back(Noisy(run.parameter_count, run.token_count, noise, random));
  while (true) {
    const DesignFit fit = FitForDesign("chinchilla", done).value();
    const double left = budget - Cost(done);
    const std::vector<CandidateRun> candidates = CandidateGrid(fit, done, left);
    std::vector<NextRun> next;
    if (!candidates.empty()) {
      next = PlanNextRuns(fit, candidates, {.target_flops = kFreeTarget, .spent_flops = Cost(done), .sweep_flops = left, .run_count = kFreeRuns}).value().runs;
    }
    if (next.empty()) {
      const double truth = ComputeOptimalSplit(ComputeAllocationExponents(kPlanted), kFreeTarget).parameter_count;
      return {LogLossError(fit, kFreeTarget), std::abs(std::log(fit.BestSplit(kFreeTarget).parameter_count / truth)), done.size()};
    }
    done.push_back(Noisy(next[0].run.parameter_count, next[0].run.token_count, noise, random));
  }
}

// The median error of ln L, %.
double PrintFree(double budget) {
  std::vector<double> loss, size, count;
  for (uint64_t seed = 1; seed <= kFreeSeeds; ++seed) {
    const FreeErrors errors = PlayFree(budget, kNoise, seed);
    loss.push_back(100 * errors.log_loss);
    size.push_back(errors.log_size);
    count.push_back(static_cast<double>(errors.run_count));
  }
  std::printf("free design, B = %.0e: |d ln L| %.2f (%.2f) %%, |d ln N*| %.2f, %.0f runs\n", budget, Median(loss), Quantile(loss, 0.9), Median(size),
              Median(count));
  return Median(loss);
}

// N and D of a run of 1e17 to `most` FLOPs, within a factor of four of the best size.
CandidateRun Draw(double most, std::mt19937_64& random) {
  std::uniform_real_distribution<double> even;
  const double budget = std::pow(10, 17 + (std::log10(most) - 17) * even(random));
  const double n = ComputeOptimalSplit(ComputeAllocationExponents(kPlanted), budget).parameter_count * std::pow(4, 2 * even(random) - 1);
  return {n, TokenCountForBudget(budget, n), budget, ""};
}

// Whether advice on six runs comes while a reader waits.
bool PrintTimes(int run_count) {
  std::mt19937_64 random(1);
  Runs runs;
  NextRunsRequest request{.target_flops = kFreeTarget};
  for (int i = 0; i < run_count; ++i) {
    const CandidateRun done = Draw(1e21, random);
    runs.push_back(Noisy(done.parameter_count, done.token_count, kNoise, random));
    runs.back().training_flops = done.training_flops;
    request.candidates.push_back(Draw(1e22, random));
  }
  Fit fit{.law = "chinchilla", .observation_count = run_count};
  fit.runs = FittedRunsOf(runs);
  bool quick = true;
  for (int count : {6, kMostNextRuns}) {
    for (const std::optional<double>& sweep : {std::optional<double>(), std::optional<double>(1e22)}) {
      request.run_count = count;
      request.sweep_flops = sweep;
      double least = INFINITY;
      for (int round = 0; round < 5; ++round) {
        const auto start = std::chrono::steady_clock::now();
        AdviseNextRuns(fit, request).value();
        least = std::min(least, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
      }
      std::printf("%d runs, %zu candidates: %3d next runs %-10s %6.1f ms\n", run_count, request.candidates.size(), count, sweep ? "of a sweep" : "one by one", least);
      quick &= count > 6 || least <= kMostMilliseconds;
    }
  }
  return quick;
}

// Whether the figures reach their marks.
bool PrintAll(const std::vector<std::string>& policies, int seeds) {
  const Runs runs = LoadRuns("chinchilla_figure4_subset.csv");
  const auto real = PrintPool("real", policies, seeds, [&](uint64_t) { return RealPool(runs, 1e21, 1e22); });
  PrintPool("planted", policies, seeds, PlantedPool);
  const bool cheap = PrintFree(1e20) <= kFreeMark;
  PrintFree(1e21);
  if (!real.contains("g1") || !real.contains("random")) return cheap;
  std::printf("g1 needs %.3f of what random needs\n", real.at("g1") / real.at("random"));
  return cheap && real.at("g1") <= kMark && real.at("g1") <= kShareOfRandom * real.at("random");
}

}  // namespace
}  // namespace isoflop

int main(int argc, char** argv) {
  using namespace isoflop;
  CLI::App app("Next-run design");
  int seeds = 60;
  std::vector<std::string> policies = {"random", "cheapest", "g1", "hyb3"};
  std::string pool;
  double below = 0, target = 0;
  int run_count = 0;
  app.add_option("--runs", run_count);
  app.add_option("--seeds", seeds);
  app.add_option("--policies", policies)->delimiter(',');
  CLI::Option* file = app.add_option("--pool", pool);
  file->needs(app.add_option("--below", below))->needs(app.add_option("--target", target));
  CLI11_PARSE(app, argc, argv);
  if (run_count > 0) return PrintTimes(run_count) ? 0 : 1;
  std::printf("Median FLOPs [its 95 %% interval over seeds] (80th percentile) to 1 %% and to .5 %%, %d seeds\n", seeds);
  if (pool.empty()) return PrintAll(policies, seeds) ? 0 : 1;
  std::ifstream stream(pool);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  const Runs runs = ReadCsvRuns(text, pool, {}).value().observations;
  PrintPool("pool", policies, seeds, [&](uint64_t) { return RealPool(runs, below, target); });
}
