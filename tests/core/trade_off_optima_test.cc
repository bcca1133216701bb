#include <gtest/gtest.h>

#include <cmath>

#include "core/advice/find_root.h"
#include "core/advice/frontier_law.h"
#include "core/advice/iso_loss.h"
#include "core/advice/repeated_data.h"
#include "core/advice/run_bill.h"
#include "core/advice/stopping.h"
#include "core/advice/token_limited.h"
#include "core/law/data_constrained.h"
#include "core/law/published.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

// Hoffmann's law, one of equal exponents, and two lopsided ones.
const AdditiveLaw kLaws[] = {kHoffmannRounded, {1.87, 521, 1488, 0.353, 0.353}, {2, 50, 9000, 0.2, 0.6}, {0.5, 5000, 30, 0.55, 0.15}};

// Calls `visit` with `points` values from `centre` / `factor` to `centre` * `factor`, evenly in the logarithm.
template <typename Visit>
void Sweep(double centre, double factor, int points, const Visit& visit) {
  for (int i = 0; i < points; ++i) visit(centre * std::pow(factor, 2.0 * i / (points - 1) - 1));
}

// The least of `value` over a sweep, with where it is.
struct Least {
  double at = NAN, value = INFINITY;
};
template <typename Function>
Least LeastOver(double centre, double factor, const Function& value) {
  Least least;
  Sweep(centre, factor, 20001, [&](double x) {
    if (const double y = value(x); y < least.value) least = {x, y};
  });
  return least;
}

constexpr double kGridStep = 1e-3;  // Of ln x, of a sweep over a factor of 2e4 in 20,001 points; its optimum is within one step.
constexpr double kFactor = 2e4;

TEST(FindRootTest, FindsRootsToTheLastBitsAndGivesTheNearerEndWithoutOne) {
  EXPECT_NEAR(FindRoot([](double x) { return std::exp(x) - 5; }, -50, 50), std::log(5.0), 1e-13);
  EXPECT_NEAR(FindRoot([](double x) { return 1 - x * x * x; }, -3, 8), 1, 1e-13);
  EXPECT_NEAR(FindRoot([](double x) { return x < 2 ? -INFINITY : x - 3; }, 0, 100), 3, 1e-12);
  EXPECT_EQ(FindRoot([](double x) { return x + 10; }, 1, 2), 1);
  EXPECT_EQ(FindRoot([](double x) { return x - 10; }, 1, 2), 2);
}

TEST(FrontierLawTest, IsTheLeastLossOnAGridAndInvertsToTheCompute) {
  for (const AdditiveLaw& law : kLaws) {
    const FrontierLaw frontier = ComputeFrontierLaw(law);
    const double n = ComputeOptimalSplit(ComputeAllocationExponents(law), 1e22).parameter_count;
    const Least grid = LeastOver(n, kFactor, [&](double x) { return PredictLoss(law, x, TokenCountForBudget(1e22, x)); });
    EXPECT_NEAR(std::log(grid.at / n), 0, kGridStep);
    EXPECT_NEAR(grid.value, LeastLoss(frontier, 1e22), 1e-6);
    EXPECT_NEAR(ComputeEquivalent(frontier, LeastLoss(frontier, 1e22)) / 1e22, 1, 1e-11);
    const double step = 1e-5;
    EXPECT_NEAR((LeastLoss(frontier, 1e22 * std::exp(step)) - LeastLoss(frontier, 1e22 * std::exp(-step))) / (2 * step),
                LossPerLogCompute(frontier, 1e22), 1e-9);
    EXPECT_EQ(ComputeEquivalent(frontier, law.irreducible_loss), INFINITY);
  }
}

