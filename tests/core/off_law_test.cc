#include "core/advice/off_law.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>

#include "core/advice/residual_surface.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

// Hoffmann et al.'s rounded constants.
const AdditiveLaw kLaw = {1.69, 406.4, 410.7, 0.34, 0.28};

std::vector<Observation> NoisyRuns(double noise) {
  std::vector<Observation> runs = PlantedRuns(kLaw, {1e8, 2e8, 5e8, 1e9, 2e9, 5e9, 1e10}, {2, 5, 10, 20, 50, 100});
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal(0, noise);
  for (Observation& run : runs) *run.loss_nats_per_token *= std::exp(normal(random));
  return runs;
}

TEST(FindOffLawTest, FindsAPlantedShiftAndItsSize) {
  std::vector<Observation> runs = NoisyRuns(0.004);
  *runs[20].loss_nats_per_token *= 1.03;
  const absl::StatusOr<OffLawReport> report = FindOffLaw(runs);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_NEAR(report->scale, 0.004, 0.0015);
  EXPECT_NEAR(report->smallest_visible_shift, 5.28 * report->scale, 1e-12);
  EXPECT_GT(report->runs[20].z, kWarnZ);
  EXPECT_NEAR(report->runs[20].log_loss_shift, std::log(1.03), 3 * 0.004);
  for (size_t i = 0; i < runs.size(); ++i) {
    if (i == 20) continue;
    EXPECT_LT(std::abs(report->runs[i].z), kWarnZ) << i;
  }
}

TEST(FindOffLawTest, FindsWrongSizesOnTheSideThatTheyLeadTo) {
  std::vector<Observation> runs = NoisyRuns(0.004);
  *runs[3].parameter_count *= 2;  // Logged as twice its size: its loss lies above the law.
  EXPECT_GT(FindOffLaw(runs)->runs[3].z, kWarnZ);
  *runs[3].parameter_count /= 4;
  EXPECT_LT(FindOffLaw(runs)->runs[3].z, -kWarnZ);
}

TEST(FindOffLawTest, NeedsEightRuns) {
  const std::vector<Observation> runs = NoisyRuns(0.004);
  EXPECT_THAT(FindOffLaw({runs.begin(), runs.begin() + 7}), StatusIs(absl::StatusCode::kFailedPrecondition, "at least 8"));
  EXPECT_TRUE(FindOffLaw({runs.begin(), runs.begin() + 8}).ok());
}

// Shifts of published runs, evenly spaced among them, with everything refitted: +3 % is found in at least 95 %, and at most 4 % of the runs are
// flagged as they are.
TEST(FindOffLawTest, FindsThreePercentInPublishedRuns) {
  for (const char* file : {"chinchilla_figure4_subset.csv", "olmo_ladder_final_c4.csv"}) {
    const std::vector<Observation> runs = LoadRuns(file);
    const auto as_is = FindOffLaw(runs).value();
    int flagged = 0, found = 0;
    for (const OffLaw& run : as_is.runs) flagged += std::abs(run.z) > kWarnZ;
    EXPECT_LE(flagged, 0.04 * static_cast<double>(runs.size())) << file;
    const size_t count = std::min<size_t>(25, runs.size());
    for (size_t k = 0; k < count; ++k) {
      std::vector<Observation> shifted = runs;
      const size_t i = k * runs.size() / count;
      *shifted[i].loss_nats_per_token *= 1.03;
      found += FindOffLaw(shifted)->runs[i].z > kWarnZ;
    }
    EXPECT_GE(found, 0.95 * static_cast<double>(count)) << file;
  }
}

TEST(ResidualSurfaceTest, LeavesEachRunOutAsASurfaceThroughTheOthersPredictsIt) {
  // A smooth bump over a grid, with a little noise; each run's error against the surface made of all the others.
  std::vector<double> u, v, residuals;
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0, 0.05);
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) {
      u.push_back(0.5 * i);
      v.push_back(0.5 * j);
      residuals.push_back(std::cos(0.5 * i) * std::cos(0.4 * j) + normal(random));
    }
  }
  const ResidualSurface all(u, v, residuals);
  EXPECT_GT(all.variances()[0], 1) << "a surface was chosen";
  for (size_t left_out : {0u, 14u, 35u}) {
    std::vector<double> other_u = u, other_v = v, others = residuals;
    for (auto* values : {&other_u, &other_v, &others}) values->erase(values->begin() + static_cast<std::ptrdiff_t>(left_out));
    const ResidualSurface::Prediction predicted = ResidualSurface(other_u, other_v, others).Predict(u[left_out], v[left_out]);
    EXPECT_NEAR(all.errors()[left_out], residuals[left_out] - predicted.residual, 1e-5) << left_out;
    EXPECT_NEAR(all.variances()[left_out], predicted.variance, 1e-4) << left_out;
  }
}

TEST(ResidualSurfaceTest, StaysFlatWhereNothingIsSmooth) {
  std::vector<double> u, v, residuals;
  for (int i = 0; i < 36; ++i) {
    u.push_back(0.5 * (i % 6));
    v.push_back(0.5 * (i / 6));
    residuals.push_back((i % 6 + i / 6) % 2 == 0 ? 1 : -1);  // A chequerboard.
  }
  const ResidualSurface surface(u, v, residuals);
  EXPECT_EQ(surface.errors(), residuals);
  EXPECT_EQ(surface.Predict(0.25, 0.25).residual, 0);
}

}  // namespace
}  // namespace isoflop
