#include "core/advice/trade_offs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/advice/frontier_law.h"
#include "core/base/significant_digits.h"
#include "core/fit/intervals.h"
#include "core/law/published.h"
#include "core/quantity/training_flops.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"
#include "tests/testing/subset_fit.h"

namespace isoflop {
namespace {

using absl::StatusCode;

const AdditiveLaw kSubset = {1.78389, 442.164, 1271.81, 0.342626, 0.342002};  // The same fit, published to six digits.

TradeOffs Weigh(const TradeOffsQuestion& question) {
  absl::StatusOr<TradeOffs> answer = WeighTradeOffs(SubsetFit(), question);
  EXPECT_THAT(answer, IsOk());
  return *std::move(answer);
}

const MarginRow& Row(const TradeOffs& answer, const std::string& kind) {
  for (const MarginRow& row : answer.margin) {
    if (row.kind == kind) return row;
  }
  ADD_FAILURE() << "no row of " << kind;
  return answer.margin.front();
}

void ExpectInside(const Interval& interval, const std::string& what) {
  ASSERT_TRUE(interval.estimate && interval.lower && interval.upper) << what;
  EXPECT_LE(*interval.lower, *interval.estimate) << what;
  EXPECT_GE(*interval.upper, *interval.estimate) << what;
  EXPECT_LT(*interval.lower, *interval.upper) << what;
}

// A cost model that answers everything: 256 GPUs at 400 effective TFLOP/s.
const CostModel kCosts = {.gpu_count = 256,
                          .gpu_flops_per_sec = 1000e12,
                          .utilisation = 0.4,
                          .gpu_price_per_hour = 2.5,
                          .gpu_power_kw = 0.7,
                          .electricity_price_per_kwh = 0.12,
                          .price_per_billion_tokens = 100,
                          .days = 30,
                          .unique_token_count = 2e11,
                          .served_token_count = 1e13};

TEST(WeighTradeOffsTest, EveryFigureLiesWithinItsInterval) {
  const TradeOffs answer = Weigh({.budget_flops = 1e23, .target_loss_nats_per_token = 2.0, .model = kCosts});
  ExpectInside(answer.plan->loss_nats_per_token, "loss");
  ExpectInside(answer.plan->compute_equivalent, "compute equivalent");
  for (const MarginRow& row : answer.margin) ExpectInside(row.loss_change, row.kind);
  ExpectInside(answer.scale_up->parameter_factor, "parameter factor");
  ExpectInside(answer.scale_up->loss_nats_per_token, "loss of ten times");
  for (const Alternative& alternative : answer.alternatives) ExpectInside(alternative.same_compute.loss_nats_per_token, "alternative");
  for (const ComputeOption& option : answer.more_compute->options) ExpectInside(option.loss_change, option.kind);
  ExpectInside(answer.stopping->longest_over_best, "longest run");
  ExpectInside(answer.stopping->restart_compute_factor, "restart");
  ExpectInside(answer.target->least_compute.training_flops, "target");
  ExpectInside(answer.target->price, "price of the target");
  ExpectInside(answer.data_limited->epoch_count, "epochs");
  ExpectInside(answer.data_limited->break_even_price_per_billion_tokens, "break-even price");
  ExpectInside(answer.serving->parameter_count, "serving");
  ExpectInside(answer.serving->saved_share, "saved share");
}

TEST(WeighTradeOffsTest, FiguresAreThoseOfTheClosedForms) {
  const TradeOffs answer = Weigh({.model = {.gpu_count = 256, .gpu_flops_per_sec = 400e12, .gpu_price_per_hour = 2.5, .gpu_power_kw = 0.7,
                                            .electricity_price_per_kwh = 0.12, .days = 30}});
  // The month of devices of trade_off_tables_test.cc, computed elsewhere; the law there has six digits.
  EXPECT_NEAR(answer.advice.budget_flops, 2.65421e23, 1e18);
  EXPECT_NEAR(answer.plan->parameter_count / 4.40075e10, 1, 1e-3);
  EXPECT_NEAR(*answer.plan->loss_nats_per_token.estimate, 1.98353597, 1e-4);
  EXPECT_NEAR(*Row(answer, "days").loss_change.estimate, -.00113903, 1e-6);
  EXPECT_NEAR(*answer.plan->cost.electricity_price, 15482.88, 0.01);
  EXPECT_NEAR(*answer.plan->cost.days, 30, 1e-9);
  EXPECT_NEAR(*answer.plan->cost.training_price, 256 * 720 * (2.5 + 0.7 * 0.12), 1e-3);
  EXPECT_NEAR(*Row(answer, "gpus").loss_change.estimate * 256, *Row(answer, "compute").loss_change.estimate * 100, 1e-9);
  EXPECT_NEAR(*answer.plan->penalty_nats_per_token.estimate, 0, 1e-9);
}

TEST(WeighTradeOffsTest, TheBestSplitLeavesNothingToChooseAtTheMargin) {
  const TradeOffs answer = Weigh({.budget_flops = 1e22});
  EXPECT_NEAR(*Row(answer, "parameters").loss_change.estimate, *Row(answer, "tokens").loss_change.estimate, 1e-9);
  EXPECT_NEAR(*Row(answer, "compute").loss_change.estimate, 0.01 * LossPerLogCompute(ComputeFrontierLaw(kSubset), 1e22), 1e-6);
  // Tokens worth 1 % more save what 1 % more tokens cost.
  EXPECT_NEAR(*Row(answer, "better_data").worth_flops.estimate, 1e20, 1e11);
}

TEST(WeighTradeOffsTest, ABillIsSplitAtItsBestBetweenComputeAndData) {
  const TradeOffs answer = Weigh({.bill = 1e6, .model = {.gpu_flops_per_sec = 400e12, .gpu_price_per_hour = 2.5, .price_per_billion_tokens = 2000}});
  EXPECT_NEAR(answer.plan->parameter_count / 1.45489e11, 1, 1e-3);  // As in trade_off_tables_test.cc.
  EXPECT_NEAR(*answer.plan->cost.total_price, 1e6, 1e-3);
  EXPECT_NEAR(*Row(answer, "money").loss_change.estimate, 0.01 * -.0526206, 2e-6);
  EXPECT_NEAR(*Row(answer, "money").price_per_hundredth / 190039, 1, 2e-3);
}

TEST(WeighTradeOffsTest, MoreComputeForARunGivesTheFiguresOfThePanelsDesign) {
  // 11.452 B on 44 B, the panel's picture: made with the same runs, by another program.
  const MoreCompute answer = *Weigh({.budget_flops = 1e22, .run = OptimalSplit{11.452e9, 44e9}}).more_compute;
  const double wanted[] = {-0.062, -0.060, -0.033, -0.068};
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(*answer.options[i].loss_change.estimate, wanted[i], 0.0011) << answer.options[i].kind;
  EXPECT_EQ(answer.winner, "new_data");
  EXPECT_TRUE(answer.decided);
  EXPECT_NEAR(*answer.new_data_over_bigger_model.estimate, 1.8, 0.06);
  EXPECT_NEAR(*answer.second_epoch_over_new_data.estimate, 0.98, 0.012);
  EXPECT_THAT(answer.assumption, testing::HasSubstr("published R_D 15.387"));
}

TEST(WeighTradeOffsTest, MoreComputeIsNotDecidedWhereSizeAndDataGainTheSame) {
  const OptimalSplit best = ComputeOptimalSplit(*AllocationOf(SubsetFit()), 1e21);
  EXPECT_FALSE(Weigh({.budget_flops = 1e21, .run = best}).more_compute->decided);
}

TEST(WeighTradeOffsTest, LimitedDataUsePublishedConstantsByNameUnlessTheStudyHasItsOwn) {
  const TradeOffs published = Weigh({.budget_flops = 1e23, .model = {.unique_token_count = 2e11}});
  EXPECT_THAT(published.data_limited->source, testing::HasSubstr("published R_D 15.387 and R_N 5.309 (Muennighoff et al. 2023"));
  const RepeatedDataRun closed = ComputeBestRepeatedRun({kSubset, 15.387, 5.309}, 1e23, 2e11);
  EXPECT_NEAR(*published.data_limited->epoch_count.estimate / closed.epoch_count, 1, 2e-3);
  EXPECT_NEAR(*published.plan->epoch_count / closed.epoch_count, 1, 2e-3);
  // The plan is that run, so nothing is left to choose at the margin.
  EXPECT_EQ(*published.plan->loss_nats_per_token.estimate, *published.data_limited->loss_nats_per_token.estimate);
  EXPECT_NEAR(*Row(published, "parameters").loss_change.estimate, *Row(published, "epochs").loss_change.estimate, 1e-9);
  EXPECT_FALSE(published.data_limited->stronger_weight_decay);
  EXPECT_TRUE(Weigh({.budget_flops = 1e23, .model = {.unique_token_count = 2e10}}).data_limited->stronger_weight_decay);

  std::vector<Observation> runs;
  const RepeatedDataLaw planted = {muennighoff::kBase, 8, 4};
  for (double n : {1e8, 4e8, 1.6e9, 6.4e9}) {
    for (double u : {1e9, 1e10, 1e11}) {
      for (double epochs : {1.0, 3.0, 10.0, 40.0}) {
        runs.push_back({.parameter_count = n, .token_count = epochs * u, .training_flops = TrainingFlops(n, epochs * u),
                        .loss_nats_per_token = PredictLoss(planted, n, epochs * u, u), .unique_token_count = u});
      }
    }
  }
  const Fit fit = FitLaw(runs, {.law = "data_constrained"}).value();
  const auto own = WeighTradeOffs(fit, {.budget_flops = 1e23, .model = {.unique_token_count = 1e11}});
  ASSERT_THAT(own, IsOk());
  EXPECT_THAT(own->data_limited->source, testing::HasSubstr("fitted to this study's own"));
  EXPECT_NEAR(*own->data_limited->epoch_count.estimate / ComputeBestRepeatedRun(planted, 1e23, 1e11).epoch_count, 1, 1e-3);
}

TEST(WeighTradeOffsTest, MenusFixedSizesAndFixedTokensShareTheBudget) {
  const TradeOffs menu = Weigh({.budget_flops = 1e22, .parameter_counts = {7e9, 13e9, 70e9}});
  ASSERT_EQ(menu.alternatives.size(), 3u);
  for (const Alternative& row : menu.alternatives) EXPECT_NEAR(row.same_compute.training_flops, 1e22, 1e12);
  EXPECT_NEAR(menu.alternatives[2].same_compute.token_count, 1e22 / 6 / 70e9, 1);
  EXPECT_NEAR(*menu.plan->penalty_nats_per_token.estimate, 0, 1e-9) << "a menu fixes nothing";
  const TradeOffs size = Weigh({.budget_flops = 1e22, .parameter_counts = {30e9}});
  EXPECT_EQ(size.plan->parameter_count, 30e9);
  EXPECT_NEAR(size.plan->training_flops, 1e22, 1e12);
  EXPECT_GT(*size.plan->penalty_nats_per_token.lower, 0);
  const TradeOffs tokens = Weigh({.budget_flops = 1e22, .token_counts = {1e11}});
  EXPECT_EQ(tokens.plan->token_count, 1e11);
  const TradeOffs both = Weigh({.parameter_counts = {30e9}, .token_counts = {1e11}});
  EXPECT_NEAR(both.advice.budget_flops, 1.8e22, 1e12);
  EXPECT_EQ(Weigh({.budget_flops = 1e22, .greatest_token_count = 5e10}).plan->token_count, 5e10);
}

TEST(WeighTradeOffsTest, WhatIsAsGoodFollowsTheToleranceThatIsSet) {
  Fit fit = SubsetFit();
  const std::vector<MenuModel> menu = {{"near", 7e9}, {"best", 8.5e9}};  // The near one loses .0008 of 2.13 nats/token.
  const auto weigh = [&](double tolerance) {
    fit.as_good_tolerance = tolerance;
    return WeighTradeOffs(fit, {.budget_flops = 1e22, .menu = menu}).value();
  };
  const TradeOffs strict = weigh(1e-4), lax = weigh(0.01);
  EXPECT_FALSE(strict.alternatives[0].as_good_as_menu_best || strict.alternatives[0].same_compute.as_good);
  EXPECT_TRUE(lax.alternatives[0].as_good_as_menu_best && lax.alternatives[0].same_compute.as_good);
  EXPECT_TRUE(strict.advice.tolerance->is_set && lax.advice.tolerance->is_set);
  // The longest run loses 1 % against the best split of its own compute.
  const double n = lax.stopping->parameter_count, d = *lax.stopping->longest_token_count.estimate;
  EXPECT_NEAR(PredictLoss(kSubset, n, d) / LeastLoss(ComputeFrontierLaw(kSubset), TrainingFlops(n, d)), 1.01, 1e-4);
}

TEST(WeighTradeOffsTest, AMenuIsComparedWithItsBestAndArchitecturesAreCountedInTheFitsConvention) {
  // GPT-2's smallest network, 12 layers of 768, beside sizes around the best at this compute, 8.55e9.
  const Architecture network = {.layer_count = 12, .model_width = 768, .vocabulary_size = 50257, .tied_embeddings = true};
  const std::vector<MenuModel> menu = {{"far", 1e9}, {"near", 7e9}, {"best", 8.5e9}, {"network", std::nullopt, network}};
  const TradeOffs answer = Weigh({.budget_flops = 1e22, .menu = menu});
  ASSERT_EQ(answer.alternatives.size(), 4u);
  EXPECT_EQ(answer.alternatives[*answer.menu_best].name, "best");
  EXPECT_EQ(answer.alternatives[3].same_compute.parameter_count, RoundResult(CountParameters(network, ParameterConvention::kTotal).value()));
  const auto loss_of = [](double n) { return PredictLoss(kSubset, n, TokenCountForBudget(1e22, n)); };
  EXPECT_NEAR(*answer.alternatives[0].above_menu_best.estimate, loss_of(1e9) - loss_of(8.5e9), 1e-5);
  ExpectInside(answer.alternatives[0].above_menu_best, "what the far one gives up");
  EXPECT_FALSE(answer.alternatives[0].as_good_as_menu_best);
  EXPECT_TRUE(answer.alternatives[1].as_good_as_menu_best);  // .0008 nats/token, under run noise.
  Fit other = SubsetFit();
  other.convention = ParameterConvention::kNonEmbedding;
  const TradeOffs counted = WeighTradeOffs(other, {.budget_flops = 1e22, .menu = menu}).value();
  EXPECT_EQ(counted.alternatives[3].same_compute.parameter_count, RoundResult(CountParameters(network, other.convention).value()));
  EXPECT_THAT(WeighTradeOffs(other, {.budget_flops = 1e22, .parameter_counts = {1e9, 2e9}, .menu = menu}),
              StatusIs(StatusCode::kInvalidArgument, "menu must be the only one"));
  EXPECT_THAT(WeighTradeOffs(other, {.budget_flops = 1e22, .menu = {{"empty"}}}), StatusIs(StatusCode::kInvalidArgument, "menu must give each model"));
}

TEST(WeighTradeOffsTest, AFixedSizeOrFixedTokensMakeTheBudgetThatTheyAreBestFor) {
  const AllocationExponents exponents = ComputeAllocationExponents(kSubset);
  const TradeOffs size = Weigh(
      {.parameter_counts = {7e9}, .target_loss_nats_per_token = 2.1, .model = {.gpu_flops_per_sec = 4e14, .gpu_price_per_hour = 2.5}});
  const double flops = size.advice.budget_flops;
  EXPECT_NEAR(ComputeOptimalSplit(exponents, flops).parameter_count / 7e9, 1, 1e-4);
  EXPECT_NEAR(*size.fixed->best.token_count.estimate / ComputeOptimalSplit(exponents, flops).token_count, 1, 1e-4);
  EXPECT_EQ(*size.fixed->best.training_flops.estimate, flops);
  EXPECT_NEAR(size.plan->token_count / *size.fixed->best.token_count.estimate, 1, 1e-9);
  ExpectInside(size.fixed->best.token_count, "tokens of a size");
  ExpectInside(size.fixed->loss_nats_per_token, "their loss");
  EXPECT_NEAR(PredictLoss(kSubset, 7e9, *size.fixed->target->token_count.estimate), 2.1, 1e-5);
  EXPECT_GT(*size.fixed->target->cost.total_price, *size.fixed->best.cost.total_price);
  const TradeOffs tokens = Weigh({.token_counts = {1e12}, .target_loss_nats_per_token = 2.0});
  EXPECT_NEAR(ComputeOptimalSplit(exponents, tokens.advice.budget_flops).token_count / 1e12, 1, 1e-4);
  EXPECT_NEAR(PredictLoss(kSubset, *tokens.fixed->target->parameter_count.estimate, 1e12), 2.0, 1e-5);
  // A size that never gets there has no tokens to show.
  EXPECT_FALSE(Weigh({.budget_flops = 1e22, .parameter_counts = {1e9}, .target_loss_nats_per_token = 1.9}).fixed->target->token_count.estimate);
  EXPECT_FALSE(Weigh({.parameter_counts = {7e9}, .token_counts = {1e11}}).fixed);
}

TEST(WeighTradeOffsTest, SameLossTakesTheTokensAndComputeThatReachIt) {
  const TradeOffs answer = Weigh({.budget_flops = 4.8e22, .parameter_counts = {5e9, 20e9, 200e9}});
  const double loss = LeastLoss(ComputeFrontierLaw(kSubset), 4.8e22);
  for (const Alternative& row : answer.alternatives) {
    const double n = row.same_compute.parameter_count, d = *row.same_loss_token_count.estimate;
    EXPECT_NEAR(PredictLoss(kSubset, n, d), loss, 1e-4);
    EXPECT_NEAR(*row.same_loss_training_flops.estimate / TrainingFlops(n, d), 1, 1e-9);
    EXPECT_NEAR(*row.same_loss_compute_factor.estimate * 4.8e22 / TrainingFlops(n, d), 1, 1e-3);
  }
  const TradeOffs limited = Weigh({.budget_flops = 4.8e22, .parameter_counts = {1e10, 2e10}, .model = {.unique_token_count = 2e11}});
  for (const Alternative& row : limited.alternatives) {
    const double n = row.same_compute.parameter_count, d = *row.same_loss_token_count.estimate;
    EXPECT_NEAR(PredictLoss(RepeatedDataLaw{kSubset, 15.387, 5.309}, n, d, 2e11), loss, 1e-4);
    EXPECT_NEAR(*row.same_loss_epoch_count, d / 2e11, 1e-6);
    EXPECT_NEAR(*row.same_compute.epoch_count, row.same_compute.token_count / 2e11, 1e-6);
  }
}

TEST(WeighTradeOffsTest, AWantedLossHasAWayOfLeastComputeAndOneOfLeastPrice) {
  const TradeOffs answer = Weigh({.budget_flops = 1e23, .target_loss_nats_per_token = 2.0, .model = kCosts});
  const WayToLoss &compute = answer.target->least_compute, &price = *answer.target->least_price;
  EXPECT_NEAR(*compute.training_flops.estimate / ComputeEquivalent(ComputeFrontierLaw(kSubset), 2.0), 1, 1e-3);
  EXPECT_NEAR(*price.cost.total_price / *answer.target->price.estimate, 1, 1e-9);
  EXPECT_LT(*price.cost.total_price, *compute.cost.total_price);
  EXPECT_GT(*price.training_flops.estimate, *compute.training_flops.estimate);
  EXPECT_EQ(answer.target->data_suffices, false);
}

TEST(WeighTradeOffsTest, PastTheRunsTheLawThatTrustsLargeRunsMoreAnswersBeside) {
  // The largest runs follow the law; those over a decade and a half below lie off it, by 2 % of the loss a decade.
  std::vector<Observation> runs;
  for (const double n : {1e8, 3e8, 1e9, 3e9, 1e10}) {
    for (const double ratio : {5., 12., 30., 75., 190.}) {
      const double decades = std::log10(TrainingFlops(1e10, 1.9e12) / TrainingFlops(n, ratio * n));
      runs.push_back({.parameter_count = n, .token_count = ratio * n, .loss_nats_per_token = PredictLoss(kSubset, n, ratio * n) * (1 + 0.02 * std::max(0., decades - 1.5))});
    }
  }
  const FitOptions options{.replica_count = 200};
  Fit fit = FitLaw(runs, options).value();
  ASSERT_THAT(ComputeReplicas(runs, options, nullptr, fit), IsOk());
  const TradeOffs answer = WeighTradeOffs(fit, {.budget_flops = 1e24, .target_loss_nats_per_token = 1.9, .model = {.served_token_count = 1e13}}).value();
  ASSERT_TRUE(answer.drift_weighted.has_value());
  EXPECT_EQ(answer.drift_weight_sum, fit.drift_weighted->weight_sum);
  const auto expect_closer = [](double truth, const Interval& weighted, const Interval& plain, const char* what) {
    EXPECT_LT(std::abs(std::log(*weighted.estimate / truth)), std::abs(std::log(*plain.estimate / truth))) << what;
  };
  const TradeOffParts& weighted = *answer.drift_weighted;
  expect_closer(ComputeEquivalent(ComputeFrontierLaw(kSubset), 1.9), weighted.target->least_compute.training_flops,
                answer.target->least_compute.training_flops, "compute of a wanted loss");
  expect_closer(ComputeCheapestForLoss(kSubset, {.served_token_count = 1e13}, 1.9).bill.total(), weighted.serving->life_flops,
                answer.serving->life_flops, "compute of a life");
  expect_closer(PredictLoss(kSubset, answer.plan->parameter_count, answer.plan->token_count), weighted.plan->loss_nats_per_token,
                answer.plan->loss_nats_per_token, "loss of the plan");
  EXPECT_EQ(weighted.plan->parameter_count, answer.plan->parameter_count);  // The same plan and sizes, judged by either law.
  EXPECT_EQ(weighted.alternatives[0].same_compute.parameter_count, answer.alternatives[0].same_compute.parameter_count);
  ExpectInside(weighted.serving->parameter_count, "size to serve");
  EXPECT_FALSE(WeighTradeOffs(fit, {.budget_flops = 1e21}).value().drift_weighted) << "nothing there is past the runs";
}

TEST(WeighTradeOffsTest, SaysWhenALossCannotBeReachedAndGivesOnlyTheBandTooFarOut) {
  const TradeOffs answer = Weigh({.budget_flops = 1e22, .target_loss_nats_per_token = 1.7});
  EXPECT_FALSE(answer.target->reachable);
  EXPECT_THAT(answer.target->reason, testing::HasSubstr("irreducible loss is 1.78"));
  const TradeOffs far = Weigh({.budget_flops = 1.4e24});
  EXPECT_FALSE(far.plan || far.stopping || !far.margin.empty());
  EXPECT_TRUE(far.advice.parameter_count.lower.has_value());
  // A target whose compute lies too far out has its band alone, too.
  const TradeOffs low = Weigh({.budget_flops = 1e22, .target_loss_nats_per_token = 1.85});
  EXPECT_FALSE(low.target->least_compute.training_flops.estimate.has_value());
  EXPECT_TRUE(low.target->least_compute.training_flops.lower.has_value());
}

TEST(WeighTradeOffsTest, NamesWhatIsWrongWithAQuestion) {
  const auto refuses = [](const TradeOffsQuestion& question, const char* part) {
    EXPECT_THAT(WeighTradeOffs(SubsetFit(), question).status(), StatusIs(StatusCode::kInvalidArgument, part));
  };
  refuses({}, "budget_flops is missing");
  refuses({.budget_flops = -1}, "budget_flops must be positive and finite, got -1");
  refuses({.bill = 1e6}, "bill needs gpu_flops_per_sec");
  refuses({.budget_flops = 1e22, .model = {.utilisation = 1.2}}, "utilisation must be at most 1, got 1.2");
  refuses({.budget_flops = 1e22, .model = {.gpu_price_per_hour = -1}}, "gpu_price_per_hour must be 0 or more and finite, got -1");
  refuses({.budget_flops = 1e22, .parameter_counts = {1e9, 0}}, "parameter_count must be positive and finite, got 0");
  EXPECT_THAT(WeighTradeOffs(FitLaw(LoadRuns("chinchilla_figure4_subset.csv"), {.law = "kaplan_nd"}).value(), {.budget_flops = 1e22}).status(),
              StatusIs(StatusCode::kFailedPrecondition, "the fit is of kaplan_nd"));
}

}  // namespace
}  // namespace isoflop