TEST(CheapestForLossTest, NoSizeOnAGridIsCheaper) {
  for (const AdditiveLaw& law : kLaws) {
    const double loss = LeastLoss(ComputeFrontierLaw(law), 1e22);
    for (const RunPrices& prices : {RunPrices{}, RunPrices{.served_token_count = 1e12}, RunPrices{1e-18, 1e-7, 3e-18, 1e13},
                                    RunPrices{1e-18, 1e-5, 0, 0}, RunPrices{1e-18, 0, 1e-16, 1e14}}) {
      const PricedRun run = ComputeCheapestForLoss(law, prices, loss);
      const auto cost = [&](double n) {
        const double d = TokenCountForLoss(law, n, loss);
        return std::isfinite(d) ? ComputeBill(prices, n, d).total() : INFINITY;
      };
      const Least grid = LeastOver(run.parameter_count, kFactor, cost);
      EXPECT_NEAR(std::log(grid.at / run.parameter_count), 0, 1.01 * kGridStep);
      EXPECT_LE(run.bill.total(), grid.value * (1 + 1e-12));
      EXPECT_NEAR(run.loss_nats_per_token, loss, 1e-11);
    }
  }
}

TEST(BestForBillTest, NoSplitOnAGridReachesALowerLossAndItsSlopeIsThatOfTheBill) {
  for (const AdditiveLaw& law : kLaws) {
    for (const RunPrices& prices : {RunPrices{1e-18, 0, 0, 0}, RunPrices{1e-18, 1e-7, 0, 0}, RunPrices{1e-18, 1e-7, 3e-18, 1e12}}) {
      const PricedRun run = ComputeBestForBill(law, prices, 1e6);
      const auto loss = [&](double d) {
        const double n = (1e6 - d * prices.per_token) / (6 * d * prices.per_training_flop + 2 * prices.served_token_count * prices.per_serving_flop);
        return n > 0 ? PredictLoss(law, n, d) : INFINITY;
      };
      const Least grid = LeastOver(run.token_count, kFactor, loss);
      EXPECT_NEAR(std::log(grid.at / run.token_count), 0, 1.01 * kGridStep);
      EXPECT_LE(run.loss_nats_per_token, grid.value + 1e-13);
      EXPECT_NEAR(run.bill.total() / 1e6, 1, 1e-12);
      const double step = 1e-4;
      const double slope = (ComputeBestForBill(law, prices, 1e6 * std::exp(step)).loss_nats_per_token -
                            ComputeBestForBill(law, prices, 1e6 * std::exp(-step)).loss_nats_per_token) /
                           (2 * step);
      EXPECT_NEAR(slope / run.loss_per_log_bill, 1, 1e-6);
      // The cheapest way to that loss is the best use of that bill.
      EXPECT_NEAR(ComputeCheapestForLoss(law, prices, run.loss_nats_per_token).bill.total() / 1e6, 1, 1e-9);
    }
  }
}

TEST(TokenLimitedRunTest, NoSizeOnAGridWithinTheLimitDoesBetter) {
  for (const AdditiveLaw& law : kLaws) {
    const double best_tokens = ComputeOptimalSplit(ComputeAllocationExponents(law), 1e22).token_count;
    for (const double limit : {best_tokens / 7, best_tokens * 7}) {
      const TokenLimitedRun run = ComputeTokenLimitedRun(law, 1e22, limit);
      Sweep(limit, kFactor, 20001, [&](double d) {
        const double loss = d <= limit ? PredictLoss(law, 1e22 / (6 * d), d) : INFINITY;
        EXPECT_GE(loss, run.loss_nats_per_token - 1e-13);
      });
      const double step = 1e-4;
      const auto loss = [&](double flops, double most) { return ComputeTokenLimitedRun(law, flops, most).loss_nats_per_token; };
      EXPECT_NEAR((loss(1e22 * std::exp(step), limit) - loss(1e22 * std::exp(-step), limit)) / (2 * step), run.loss_per_log_compute, 1e-6);
      EXPECT_NEAR((loss(1e22, limit * std::exp(step)) - loss(1e22, limit * std::exp(-step))) / (2 * step), run.loss_per_log_limit, 1e-6);
    }
  }
}

