#include "core/fit/precision_diagnostic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/fit/fit.h"
#include "tests/testing/runs.h"

namespace isoflop {
namespace {

const AdditiveLaw kPlanted = {1.7, 400, 1200, 0.34, 0.35};

std::vector<Observation> Runs(double noise_deviation) {
  std::vector<Observation> runs = PlantedRuns(kPlanted, {5e7, 1.2e8, 3e8, 8e8, 2e9, 5e9}, {1, 2, 5, 10, 20, 40, 80, 160});
  std::mt19937 random(4);
  std::normal_distribution<double> noise(0, noise_deviation);
  std::uniform_real_distribution<double> jitter(0.8, 1.25);
  for (Observation& run : runs) {
    const double n = *run.parameter_count * jitter(random), d = *run.token_count * jitter(random);
    run = {.parameter_count = n, .token_count = d, .loss_nats_per_token = PredictLoss(kPlanted, n, d) * std::exp(noise(random))};
  }
  return runs;
}

double Rounded(double value, double step) { return std::round(value / step) * step; }

const Diagnostic* FindRounding(const Fit& fit) {
  for (const Diagnostic& d : fit.diagnostics) {
    if (d.code == "ROUNDED_INPUTS") return &d;
  }
  return nullptr;
}

TEST(DecimalStepTest, IsThatOfTheFinestValue) {
  EXPECT_EQ(DecimalStep({3, 2, 11}), 1);
  EXPECT_NEAR(DecimalStep({3.1, 2.25, 11}), 0.01, 1e-15);
  EXPECT_EQ(DecimalStep({3.1, M_PI}), 0);
}

TEST(SignificantDigitsTest, AreThoseOfTheFinestValue) {
  EXPECT_EQ(SignificantDigits({1e9, 7e9}), 1);
  EXPECT_EQ(SignificantDigits({1e9, 2.81e9}), 3);
  EXPECT_EQ(SignificantDigits({190354176, 1279395840}), 9);
  EXPECT_EQ(SignificantDigits({1279395841}), 0);
}

TEST(DiagnosePrecisionTest, WarnsWhereLossesAreRoundedToTheNoise) {
  // Two decimals of losses near 3 make errors of .01 / sqrt(12) / 3 = .1 %; the noise is .05 % or 1 %.
  const auto with = [](double noise) {
    auto runs = Runs(noise);
    for (Observation& run : runs) run.loss_nats_per_token = Rounded(*run.loss_nats_per_token, 0.01);
    return FitLaw(runs, {}).value();
  };
  const Fit fine = with(0.01), coarse = with(0.0005);
  EXPECT_EQ(FindRounding(fine), nullptr);
  ASSERT_NE(FindRounding(coarse), nullptr);
  EXPECT_EQ(FindRounding(coarse)->severity, Severity::kWarning);
  EXPECT_NEAR(FindRounding(coarse)->evidence.at("loss_rounding_log_error"), 0.001, 0.0003);
}

TEST(DiagnosePrecisionTest, WarnsWhereSizesOfOneDigitBlurTheLoss) {
  const auto with = [](int digits) {
    auto runs = Runs(0.001);
    for (Observation& run : runs) {
      run.parameter_count = Rounded(*run.parameter_count, std::pow(10, std::floor(std::log10(*run.parameter_count)) - digits + 1));
    }
    return FitLaw(runs, {}).value();
  };
  const Fit one = with(1), three = with(3);
  ASSERT_NE(FindRounding(one), nullptr);
  EXPECT_EQ(FindRounding(one)->severity, Severity::kWarning);
  EXPECT_GT(FindRounding(one)->evidence.at("parameter_count_rounding_log_error"), FindRounding(one)->evidence.at("loss_rounding_log_error"));
  EXPECT_EQ(FindRounding(three), nullptr);
}

TEST(DiagnosePrecisionTest, NotesLossesThatWereReadOffAGrid) {
  const Fit fit = FitLaw(LoadRuns("chinchilla_figure4_subset.csv"), {}).value();
  ASSERT_NE(FindRounding(fit), nullptr);
  EXPECT_EQ(FindRounding(fit)->severity, Severity::kInfo);
}

}  // namespace
}  // namespace isoflop
