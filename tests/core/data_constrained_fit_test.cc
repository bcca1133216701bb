#include <gtest/gtest.h>

#include <cmath>

#include "core/fit/fit.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

// Muennighoff et al.'s base law, as published with all digits.
const std::map<std::string, double> kBase = {
    {"E", std::exp(0.6254804)}, {"A", std::exp(6.255414)}, {"B", std::exp(7.3049974)}, {"alpha", 0.3526596}, {"beta", 0.3526596}};

struct Optimum {
  double objective, r_d, r_n;
};

TEST(DataConstrainedFitTest, FindsAllFiveBasinsOfThePublishedRunsBestFirst) {
  // Optima that another program found from many starts; the last is the published one.
  const std::vector<Optimum> expected = {{.0158046625, 95.3652, 1.70591},
                                         {.0158073786, 46.9903, 2.32958},
                                         {.0158083359, 52.1734, 2.19714},
                                         {.0158112893, 160.710, 1.44871},
                                         {.0158259321, 15.3718, 5.31513}};
  const auto fit = FitLaw(LoadRuns("muennighoff_fit182.csv"), {.law = "data_constrained", .fixed = kBase});
  ASSERT_THAT(fit, IsOk());
  ASSERT_EQ(fit->basins.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(fit->basins[i].objective / expected[i].objective, 1, 1e-6) << i;
    EXPECT_NEAR(fit->basins[i].parameters.at("R_D") / expected[i].r_d, 1, 1e-4) << i;
    EXPECT_NEAR(fit->basins[i].parameters.at("R_N") / expected[i].r_n, 1, 1e-4) << i;
  }
  EXPECT_EQ(*fit->objective, fit->basins.front().objective);
}

TEST(DataConstrainedFitTest, ThePublishedPointHasThePublishedObjective) {
  FitOptions options{.law = "data_constrained", .fixed = kBase};
  options.fixed["R_D"] = 15.387756;
  options.fixed["R_N"] = 5.309743;
  const auto fit = FitLaw(LoadRuns("muennighoff_fit182.csv"), options);
  ASSERT_THAT(fit, IsOk());
  EXPECT_NEAR(*fit->objective / .0158259353, 1, 1e-8);
}

}  // namespace
}  // namespace isoflop
