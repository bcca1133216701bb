#include "core/fit/column_objective.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/fit/ceres_solver.h"
#include "core/fit/minimize.h"
#include "core/fit/poisson_weights.h"
#include "core/fit/prepared.h"
#include "core/law/chinchilla.h"
#include "core/law/chinchilla_symmetric.h"
#include "core/law/power_law.h"
#include "tests/core/planted_laws.h"
#include "tests/testing/runs.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

// The same law without its additive form: the objective is then searched run by run.
template <typename Base>
class RunByRun : public Base {
 public:
  std::optional<AdditiveForm> additive_form() const override { return std::nullopt; }
};

const Law& WithoutColumns(const Law& law) {
  static const RunByRun<Chinchilla> chinchilla;
  static const RunByRun<ChinchillaSymmetric> symmetric;
  static const RunByRun<PowerLaw> power_law;
  if (law.name() == "chinchilla") return chinchilla;
  if (law.name() == "chinchilla_symmetric") return symmetric;
  return power_law;
}

struct Case {
  std::string name;
  std::vector<Observation> runs;
  FitOptions options;

  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
};

// Every table of N, D and loss in tests/data, every loss, and runs planted without noise, for each law with an additive form.
std::vector<Case> Cases() {
  const std::map<Quantity, std::string> gadre = {{Quantity::kLoss, "loss_c4_val"}};
  std::vector<Case> cases;
  for (const std::string law : {"chinchilla", "chinchilla_symmetric", "power_law"}) {
    FitOptions options{.law = law, .abscissa = Quantity::kTokenCount};
    const auto add = [&](std::string name, std::vector<Observation> runs) { cases.push_back({law + "_" + name, std::move(runs), options}); };
    add("hoffmann", LoadRuns("chinchilla_figure4_subset.csv"));
    add("gadre_rpj", LoadRuns("gadre_rpj.csv", gadre));
    add("gadre_c4", LoadRuns("gadre_c4_original.csv", gadre));
    add("gadre_rw", LoadRuns("gadre_rw_original.csv", gadre));
    // In tokens alone every one of these runs lies off the law by more than delta: there is no optimum to agree on.
    if (law != "power_law") add("gemstones", LoadRuns("gemstones_hot_100bplus.csv", {{Quantity::kParameterCount, "params_active_precise"}}));
    add("muennighoff", LoadRuns("muennighoff_single_epoch.csv"));
    options.loss = LossFunction::kSquared;
    add("squared", LoadRuns("chinchilla_figure4_subset.csv"));
    options.loss = LossFunction::kHuber;
    options.huber_delta = 0.02;
    add("wide", LoadRuns("chinchilla_figure4_subset.csv"));
    options.priors = {{law == "power_law" ? "c" : "E", Prior{1.8, 0.05}}};
    options.huber_delta = kDefaultHuberDelta;
    add("prior", LoadRuns("chinchilla_figure4_subset.csv"));
    options.priors.clear();
    options.fixed = {{law == "power_law" ? "c" : "E", 0}};
    add("held_at_nothing", LoadRuns("chinchilla_figure4_subset.csv"));
    options.fixed.clear();
    options.abscissa = Quantity::kParameterCount;
    for (const PlantedLaw& planted : PlantedLaws()) {
      if (planted.law == law) add("planted", RunsOf(**FindLaw(law), planted));
    }
  }
  return cases;
}

class ColumnObjectiveTest : public testing::TestWithParam<Case> {};

TEST_P(ColumnObjectiveTest, SumsWhatTheObjectiveSums) {
  const auto evidence = Prepare(GetParam().runs, GetParam().options);
  ASSERT_THAT(evidence, IsOk());
  // A replica's weights leave out a third of the runs.
  const std::vector<double> weights = PoissonWeights(ContentKeys(evidence->sorted), 1, 0);
  Objective objective = evidence->objective();
  objective.weights = &weights;
  ASSERT_TRUE(ColumnObjective::Supports(objective));
  const ColumnObjective columns(objective);
  FreeVector gradient, column_gradient;
  FreeMatrix hessian, column_hessian;
  for (const Theta& theta : evidence->law->Starts(evidence->inputs, evidence->held)) {
    const double value = objective.Derivatives(theta, gradient, hessian);
    EXPECT_NEAR(columns.Derivatives(theta, column_gradient, column_hessian) / value, 1, 1e-12);
    // Entries cancel: they are measured against the greatest of their kind.
    EXPECT_LT((gradient - column_gradient).lpNorm<Eigen::Infinity>(), 1e-10 * gradient.lpNorm<Eigen::Infinity>());
    EXPECT_LT((hessian - column_hessian).cwiseAbs().maxCoeff(), 1e-10 * hessian.cwiseAbs().maxCoeff());
  }
}

