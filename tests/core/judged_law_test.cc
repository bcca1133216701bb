#include "core/check/judged_law.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/advice/allocation.h"
#include "core/check/cheapest_repeated_run.h"
#include "core/law/published.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/subset_fit.h"

namespace isoflop {
namespace {

Judgement Plain(const RunShape& run) { return JudgedLaw::Of(SubsetFit())->Judge(run); }
Judgement DriftWeighted(const RunShape& run) { return JudgedLaw::Of(DriftWeightedFit(SubsetFit()))->Judge(run); }

const RunShape kGopher = {.parameter_count = 280e9, .token_count = 300e9};     // Rae et al. 2021 (arXiv:2112.11446).
const RunShape kChinchilla = {.parameter_count = 70e9, .token_count = 1.4e12};  // Hoffmann et al. 2022 (arXiv:2203.15556).

// An optimum is flat: these differ four times in size, and by their law the one wastes nothing.
TEST(JudgedLawTest, GopherWastesHalfItsComputeByTheFittedLawAndFourFifthsByTheDriftWeighted) {
  EXPECT_NEAR(*Plain(kGopher).wasted_share.estimate, 0.54, 0.005);
  EXPECT_NEAR(*DriftWeighted(kGopher).wasted_share.estimate, 0.81, 0.005);
  EXPECT_GT(*Plain(kGopher).wasted_share.lower, 0.25);
  EXPECT_GT(*DriftWeighted(kGopher).wasted_share.lower, 0.25);
  EXPECT_LT(Plain(kGopher).cheapest.parameter_count, kGopher.parameter_count / 4);
  EXPECT_GT(Plain(kGopher).cheapest.token_count, 3 * kGopher.token_count);
}

TEST(JudgedLawTest, ChinchillaWastesNothingByTheFittedLawAndAThirdByTheDriftWeighted) {
  EXPECT_NEAR(*Plain(kChinchilla).wasted_share.estimate, 0.002, 0.0005);
  EXPECT_NEAR(*DriftWeighted(kChinchilla).wasted_share.estimate, 0.31, 0.01);
  EXPECT_NEAR(Plain(kChinchilla).cheapest.parameter_count, 65e9, 1e9);
}

// Closed forms with Hoffmann et al.'s rounded constants: 70 B on 1.4 T wastes .163250, 280 B on 300 B .745843.
TEST(JudgedLawTest, WasteOfPublishedConstantsIsThatOfTheClosedForm) {
  Fit fit{.law = "chinchilla"};
  for (const auto& [symbol, value] : {std::pair{"E", 1.69}, {"A", 406.4}, {"B", 410.7}, {"alpha", .34}, {"beta", .28}}) {
    fit.parameters.push_back({.symbol = symbol, .value = {.estimate = value}});
  }
  fit.region = Region{.training_flops = {{1e18, 1e22}}};
  const JudgedLaw law = *JudgedLaw::Of(fit);
  EXPECT_NEAR(*law.Judge(kChinchilla).wasted_share.estimate, .163250, 5e-7);
  EXPECT_NEAR(*law.Judge(kGopher).wasted_share.estimate, .745843, 5e-7);
  EXPECT_NEAR(law.Judge(kChinchilla).least_flops, 4.92009e23, 5e17);
  EXPECT_FALSE(law.Judge(kGopher).wasted_share.lower);

  // Sardana et al.'s question at Chinchilla's loss: to serve 1e13 tokens, 15.8494 B on 6.04923 T are cheapest, 8.92249e23 FLOPs in all.
  RunShape served = kChinchilla;
  served.served_token_count = 1e13;
  const Judgement judgement = law.Judge(served);
  EXPECT_NEAR(judgement.cheapest.parameter_count, 1.58494e10, 5e4);
  EXPECT_NEAR(judgement.least_flops, 8.92249e23, 5e17);
  EXPECT_NEAR(*judgement.wasted_share.estimate, 1 - 8.92249e23 / (5.88e23 + 2 * 70e9 * 1e13), 1e-6);
}

// Muennighoff et al.'s law (R_N not fading): the cheapest of many sizes, tried one by one.
TEST(CheapestRepeatedRunTest, NoSizeNearbyIsCheaper) {
  const RepeatedDataLaw law = {.base = {1.87, 521, 1488, .353, .353}, .token_repetition_scale = 15.387};
  const double u = 1e11, loss = 2.15;
  for (const double served : {0.0, 1e12}) {
    const RunPrices prices{.served_token_count = served};
    const OptimalSplit best = CheapestRepeatedRun(law, prices, u, loss);
    EXPECT_NEAR(PredictLoss(law, best.parameter_count, best.token_count, u), loss, 1e-9);
    const double bill = ComputeBill(prices, best.parameter_count, best.token_count).total();
    for (const double factor : {.1, .5, .9, .99, 1.01, 1.1, 2.0, 10.0}) {
      const double n = factor * best.parameter_count, d = TokenCountForLoss(law, n, u, loss);
      EXPECT_TRUE(std::isinf(d) || bill < ComputeBill(prices, n, d).total()) << factor;
    }
  }
}

}  // namespace
}  // namespace isoflop
