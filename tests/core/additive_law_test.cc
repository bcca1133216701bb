#include "core/law/additive_law.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

// Hoffmann et al. 2022, appendix D.3, as printed and as in the paper's source.
const AdditiveLaw kRounded = {1.69, 406.4, 410.7, 0.34, 0.28};
const AdditiveLaw kUnrounded = {std::exp(0.5267228), std::exp(6.0073404), std::exp(6.0179186), 0.33917084, 0.2849083};

TEST(ComputeOptimalSplitTest, MatchesTheClosedFormTableOfTheRoundedConstants) {
  const struct {
    double flops, parameter_count, token_count, loss;
  } kTable[] = {{1e21, 1.82422e9, 9.13634e10, 2.32888294},
                {1e22, 5.16047e9, 3.22968e11, 2.13861408},
                {1e23, 1.45983e10, 1.14168e12, 2.00501013},
                {5.76e23, 3.21899e10, 2.98231e12, 1.93074810},
                {1e25, 1.16823e11, 1.42666e13, 1.84532013}};
  for (const auto& row : kTable) {
    const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents(kRounded), row.flops);
    EXPECT_NEAR(best.parameter_count / row.parameter_count, 1, 5e-6);
    EXPECT_NEAR(best.token_count / row.token_count, 1, 5e-6);
    EXPECT_NEAR(PredictLoss(kRounded, best.parameter_count, best.token_count), row.loss, 5e-9);
    EXPECT_NEAR(TrainingFlops(best.parameter_count, best.token_count) / row.flops, 1, 1e-12);
  }
}

TEST(ComputeOptimalSplitTest, GivesThePublishedSizesAtGophersBudget) {
  EXPECT_NEAR(ComputeOptimalSplit(ComputeAllocationExponents(kRounded), 5.76e23).parameter_count, 32.2e9, 0.05e9);
  EXPECT_NEAR(ComputeOptimalSplit(ComputeAllocationExponents(kUnrounded), 5.76e23).parameter_count, 40.4e9, 0.05e9);
  EXPECT_NEAR(ComputeAllocationExponents(kRounded).parameter_exponent, 0.4516, 5e-5);
  EXPECT_NEAR(ComputeAllocationExponents(kUnrounded).parameter_exponent, 0.4565, 5e-5);
}

TEST(PredictLossTest, PutsChinchillaBelowGopherAtTheSameCompute) {
  // 70 B on 1.4 T tokens against 280 B on 300 B (Hoffmann et al. 2022, section 4): about one budget, 5.9e23 and 5.0e23 FLOPs.
  for (const AdditiveLaw& law : {kRounded, kUnrounded, AdditiveLaw{1.8172, 482.01, 2085.43, .3478, .3658}}) {
    EXPECT_LT(PredictLoss(law, 70e9, 1.4e12), PredictLoss(law, 280e9, 3e11) - 0.02);
  }
}

TEST(ComputeOptimalSplitTest, SplitsEvenlyWhenExponentsAndCoefficientsMatch) {
  // A = B and alpha = beta, so N* = D* = sqrt(C / 6).
  const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents({1.5, 300, 300, 0.3, 0.3}), 6e20);
  EXPECT_NEAR(best.parameter_count, 1e10, 1e-2);
  EXPECT_NEAR(best.token_count, 1e10, 1e-2);
}

TEST(ComputeOptimalSplitTest, NoSizeOnAFineGridDoesBetter) {
  const double flops = 3e22;
  const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents(kUnrounded), flops);
  const double least = PredictLoss(kUnrounded, best.parameter_count, best.token_count);
  for (double factor = 0.5; factor < 2; factor *= 1.001) {
    const double n = factor * best.parameter_count;
    EXPECT_GE(PredictLoss(kUnrounded, n, TokenCountForBudget(flops, n)), least);
  }
}

TEST(ComputeAllocationExponentsTest, HasNoOptimumWithoutAPositiveExponent) {
  EXPECT_TRUE(std::isnan(ComputeAllocationExponents({1.7, 400, 400, 0, 0.3}).parameter_exponent));
  EXPECT_TRUE(std::isnan(ComputeAllocationExponents({1.7, 0, 400, 0.3, 0.3}).parameter_exponent));
}

}  // namespace
}  // namespace isoflop