TEST_P(ColumnObjectiveTest, LeadsToTheOptimumFoundRunByRun) {
  auto evidence = Prepare(GetParam().runs, GetParam().options);
  ASSERT_THAT(evidence, IsOk());
  const Objective objective = evidence->objective();
  Objective run_by_run = objective;
  run_by_run.law = &WithoutColumns(*evidence->law);
  ASSERT_FALSE(ColumnObjective::Supports(run_by_run));
  const Theta start = evidence->law->Starts(evidence->inputs, evidence->held).front();
  const NewtonResult by_columns = MinimizeFromAfar(objective, start), scalar = MinimizeFromAfar(run_by_run, start);
  ASSERT_TRUE(by_columns.converged);
  ASSERT_TRUE(scalar.converged);
  // The figure comes from the scalar path, at most a last step of no consequence away.
  EXPECT_NEAR(by_columns.objective, objective.Value(by_columns.theta), 1e-13 * by_columns.objective + 1e-20);
  // Runs without noise leave an objective of rounding errors only.
  EXPECT_NEAR(by_columns.objective, scalar.objective, 1e-12 * scalar.objective + 1e-20);
  for (int i : objective.free) EXPECT_NEAR(by_columns.theta[i] / scalar.theta[i], 1, 1e-9) << evidence->law->parameters()[i].symbol;
}

TEST_P(ColumnObjectiveTest, LeadsToTheOptimumOfCeres) {
  const auto evidence = Prepare(GetParam().runs, GetParam().options);
  ASSERT_THAT(evidence, IsOk());
  const Objective objective = evidence->objective();
  const NewtonResult by_columns = MinimizeFromAfar(objective, evidence->law->Starts(evidence->inputs, evidence->held).front());
  // Ceres converges linearly where the law is ill-conditioned, so it starts not far from there.
  Theta near = by_columns.theta;
  for (int i : objective.free) near[i] *= 1 + 1e-3;
  const CeresResult ceres = MinimizeByCeres(objective, near, 2000);
  EXPECT_NEAR(by_columns.objective, ceres.objective, 1e-9 * ceres.objective + 1e-20);
  for (int i : objective.free) EXPECT_NEAR(by_columns.theta[i] / ceres.theta[i], 1, 1e-6) << evidence->law->parameters()[i].symbol;
}

INSTANTIATE_TEST_SUITE_P(Runs, ColumnObjectiveTest, testing::ValuesIn(Cases()),
                         [](const testing::TestParamInfo<Case>& info) { return info.param.name; });

TEST(MinimizeByNewtonTest, FindsTheDigitsOfFortyDigitArithmetic) {
  // Newton's method in 40 digits (mpmath) on the same 234 runs, loss and delta.
  const auto evidence = Prepare(LoadRuns("chinchilla_figure4_subset.csv"), {});
  ASSERT_THAT(evidence, IsOk());
  const NewtonResult optimum = MinimizeFromAfar(evidence->objective(), evidence->law->Starts(evidence->inputs, evidence->held).front());
  EXPECT_NEAR(optimum.objective / 0.00084009311995742, 1, 1e-12);
  const double exact[] = {1.7838941283805, 442.16405731274, 1271.8079924067, 0.3426260429165, 0.3420019007937};
  for (int i = 0; i < 5; ++i) {
    EXPECT_NEAR(ValueFromCoordinate(evidence->law->parameters()[i], optimum.theta[i]) / exact[i], 1, 1e-11)
        << evidence->law->parameters()[i].symbol;
  }
}

}  // namespace
}  // namespace isoflop
