// Replays published runs one by one, with withdrawals and corrections, through IncrementalFit, and compares every step with FitLaw and
// ComputeReplicas on the same observations.
//
// As a test: one random order of each small set, and the file's order of the others, compared at some steps. ISOFLOP_REPLAY_ORDERS=20 replays the
// file's order and 20 random ones, and compares all steps of sets up to 300 runs, 50 of larger ones.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/refit/incremental_fit.h"
#include "tests/core/planted_laws.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

constexpr size_t kEveryStepRunCount = 300;  // Larger sets are compared at 50 steps.
constexpr size_t kComparedSteps = 50;
constexpr size_t kShortComparedSteps = 10, kSmallSet = 60;  // Of the short version.
constexpr size_t kComparedIntervals = 20;
constexpr double kFarJump = 0.05;  // Relative, of a parameter: more than a run more or less explains in a settled law.

struct ReplayedSet {
  std::string name, file;
  std::map<Quantity, std::string> mapping;
  FitOptions options;
  size_t short_run_count = 10000;  // At most so many in the short version.
};

// Nothing: the short version.
std::optional<int> OrderCount() {
  const char* count = std::getenv("ISOFLOP_REPLAY_ORDERS");
  return count == nullptr ? std::nullopt : std::optional(std::atoi(count));
}

struct Step {
  std::vector<Observation> withdrawn, added;
};

// Every run arrives. With a generator: in random order, some are withdrawn or corrected on the way and put right later.
std::vector<Step> PlanSteps(std::vector<Observation> runs, std::mt19937* random) {
  std::vector<Step> steps;
  if (random == nullptr) {
    for (Observation& run : runs) steps.push_back({.added = {run}});
    return steps;
  }
  std::shuffle(runs.begin(), runs.end(), *random);
  std::vector<Observation> present;
  const auto pick = [&] { return (*random)() % present.size(); };
  for (const Observation& run : runs) {
    const unsigned chance = (*random)() % 10;
    if (present.size() > 12 && chance == 0) {  // Withdrawn, and put back in the next step but one.
      const size_t i = pick();
      const Observation gone = present[i];
      steps.push_back({.withdrawn = {gone}});
      steps.push_back({.added = {run}});
      steps.push_back({.added = {gone}});
      present.push_back(run);
      continue;
    }
    if (present.size() > 12 && chance == 1) {  // Logged wrongly, then corrected.
      Observation wrong = run;
      *wrong.loss_nats_per_token *= 1.02;
      steps.push_back({.added = {wrong}});
      steps.push_back({.withdrawn = {wrong}, .added = {run}});
      present.push_back(run);
      continue;
    }
    steps.push_back({.added = {run}});
    present.push_back(run);
  }
  return steps;
}

// The greatest relative difference of a parameter.
double Difference(const Fit& a, const Fit& b) {
  double greatest = 0;
  for (size_t i = 0; i < a.parameters.size(); ++i) {
    const double x = *a.parameters[i].value.estimate, y = *b.parameters[i].value.estimate;
    greatest = std::max(greatest, x == y ? 0 : std::abs(x - y) / std::abs(y));
  }
  return greatest;
}

double IntervalDifference(const Fit& a, const Fit& b) {
  double greatest = 0;
  const auto compare = [&](const std::optional<double>& x, const std::optional<double>& y) {
    if (x.has_value() != y.has_value()) greatest = INFINITY;
    if (x && y && *x != *y) greatest = std::max(greatest, std::abs(*x - *y) / std::abs(*y));
  };
  for (size_t i = 0; i < a.parameters.size(); ++i) {
    compare(a.parameters[i].value.lower, b.parameters[i].value.lower);
    compare(a.parameters[i].value.upper, b.parameters[i].value.upper);
  }
  return greatest;
}

struct Tally {
  int steps = 0, refused = 0, searched = 0, jumps = 0, followed_jumps = 0, intervals = 0;
  double objective = 0, parameters = 0, bounds = 0;
};