TEST(RepeatedDataTest, PredictsWhatTheFittedLawPredicts) {
  const DataConstrained law;
  for (const AdditiveLaw& base : kLaws) {
    const Theta theta = {std::log(base.irreducible_loss), std::log(base.parameter_loss_coefficient), std::log(base.token_loss_coefficient),
                         base.parameter_loss_exponent, base.token_loss_exponent, std::log(15.387), std::log(5.309)};
    for (const auto& [n, d, u] : {std::tuple{1e9, 1e11, 1e10}, std::tuple{1e11, 1e11, 1e11}, std::tuple{1e7, 1e10, 3e11}}) {
      LawInput input;
      input.log.fill(NAN);
      input.log[static_cast<int>(Quantity::kParameterCount)] = std::log(n);
      input.log[static_cast<int>(Quantity::kTokenCount)] = std::log(d);
      input.log[static_cast<int>(Quantity::kUniqueTokenCount)] = std::log(u);
      EXPECT_NEAR(std::log(PredictLoss(RepeatedDataLaw{base, 15.387, 5.309}, n, d, u)), law.PredictLog(input, theta, nullptr, nullptr), 1e-12);
    }
    EXPECT_EQ(PredictLoss(RepeatedDataLaw{base}, 1e9, 1e11, 1e10), PredictLoss(base, 1e9, 1e11)) << "nothing fades";
  }
}

TEST(RepeatedDataTest, MarginsAreItsDerivatives) {
  for (const AdditiveLaw& base : kLaws) {
    const RepeatedDataLaw law = {base, 15.387, 5.309};
    for (const auto& [n, d, u] : {std::tuple{1e9, 1e11, 1e10}, std::tuple{3e11, 2e11, 1e11}, std::tuple{1e7, 1e10, 3e11}, std::tuple{1e11, 1e9, 3e9}}) {
      const RepeatedDataMargin margin = ComputeRepeatedDataMargin(law, n, d, u);
      const double up = std::exp(1e-5), down = std::exp(-1e-5), width = 2e-5;
      EXPECT_NEAR((PredictLoss(law, n * up, d, u) - PredictLoss(law, n * down, d, u)) / width, margin.loss_per_log_parameters, 1e-8);
      EXPECT_NEAR((PredictLoss(law, n, d * up, u) - PredictLoss(law, n, d * down, u)) / width, margin.loss_per_log_tokens, 1e-8);
      EXPECT_NEAR((PredictLoss(law, n, d, u * up) - PredictLoss(law, n, d, u * down)) / width, margin.loss_per_log_unique_tokens, 1e-8);
    }
  }
}

TEST(RepeatedDataTest, NoSizeOnAGridDoesBetterAtAnyScarcity) {
  for (const AdditiveLaw& base : kLaws) {
    const RepeatedDataLaw law = {base, 15.387, 5.309};
    const OptimalSplit free = ComputeOptimalSplit(ComputeAllocationExponents(base), 1e23);
    for (const double scarcity : {0.1, 1.0, 3.0, 30.0, 1000.0}) {
      const double unique = free.token_count / scarcity;
      const RepeatedDataRun run = ComputeBestRepeatedRun(law, 1e23, unique);
      const Least grid = LeastOver(free.parameter_count, kFactor, [&](double n) { return PredictLoss(law, n, TokenCountForBudget(1e23, n), unique); });
      EXPECT_LE(run.loss_nats_per_token, grid.value + 1e-13);
      EXPECT_NEAR(run.loss_nats_per_token, grid.value, 1e-6);
      const double step = 1e-4;
      const auto loss = [&](double flops, double u) { return ComputeBestRepeatedRun(law, flops, u).loss_nats_per_token; };
      if (scarcity == 1) continue;  // On the edge between one epoch and more, the slopes to both sides differ.
      EXPECT_NEAR((loss(1e23 * std::exp(step), unique) - loss(1e23 * std::exp(-step), unique)) / (2 * step), run.loss_per_log_compute, 1e-6);
      EXPECT_NEAR((loss(1e23, unique * std::exp(step)) - loss(1e23, unique * std::exp(-step))) / (2 * step), run.loss_per_log_unique_tokens, 1e-6);
    }
  }
}

