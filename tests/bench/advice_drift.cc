// What drift weights (core/fit/drift.h) are worth past the runs: on each set the law is fitted to the runs below the 80th percentile of compute, plainly
// and with drift weights, and both predict the others. One line a set: root mean square log errors in %, their ratio, how many runs the weights sum to.
// Last the geometric mean of the ratios, and in how many sets the weights are better. Where run noise is large the weights are all near 1, and so is
// the ratio. Exits 1 where the mean is over .86.
//
//   build/tests/advice_drift [RUNS.csv ...]     by default the sets of tests/data, those of Porian et al. split by experiment
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "core/advice/loss_at.h"
#include "core/fit/fit.h"
#include "core/fit/intervals.h"
#include "core/fit/percentile.h"
#include "tests/testing/runs.h"

namespace isoflop {
namespace {

using Runs = std::vector<Observation>;

constexpr double kHeldOut = 0.2;
constexpr double kMark = 0.86;
constexpr size_t kLeastRuns = 20;

std::map<std::string, Runs> SetsOfTheTests() {
  std::map<std::string, Runs> sets;
  for (const char* name : {"chinchilla_figure4_subset.csv", "muennighoff_single_epoch.csv", "muennighoff_all.csv", "muennighoff_fit182.csv", "olmo_ladder_final_c4.csv"}) {
    sets[name] = LoadRuns(name);
  }
  for (const char* name : {"gadre_rpj.csv", "gadre_c4_original.csv", "gadre_rw_original.csv"}) {
    sets[name] = LoadRuns(name, {{Quantity::kLoss, "loss_c4_val"}});
  }
  sets["gemstones"] = LoadRuns("gemstones_hot_100bplus.csv", {{Quantity::kParameterCount, "params_active_precise"}, {Quantity::kLoss, "final_loss"}});
  for (const Observation& o : LoadRuns("porian_isoflop_points.csv")) {
    std::string name = "porian";
    for (const auto& [column, value] : o.labels) name += " " + value;
    sets[name].push_back(o);
  }
  return sets;
}

double Error(const Fit& fit, const std::vector<double>& estimates, const Runs& runs) {
  const Law* law = LawInSizeAndTokens(fit).value();
  double sum = 0;
  for (const Observation& o : runs) {
    const double predicted = LossAt(*law, CoordinatesOf(*law, estimates), *o.parameter_count, *o.token_count);
    sum += std::pow(std::log(predicted / *o.loss_nats_per_token), 2);
  }
  return std::sqrt(sum / static_cast<double>(runs.size()));
}

// Prints its line; the ratio, or nothing where there is no law.
std::optional<double> Compare(const std::string& name, const Runs& runs) {
  std::vector<double> flops;
  for (const Observation& o : runs) flops.push_back(*TrainingFlopsOf(o));
  const double limit = Quantile(flops, 1 - kHeldOut);
  Runs kept, held_out;
  for (const Observation& o : runs) (*TrainingFlopsOf(o) > limit ? held_out : kept).push_back(o);
  const Fit fit = FitLaw(kept, {.hold_out_fraction = 0}).value();
  if (!fit.identified() || !fit.drift_weighted || held_out.empty()) return std::nullopt;
  const double plain = Error(fit, Estimates(fit), held_out), weighted = Error(fit, fit.drift_weighted->estimates, held_out);
  std::printf("%-80s %4zu  %5.2f -> %5.2f  %5.2f  %6.1f\n", name.c_str(), kept.size(), 100 * plain, 100 * weighted, weighted / plain,
              fit.drift_weighted->weight_sum);
  return weighted / plain;
}

}  // namespace
}  // namespace isoflop

int main(int argc, char** argv) {
  using namespace isoflop;
  std::map<std::string, Runs> sets;
  for (int i = 1; i < argc; ++i) {
    std::ifstream stream(argv[i]);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    sets[argv[i]] = ReadCsvRuns(text, argv[i], {}).value().observations;
  }
  if (sets.empty()) sets = SetsOfTheTests();
  std::printf("%-80s %4s  %14s  %5s  %6s\n", "set", "runs", "error, %", "ratio", "sum w");
  double sum = 0;
  int count = 0, better = 0;
  for (const auto& [name, runs] : sets) {
    if (runs.size() < kLeastRuns) continue;
    const auto ratio = Compare(name, runs);
    if (!ratio) continue;
    sum += std::log(*ratio);
    better += *ratio < 1;
    ++count;
  }
  const double mean = std::exp(sum / count);
  std::printf("geometric mean of %d ratios %.3f; better in %d\n", count, mean, better);
  return mean <= kMark ? 0 : 1;
}