class ReplayTest : public testing::TestWithParam<ReplayedSet> {};

void Replay(const ReplayedSet& set, const std::vector<Step>& steps, Tally& tally) {
  FitOptions options = set.options;
  options.replica_count = 200;
  IncrementalFit incremental = IncrementalFit::FromScratch({}, options).value();
  std::vector<Observation> present;
  std::optional<Fit> last_batch;
  const bool small = steps.size() <= 2 * (OrderCount() ? kEveryStepRunCount : kSmallSet);
  const size_t stride = small ? 1 : steps.size() / (OrderCount() ? kComparedSteps : kShortComparedSteps);
  const size_t interval_stride = std::max<size_t>(1, steps.size() / (OrderCount() ? kComparedIntervals : kShortComparedSteps / 3));
  for (size_t k = 0; k < steps.size(); ++k) {
    for (const Observation& o : steps[k].withdrawn) {
      present.erase(std::find_if(present.begin(), present.end(), [&](const Observation& p) { return p.line == o.line; }));
    }
    present.insert(present.end(), steps[k].added.begin(), steps[k].added.end());
    ASSERT_THAT(incremental.Change(steps[k].withdrawn, steps[k].added), IsOk());
    const bool with_intervals = (k + 1) % interval_stride == 0;
    if ((k + 1) % stride != 0 && !with_intervals) continue;
    const auto batch = FitLaw(present, options);
    ASSERT_THAT(batch, IsOk());
    const Fit fit = incremental.fit();
    ++tally.steps;
    tally.searched += incremental.searched();
    ASSERT_EQ(fit.identified(), batch->identified()) << "step " << k << " of " << present.size() << " runs";
    EXPECT_EQ(fit.observations_hash, batch->observations_hash);
    if (!batch->identified()) {
      ++tally.refused;
      last_batch.reset();
      continue;
    }
    const double objective = std::abs(*fit.objective / *batch->objective - 1), parameters = Difference(fit, *batch);
    tally.objective = std::max(tally.objective, objective);
    tally.parameters = std::max(tally.parameters, parameters);
    EXPECT_LE(objective, 1e-9) << "step " << k << " of " << present.size() << " runs";
    EXPECT_LE(parameters, 1e-6) << "step " << k << " of " << present.size() << " runs";
    if (last_batch) {
      tally.jumps += Difference(*batch, *last_batch) > kFarJump;
      tally.followed_jumps += Difference(fit, *last_batch) > kFarJump;
    }
    last_batch = *batch;
    if (!with_intervals) continue;
    Fit whole = *batch;
    ASSERT_THAT(ComputeReplicas(present, options, nullptr, whole), IsOk());
    ASSERT_THAT(incremental.RefitReplicas(nullptr), IsOk());
    const double bounds = IntervalDifference(incremental.fit(), whole);
    ++tally.intervals;
    tally.bounds = std::max(tally.bounds, bounds);
    EXPECT_LE(bounds, 1e-6) << "step " << k << " of " << present.size() << " runs";
  }
  EXPECT_EQ(tally.jumps, tally.followed_jumps);
}

TEST_P(ReplayTest, EveryStepEqualsTheBatchFit) {
  const ReplayedSet& set = GetParam();
  std::vector<Observation> runs = LoadRuns(set.file, set.mapping);
  if (!OrderCount() && runs.size() > set.short_run_count) runs.resize(set.short_run_count);
  for (size_t i = 0; i < runs.size(); ++i) runs[i].run_id = std::to_string(runs[i].line = static_cast<int64_t>(i + 2));
  Tally tally;
  const bool small = runs.size() <= kSmallSet;
  if (OrderCount() || !small) Replay(set, PlanSteps(runs, nullptr), tally);
  for (int order = 1; order <= OrderCount().value_or(small ? 1 : 0) && !HasFatalFailure(); ++order) {
    std::mt19937 random(order);
    Replay(set, PlanSteps(runs, &random), tally);
  }
  std::printf("%-28s %6d steps compared, %d refused, %d with a search, optimum jumped in %d (%d); differences at most %.1e of the "
              "objective, %.1e of a parameter, %.1e of %d intervals' bounds\n",
              set.name.c_str(), tally.steps, tally.refused, tally.searched, tally.jumps, tally.followed_jumps, tally.objective, tally.parameters,
              tally.bounds, tally.intervals);
}

