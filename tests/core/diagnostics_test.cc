#include "core/fit/diagnostics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

namespace isoflop {
namespace {

// `count` runs whose N and D run over the given decades independently of each other.
std::vector<Observation> Runs(int count, double parameter_decades, double token_decades) {
  std::vector<Observation> runs;
  for (int i = 0; i < count; ++i) {
    const double x = i / (count - 1.0), y = (i * 7 % count) / (count - 1.0);
    runs.push_back({.parameter_count = 1e8 * std::pow(10, parameter_decades * x),
                    .token_count = 1e9 * std::pow(10, token_decades * y),
                    .loss_nats_per_token = 3});
  }
  return runs;
}

std::optional<Severity> Find(const std::vector<Diagnostic>& diagnostics, std::string_view code) {
  for (const Diagnostic& d : diagnostics) {
    if (d.code == code) return d.severity;
  }
  return std::nullopt;
}

std::vector<Diagnostic> Diagnose(const std::vector<Observation>& runs, int needed) { return DiagnoseEvidence(Prepare(runs, {}).value(), needed); }

TEST(DiagnoseEvidenceTest, FewRunsWarnsUnderFifteenAndErrsUnderEight) {
  EXPECT_EQ(Find(Diagnose(Runs(15, 2, 2), 7), "FEW_RUNS"), std::nullopt);
  EXPECT_EQ(Find(Diagnose(Runs(13, 2, 2), 7), "FEW_RUNS"), Severity::kWarning);
  EXPECT_EQ(Find(Diagnose(Runs(8, 2, 2), 7), "FEW_RUNS"), Severity::kWarning);
  EXPECT_EQ(Find(Diagnose(Runs(6, 2, 2), 7), "FEW_RUNS"), Severity::kError);
  EXPECT_EQ(Find(Diagnose({}, 7), "FEW_RUNS"), Severity::kError);
}

TEST(DiagnoseEvidenceTest, UnderAPublishedPriorTwoRunsFewerAreNeeded) {
  const auto under_prior = [](const std::vector<Observation>& runs) {
    return DiagnoseEvidence(Prepare(runs, {.published_prior = "besiroglu2024"}).value(), 5);
  };
  EXPECT_EQ(Find(under_prior(Runs(6, 2, 2)), "FEW_RUNS"), Severity::kWarning);
  EXPECT_EQ(Find(under_prior(Runs(5, 2, 2)), "FEW_RUNS"), Severity::kError);
}

TEST(DiagnoseEvidenceTest, NarrowRangeLooksAtTheNarrowerOfSizesAndTokens) {
  EXPECT_EQ(Find(Diagnose(Runs(20, 1.01, 2), 7), "NARROW_RANGE"), std::nullopt);
  EXPECT_EQ(Find(Diagnose(Runs(20, 0.99, 2), 7), "NARROW_RANGE"), Severity::kWarning);
  EXPECT_EQ(Find(Diagnose(Runs(20, 2, 0.51), 7), "NARROW_RANGE"), Severity::kWarning);
  EXPECT_EQ(Find(Diagnose(Runs(20, 2, 0.49), 7), "NARROW_RANGE"), Severity::kError);
}

TEST(DiagnoseEvidenceTest, NarrowComputeUsesTheGivenComputeWhereThereIsOne) {
  auto runs = Runs(20, 2, 2);
  for (size_t i = 0; i < runs.size(); ++i) runs[i].training_flops = 1e19 * std::pow(10, 0.99 * i / 19);
  EXPECT_EQ(Find(Diagnose(runs, 7), "NARROW_COMPUTE"), Severity::kError);
  for (size_t i = 0; i < runs.size(); ++i) runs[i].training_flops = 1e19 * std::pow(10, 1.49 * i / 19);
  EXPECT_EQ(Find(Diagnose(runs, 7), "NARROW_COMPUTE"), Severity::kWarning);
  for (size_t i = 0; i < runs.size(); ++i) runs[i].training_flops = 1e19 * std::pow(10, 1.51 * i / 19);
  EXPECT_EQ(Find(Diagnose(runs, 7), "NARROW_COMPUTE"), std::nullopt);
}

TEST(DiagnoseEvidenceTest, ConstantRatioMeasuresTheThinDirection) {
  // N and D on the diagonal, with D/N alternating by a factor 10^(+-w): the thin direction has standard deviation w / sqrt(2), times
  // sqrt(n / (n - 1)).
  const auto diagonal = [](double w) {
    std::vector<Observation> runs;
    for (int i = 0; i < 40; ++i) {
      const double n = 1e8 * std::pow(10, 3.0 * (i / 2) / 19);
      runs.push_back({.parameter_count = n, .token_count = 20 * n * std::pow(10, i % 2 ? w : -w), .loss_nats_per_token = 3});
    }
    return runs;
  };
  const double scale = std::sqrt(2 * 39.0 / 40.0);
  EXPECT_EQ(Find(Diagnose(diagonal(0.101 * scale), 7), "CONSTANT_RATIO"), std::nullopt);
  EXPECT_EQ(Find(Diagnose(diagonal(0.097 * scale), 7), "CONSTANT_RATIO"), Severity::kWarning);
  EXPECT_EQ(Find(Diagnose(diagonal(0.048 * scale), 7), "CONSTANT_RATIO"), Severity::kError);
}

TEST(DiagnoseEvidenceTest, OverSixtyRunsTheOuterFivePercentDoNotWidenARange) {
  auto runs = Runs(100, 0.3, 2);
  runs[0].parameter_count = 1e6;
  runs[1].parameter_count = 1e12;
  EXPECT_EQ(Find(Diagnose(runs, 7), "NARROW_RANGE"), Severity::kError);
}

TEST(DiagnoseEvidenceTest, EveryFindingSaysWhatItDoesAndHowToMendIt) {
  for (const Diagnostic& d : Diagnose(Runs(5, 0.1, 0.1), 7)) {
    EXPECT_FALSE(d.title.empty() || d.message.empty() || d.effect.empty() || d.fix.empty() || d.evidence.empty()) << d.code;
  }
}

}  // namespace
}  // namespace isoflop