TEST(RepeatedDataTest, TokensForALossReachIt) {
  for (const AdditiveLaw& base : kLaws) {
    const RepeatedDataLaw law = {base, 15.387, 5.309};
    for (const auto& [n, d, u] : {std::tuple{1e9, 1e11, 1e10}, std::tuple{3e11, 2e11, 1e11}, std::tuple{1e9, 1e10, 3e11}, std::tuple{1e11, 1e9, 3e9}}) {
      EXPECT_NEAR(TokenCountForLoss(law, n, u, PredictLoss(law, n, d, u)) / d, 1, 1e-9);
    }
    EXPECT_EQ(TokenCountForLoss(law, 1e9, 1e8, PredictLoss(base, 1e9, 3e9)), INFINITY) << "no repetition makes 16.4 epochs' worth";
  }
}

TEST(BreakEvenTokenPriceTest, BuysTheSameLossAsComputeForTheSameMoney) {
  const RepeatedDataLaw law = {kLaws[1], 15.387, 5.309};
  constexpr double kPricePerFlop = 2e-18, kUnique = 1e11, kMoney = 1;
  const RepeatedDataRun run = ComputeBestRepeatedRun(law, 1e23, kUnique);
  const double price = BreakEvenTokenPrice(run, kUnique, kPricePerFlop);
  const double by_data = ComputeBestRepeatedRun(law, 1e23, kUnique + 1e3 * kMoney / price).loss_nats_per_token;
  const double by_compute = ComputeBestRepeatedRun(law, 1e23 + 1e3 * kMoney / kPricePerFlop, kUnique).loss_nats_per_token;
  const double now = run.loss_nats_per_token;
  EXPECT_LT(by_data, now - 1e-5);
  EXPECT_NEAR((now - by_data) / (now - by_compute), 1, 0.02);  // Over a step of 0.5 % of the compute.
}

TEST(StoppingTest, KaplansLawStopsTenPercentAboveConvergence) {
  // Their exponents of size and steps, table 3, and no irreducible loss: .077 / .76.
  const AdditiveLaw kaplan = {0, std::pow(6.5e13, 0.077), std::pow(2.1e3, 0.76), 0.077, 0.76};
  EXPECT_NEAR(ReducibleExcessOnFrontier(kaplan), 0.10, 0.002);
  const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents(kaplan), 1e15);
  EXPECT_NEAR(ExcessOverConverged(kaplan, best.parameter_count, best.token_count), 0.077 / 0.76, 1e-12);
  EXPECT_NEAR(ExcessOverConverged(kHoffmannRounded, 70e9, 1.4e12), 410.7 * std::pow(1.4e12, -.28) / (1.69 + 406.4 * std::pow(70e9, -.34)), 1e-12);
}

TEST(StoppingTest, LongestRunGivesUpExactlyWhatItMay) {
  for (const AdditiveLaw& law : kLaws) {
    const double d = LongestRunAsGood(law, 1e9, 0.005);
    const FrontierLaw frontier = ComputeFrontierLaw(law);
    EXPECT_NEAR(std::log(PredictLoss(law, 1e9, d) / LeastLoss(frontier, TrainingFlops(1e9, d))), 0.005, 1e-11);
    EXPECT_GT(std::log(PredictLoss(law, 1e9, 1.01 * d) / LeastLoss(frontier, TrainingFlops(1e9, 1.01 * d))), 0.005);
  }
  EXPECT_EQ(LongestRunAsGood(kHoffmannRounded, 1e30, 0.005), INFINITY) << "so big that no length shows its size";
}

TEST(StoppingTest, RestartWinsFromThereOn) {
  for (const AdditiveLaw& law : kLaws) {
    const double flops = TrainingFlopsWhereRestartWins(law, 1e9, 2e10);
    const auto trained_on = [&](double more) { return PredictLoss(law, 1e9, 2e10 + TokenCountForBudget(more, 1e9)); };
    const FrontierLaw frontier = ComputeFrontierLaw(law);
    EXPECT_NEAR(trained_on(flops), LeastLoss(frontier, flops), 1e-11);
    EXPECT_LT(trained_on(0.9 * flops), LeastLoss(frontier, 0.9 * flops));
    EXPECT_GT(trained_on(1.1 * flops), LeastLoss(frontier, 1.1 * flops));
  }
}

}  // namespace
}  // namespace isoflop
