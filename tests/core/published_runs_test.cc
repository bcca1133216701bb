// Fits of published runs under other losses and with held parameters, against optima found by other programs.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/fit/fit.h"
#include "core/fit/prepared.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

TEST(LeastAbsoluteDeviationTest, ReachesTheReferenceVertexOfThePublishedRuns) {
  const std::vector<Observation> runs = LoadRuns("chinchilla_figure4_subset.csv");
  const FitOptions options{.loss = LossFunction::kL1};
  const auto fit = FitLaw(runs, options);
  ASSERT_THAT(fit, IsOk());
  EXPECT_NEAR(*fit->objective / 0.94951369, 1, 1e-8);
  const std::vector<std::pair<const char*, double>> expected = {
      {"E", 1.789562}, {"A", 429.910}, {"B", 1442.28}, {"alpha", .340863}, {"beta", .348313}};
  ASSERT_EQ(fit->parameters.size(), expected.size());
  Theta theta{};
  const auto evidence = Prepare(runs, options);
  ASSERT_THAT(evidence, IsOk());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(fit->parameters[i].symbol, expected[i].first);
    EXPECT_NEAR(*fit->parameters[i].value.estimate / expected[i].second, 1, 1e-5);
    theta[i] = CoordinateFromValue(evidence->law->parameters()[i], *fit->parameters[i].value.estimate);
  }
  // A vertex: as many residuals vanish as parameters are free. The values are rounded to ten digits.
  const std::vector<double> residuals = evidence->objective().Residuals(theta);
  EXPECT_EQ(std::count_if(residuals.begin(), residuals.end(), [](double r) { return std::abs(r) < 1e-8; }), 5);
  EXPECT_EQ(std::count_if(residuals.begin(), residuals.end(), [](double r) { return std::abs(r) < 1e-5; }), 5);
}

TEST(SquaredLossTest, OfAPureLawIsTheLogLogLine) {
  // ln L = ln K - a ln x by the normal equations.
  const std::vector<Observation> runs = LoadRuns("chinchilla_figure4_subset.csv");
  double x = 0, y = 0, xx = 0, xy = 0;
  const double n = static_cast<double>(runs.size());
  for (const Observation& o : runs) {
    const double log_x = std::log(*o.training_flops), log_y = std::log(*o.loss_nats_per_token);
    x += log_x, y += log_y, xx += log_x * log_x, xy += log_x * log_y;
  }
  const double slope = (n * xy - x * y) / (n * xx - x * x);
  const auto fit = FitLaw(runs, {.law = "kaplan_c", .loss = LossFunction::kSquared});
  ASSERT_THAT(fit, IsOk());
  EXPECT_NEAR(*fit->parameters[1].value.estimate, -slope, 1e-9);
  double sum = 0;
  for (const Observation& o : runs) {
    const double residual = (y + slope * (n * std::log(*o.training_flops) - x)) / n - std::log(*o.loss_nats_per_token);
    sum += residual * residual;
  }
  EXPECT_NEAR(*fit->objective / sum, 1, 1e-8);
}

TEST(WeightsTest, CountARunAsOftenAsTheySay) {
  std::vector<Observation> weighted = LoadRuns("chinchilla_figure4_subset.csv"), repeated = weighted;
  for (size_t i = 0; i < 40; ++i) weighted[i].weight = 2, repeated.push_back(repeated[i]);
  weighted.push_back(weighted.front());  // Absurd, but without weight.
  weighted.back().loss_nats_per_token = 100;
  weighted.back().weight = 0;
  for (LossFunction loss : {LossFunction::kHuber, LossFunction::kL1, LossFunction::kSquared}) {
    const auto one = FitLaw(weighted, {.loss = loss}), other = FitLaw(repeated, {.loss = loss});
    ASSERT_THAT(one, IsOk());
    ASSERT_THAT(other, IsOk());
    EXPECT_NEAR(*one->objective / *other->objective, 1, 1e-9);
    for (size_t i = 0; i < 5; ++i) EXPECT_NEAR(*one->parameters[i].value.estimate / *other->parameters[i].value.estimate, 1, 1e-7) << LossFunctionName(loss);
  }
}

TEST(BoundsTest, StopAParameterAtItsBoundWhereTheOptimumLiesBeyond) {
  // Free, alpha is 0.342626. With alpha at the bound the others are those of alpha fixed there.
  const std::vector<Observation> runs = LoadRuns("chinchilla_figure4_subset.csv");
  const auto bounded = FitLaw(runs, {.bounds = {{"alpha", {0.1, 0.3}}}}), fixed = FitLaw(runs, {.fixed = {{"alpha", 0.3}}});
  ASSERT_THAT(bounded, IsOk());
  ASSERT_THAT(fixed, IsOk());
  ASSERT_TRUE(bounded->identified());
  EXPECT_NEAR(*bounded->objective / *fixed->objective, 1, 1e-8);
  for (size_t i = 0; i < 5; ++i) EXPECT_NEAR(*bounded->parameters[i].value.estimate / *fixed->parameters[i].value.estimate, 1, 1e-5);
  const auto wide = FitLaw(runs, {.bounds = {{"alpha", {0.1, 0.9}}}}), unbounded = FitLaw(runs, {});
  EXPECT_NEAR(*wide->objective / *unbounded->objective, 1, 1e-9);
}

TEST(PriorTest, PullsTheIrreducibleLossFromItsFreeValueToItsCentre) {
  const std::vector<Observation> runs = LoadRuns("chinchilla_figure4_subset.csv");
  const auto irreducible_loss = [&](double deviation) {
    return *FitLaw(runs, {.priors = {{"E", {1.69, deviation}}}})->parameters[0].value.estimate;
  };
  EXPECT_NEAR(irreducible_loss(100), 1.78389, 1e-5);  // As without one.
  EXPECT_NEAR(irreducible_loss(1e-5), 1.69, 1e-5);
  const double between = irreducible_loss(0.02);
  EXPECT_GT(between, 1.70);
  EXPECT_LT(between, 1.78);
}

}  // namespace
}  // namespace isoflop
