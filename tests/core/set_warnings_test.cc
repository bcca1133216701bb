// What each published set is warned of, against a list made beforehand by another program from the same thresholds: codes with "!" for an
// error, and the factor between the ends of the 95 % interval of N_opt at ten times the largest run.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "core/fit/fit.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

// The codes that the list knows.
const std::set<std::string> kListed = {"FEW_RUNS", "NARROW_RANGE", "NARROW_COMPUTE", "CONSTANT_RATIO", "ILL_CONDITIONED", "WIDE_OPTIMUM",
                                       "HOLD_OUT", "NOISY",        "HEAVY_TAILS",    "AT_BOUND",       "OPTIMUM_OUTSIDE"};

Fit FitWithReplicas(const std::vector<Observation>& runs) {
  FitOptions options;
  Fit fit = FitLaw(runs, options).value();
  EXPECT_THAT(ComputeReplicas(runs, options, nullptr, fit), IsOk());
  return fit;
}

std::set<std::string> Found(const Fit& fit) {
  std::set<std::string> found;
  for (const Diagnostic& d : fit.diagnostics) {
    if (kListed.count(d.code) > 0) found.insert(d.code + (d.severity == Severity::kError ? "!" : ""));
  }
  return found;
}

double WidthFactor(const Fit& fit) {
  const double budget = 10 * fit.region->training_flops->second;
  std::vector<double> sizes;
  for (const std::vector<double>& r : fit.replicas) {
    sizes.push_back(ComputeOptimalSplit(ComputeAllocationExponents({r[0], r[1], r[2], r[3], r[4]}), budget).parameter_count);
  }
  std::sort(sizes.begin(), sizes.end());
  return sizes[sizes.size() * 39 / 40] / sizes[sizes.size() / 40];
}

struct Listed {
  std::string file;
  std::map<Quantity, std::string> mapping;
  std::set<std::string> codes;
  double factor;
};

const std::map<Quantity, std::string> kGadre = {{Quantity::kLoss, "loss_c4_val"}};

const Listed kSets[] = {
    {"chinchilla_figure4_subset.csv", {}, {"HOLD_OUT"}, 1.9},
    {"gadre_rpj.csv", kGadre, {"WIDE_OPTIMUM!", "HOLD_OUT", "HEAVY_TAILS!"}, 7.4},
    {"gadre_c4_original.csv", kGadre, {"WIDE_OPTIMUM!", "NOISY"}, 21},
    {"gadre_rw_original.csv", kGadre, {"WIDE_OPTIMUM!", "HEAVY_TAILS", "OPTIMUM_OUTSIDE"}, 11},
    {"muennighoff_single_epoch.csv", {}, {"WIDE_OPTIMUM!", "NOISY", "HEAVY_TAILS"}, 28},
    {"muennighoff_all.csv", {}, {"WIDE_OPTIMUM!", "NOISY!", "HEAVY_TAILS"}, 9.1},
    {"gemstones_hot_100bplus.csv", {{Quantity::kParameterCount, "params_active_precise"}}, {"OPTIMUM_OUTSIDE"}, 1.4},
    {"olmo_ladder_final_c4.csv", {}, {"WIDE_OPTIMUM!", "HOLD_OUT"}, 51},
};

class SetWarningsTest : public testing::TestWithParam<Listed> {};

TEST_P(SetWarningsTest, FireAsListed) {
  const Fit fit = FitWithReplicas(LoadRuns(GetParam().file, GetParam().mapping));
  EXPECT_EQ(Found(fit), GetParam().codes);
  // Narrow intervals agree to 10 %. Wide ones rest on a few replicas far out: at n near 30 the factor of 1,000 replicas moves by 20 % from seed
  // to seed, and doubles between ways to draw them and losses that fit as well (the list was made with a Huber delta of 5e-3).
  const double tolerance = GetParam().factor < 4 ? std::log(1.1) : std::log(2.2);
  EXPECT_NEAR(std::log(WidthFactor(fit)), std::log(GetParam().factor), tolerance) << WidthFactor(fit);
}

INSTANTIATE_TEST_SUITE_P(All, SetWarningsTest, testing::ValuesIn(kSets));

TEST(SetWarningsTest, FiveRunsOfOneRatioGiveNoLawAndSayWhy) {
  std::vector<Observation> runs = LoadRuns("olmo_ladder_final_c4.csv");
  std::erase_if(runs, [](const Observation& o) { return o.labels.at("multiplier") != "1xC"; });
  ASSERT_EQ(runs.size(), 5u);
  const Fit fit = FitWithReplicas(runs);
  EXPECT_FALSE(fit.identified());
  EXPECT_EQ(Found(fit), (std::set<std::string>{"FEW_RUNS!", "CONSTANT_RATIO!"}));
}

TEST(SetWarningsTest, PoriansParametricFitsAreNoisyInAllExperimentsButOne) {
  // The ten experiments on RefinedWeb. All but the one with a short warm-up and Chinchilla's decay are noisy to an error. All but that one (2.2,
  // and 10 % either side of 2 is open) have a wide optimum.
  std::map<std::string, std::vector<Observation>> experiments;
  for (Observation& run : LoadRuns("porian_isoflop_points.csv")) {
    std::string name;
    for (const char* column : {"source", "dataset", "hparams", "warmup", "decay", "param_count", "val"}) name += run.labels.at(column) + " ";
    if (run.labels.at("dataset") == "rw") experiments[name].push_back(std::move(run));
  }
  ASSERT_EQ(experiments.size(), 10u);
  int noisy = 0, wide = 0;
  for (const auto& [name, runs] : experiments) {
    const Fit fit = FitWithReplicas(runs);
    const std::set<std::string> found = Found(fit);
    noisy += found.count("NOISY!") > 0;
    const double factor = WidthFactor(fit);
    EXPECT_LT(factor, 18 * 1.1) << name;
    if (factor < 1.8 || factor > 2.2) wide += found.count("WIDE_OPTIMUM") + found.count("WIDE_OPTIMUM!") > 0;
    if (name == "summary_df rw base short chinchilla standard val ") {
      EXPECT_EQ(found.count("NOISY"), 1u) << "a warning only";
      EXPECT_LT(factor, 2 * 1.25);
    }
  }
  EXPECT_EQ(noisy, 9);
  EXPECT_GE(wide, 9);
}

}  // namespace
}  // namespace isoflop