const std::map<Quantity, std::string> kGadre = {{Quantity::kLoss, "loss_c4_val"}};
const std::map<Quantity, std::string> kPorian = {{Quantity::kParameterCount, "params"}, {Quantity::kTokenCount, "tokens"}};
const std::map<Quantity, std::string> kGemstones = {{Quantity::kParameterCount, "params_active_precise"}};

INSTANTIATE_TEST_SUITE_P(
    Published, ReplayTest,
    testing::Values(ReplayedSet{"chinchilla", "chinchilla_figure4_subset.csv"}, ReplayedSet{"gadre rpj", "gadre_rpj.csv", kGadre},
                    ReplayedSet{"gadre c4", "gadre_c4_original.csv", kGadre}, ReplayedSet{"gadre rw", "gadre_rw_original.csv", kGadre},
                    ReplayedSet{"muennighoff 1 epoch", "muennighoff_single_epoch.csv"},
                    ReplayedSet{"muennighoff 182", "muennighoff_fit182.csv"},
                    ReplayedSet{"muennighoff 182, U", "muennighoff_fit182.csv", {},
                                {.law = "data_constrained",
                                 .fixed = {{"A", 520.8}, {"B", 1487.6}, {"E", 1.869}, {"alpha", 0.3527}, {"beta", 0.3527}}},
                                20},
                    ReplayedSet{"OLMo ladder", "olmo_ladder_final_c4.csv"},
                    ReplayedSet{"Porian, all settings as one study", "porian_isoflop_points.csv", kPorian},
                    ReplayedSet{"gemstones", "gemstones_hot_100bplus.csv", kGemstones},
                    ReplayedSet{"chinchilla, symmetric", "chinchilla_figure4_subset.csv", {}, {.law = "chinchilla_symmetric"}},
                    ReplayedSet{"chinchilla, in C alone", "chinchilla_figure4_subset.csv", {}, {.law = "power_law", .abscissa = Quantity::kTrainingFlops}}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
      return name;
    });

class PlantedReplayTest : public testing::TestWithParam<PlantedLaw> {};

TEST_P(PlantedReplayTest, EveryLawIsFollowed) {
  ReplayedSet set{.name = GetParam().law, .file = {}, .mapping = {}, .options = {.law = GetParam().law}};
  const Law& law = *FindLaw(GetParam().law).value();
  if (law.takes_abscissa()) set.options.abscissa = Quantity::kParameterCount;
  std::mt19937 random(5);
  std::normal_distribution<double> noise(0, 0.003);
  std::vector<Observation> runs;
  // More than are searched anew each time, but for laws whose searches are long.
  const size_t count = law.parameters().size() > 5 ? 20 : 150;
  while (runs.size() < count) {
    for (Observation run : RunsOf(law, GetParam())) {
      *ValueOf(run, law.response()) *= std::exp(noise(random));
      if (law.response() != Quantity::kLoss) run.loss_nats_per_token.reset();
      if (law.name().ends_with("_by_compute")) run.parameter_count.reset(), run.token_count.reset();
      run.run_id = std::to_string(run.line = static_cast<int64_t>(runs.size() + 2));
      runs.push_back(run);
    }
  }
  std::shuffle(runs.begin(), runs.end(), random);
  runs.resize(count);
  Tally tally;
  Replay(set, PlanSteps(runs, nullptr), tally);
  EXPECT_GT(tally.steps, tally.refused);
}

INSTANTIATE_TEST_SUITE_P(Registry, PlantedReplayTest, testing::ValuesIn(PlantedLaws()), [](const auto& info) { return info.param.law; });

}  // namespace
}  // namespace isoflop
