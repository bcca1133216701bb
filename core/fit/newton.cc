#include "core/fit/newton.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/fit/column_objective.h"

namespace isoflop {
namespace {

constexpr int kMaxEvaluations = 400;
constexpr int kPolishSteps = 3;
constexpr double kInitialDamping = 1e-6;  // Most searches start near: the first step is nearly Newton's own.
constexpr double kLeastDamping = 1e-12;
constexpr double kGreatestDamping = 1e12;
constexpr double kSettledDamping = 1e-3;  // Damped steps shrink too: only a step that the curvature allows proves an optimum.
constexpr double kLastStep = 1e-9;        // Of the coordinates: after one so small, quadratic convergence leaves rounding alone.
constexpr double kRelativeStep = 1e-13;   // Of the coordinates: below this, rounding decides.
constexpr double kRelativeDrop = 1e-13;   // Predicted decrease over objective: rounding hides such drops from the value, not from the gradient.
constexpr double kLeastDrop = 1e-26;      // The same in absolute terms, for runs without noise: a residual of log loss of 1e-13.

// Positions in `Objective::free`.
using Positions = Eigen::Matrix<int, Eigen::Dynamic, 1, 0, kMaxParameters, 1>;

// Those of the coordinates that are not held at a bound by the gradient; the derivatives are left with these alone.
Positions Restrict(const Objective& objective, const Theta& theta, FreeVector& gradient, FreeMatrix& hessian) {
  Positions movable(gradient.size());
  Eigen::Index count = 0;
  for (size_t a = 0; a < objective.free.size(); ++a) {
    const int i = objective.free[a];
    const bool held = (theta[i] <= objective.lower[i] && gradient[a] > 0) || (theta[i] >= objective.upper[i] && gradient[a] < 0);
    if (!held) movable[count++] = static_cast<int>(a);
  }
  if (count == gradient.size()) return movable;
  movable.conservativeResize(count);
  gradient = FreeVector(gradient(movable));
  hessian = FreeMatrix(hessian(movable, movable));
  return movable;
}

// The value, and the derivatives where it is finite and below `limit`. A law's own derivatives cost several times its value.
double DifferentiateBelow(const Objective& objective, const Theta& theta, double limit, FreeVector& gradient, FreeMatrix& hessian) {
  const double value = objective.Value(theta);
  return std::isfinite(value) && value < limit ? objective.Derivatives(theta, gradient, hessian) : value;
}
double DifferentiateBelow(const ColumnObjective& columns, const Theta& theta, double, FreeVector& gradient, FreeMatrix& hessian) {
  return columns.Derivatives(theta, gradient, hessian);
}

Theta Clamp(const Objective& objective, Theta theta) {
  for (int i : objective.free) theta[i] = std::clamp(theta[i], objective.lower[i], objective.upper[i]);
  return theta;
}

// The damped search from `start` until the value no longer tells neighbours apart. `evaluate` is the objective, or its columns.
template <typename Evaluation>
NewtonResult Search(const Objective& objective, const Evaluation& evaluate, const Theta& start) {
  NewtonResult result{.theta = Clamp(objective, start), .evaluation_count = 1};
  FreeVector gradient, step, next_gradient;
  FreeMatrix hessian, damped, next_hessian;
  result.objective = evaluate.Derivatives(result.theta, gradient, hessian);
  Positions movable = Restrict(objective, result.theta, gradient, hessian);
  double damping = kInitialDamping;
  while (result.evaluation_count < kMaxEvaluations) {
    if (movable.size() == 0) {
      result.converged = true;
      return result;
    }
    // A diagonal that is not positive has no scale of its own: borrow a small one. Where no run lies within the Huber delta there may be no
    // curvature at all: then the slope gives the scale, of steps of one over the damping.
    const double greatest = hessian.diagonal().cwiseAbs().maxCoeff();
    const double least_scale = greatest > 0 ? 1e-12 * greatest : gradient.cwiseAbs().maxCoeff() + 1e-300;
    const FreeVector scale = hessian.diagonal().cwiseAbs().cwiseMax(least_scale);
    damped = hessian;
    damped.diagonal() += damping * scale;
    const Eigen::LLT<FreeMatrix> factor(damped);
    if (factor.info() != Eigen::Success) {
      damping *= 10;
      if (damping > kGreatestDamping) break;
      continue;
    }
    step = factor.solve(-gradient);
    const double predicted_drop = -gradient.dot(step) - 0.5 * step.dot(hessian * step);
    Theta candidate = result.theta;
    double relative_step = 0;
    for (Eigen::Index a = 0; a < movable.size(); ++a) {
      const int i = objective.free[movable[a]];
      relative_step = std::max(relative_step, std::abs(step[a]) / (std::abs(candidate[i]) + 1e-3));
      candidate[i] = std::clamp(candidate[i] + step[a], objective.lower[i], objective.upper[i]);
    }
    const bool settled = relative_step < kRelativeStep || predicted_drop < kRelativeDrop * result.objective + kLeastDrop * objective.scale;
    const double value = DifferentiateBelow(evaluate, candidate, result.objective, next_gradient, next_hessian);
    ++result.evaluation_count;
    if (std::isfinite(value) && value < result.objective) {
      const double ratio = (result.objective - value) / predicted_drop;
      result.theta = candidate;
      result.objective = value;
      gradient = next_gradient;
      hessian = next_hessian;
      movable = Restrict(objective, result.theta, gradient, hessian);
      damping = ratio > 0.75 ? std::max(damping * 0.1, kLeastDamping) : ratio < 0.25 ? damping * 4 : damping;
      if (!settled) continue;
    } else if (!settled) {
      damping *= 8;
      if (damping > kGreatestDamping) break;
      continue;
    }
    if (damping <= kSettledDamping) {
      result.converged = movable.size() == 0 || Eigen::LLT<FreeMatrix>(hessian).info() == Eigen::Success;
      break;
    }
    damping *= 0.01;
  }
  return result;
}

// The columns of the objective's runs, where its law has them.
std::optional<ColumnObjective> ColumnsOf(const Objective& objective) {
  if (!ColumnObjective::Supports(objective)) return std::nullopt;
  return std::optional<ColumnObjective>(std::in_place, objective);
}

NewtonResult Search(const Objective& objective, const std::optional<ColumnObjective>& columns, const Theta& start) {
  return columns ? Search(objective, *columns, start) : Search(objective, objective, start);
}

// The value and the gradient run by run. The Hessian may be the columns': its last digits touch only the last digits of a small step.
double DifferentiateRunByRun(const Objective& objective, const std::optional<ColumnObjective>& columns, const Theta& theta, FreeVector& gradient,
                             FreeMatrix& hessian) {
  if (!columns) return objective.Derivatives(theta, gradient, hessian);
  columns->Derivatives(theta, gradient, hessian);
  return objective.Gradient(theta, gradient);
}

// What a search by columns found, to 24 bits: the last digits, which depend on the machine, are left behind, and the polish starts from the same
// point everywhere.
void ForgetLastDigits(const Objective& objective, Theta& theta) {
  for (int i : objective.free) {
    if (theta[i] > objective.lower[i] && theta[i] < objective.upper[i]) theta[i] = static_cast<float>(theta[i]);
  }
}

// Goes on by undamped Newton steps from a point where the value no longer tells neighbours apart: the gradient does, by some digits more.
void Polish(const Objective& objective, const std::optional<ColumnObjective>& columns, NewtonResult& result) {
  FreeVector gradient, step;
  FreeMatrix hessian;
  double least_drop = std::numeric_limits<double>::infinity();
  Theta candidate = result.theta;
  for (int i = 0; i <= kPolishSteps; ++i) {
    const double value = DifferentiateRunByRun(objective, columns, candidate, gradient, hessian);
    ++result.evaluation_count;
    if (i == 0) result.objective = value;
    const Positions movable = Restrict(objective, candidate, gradient, hessian);
    if (movable.size() == 0) return;
    const Eigen::LLT<FreeMatrix> factor(hessian);
    if (factor.info() != Eigen::Success) return;
    step = factor.solve(-gradient);
    const double predicted_drop = -0.5 * gradient.dot(step);
    if (!(predicted_drop < least_drop)) return;
    least_drop = predicted_drop;
    result.theta = candidate;
    result.objective = value;
    double relative_step = 0;
    for (Eigen::Index a = 0; a < movable.size(); ++a) {
      const int k = objective.free[movable[a]];
      relative_step = std::max(relative_step, std::abs(step[a]) / (std::abs(candidate[k]) + 1e-3));
      candidate[k] = std::clamp(candidate[k] + step[a], objective.lower[k], objective.upper[k]);
    }
    if (relative_step < kLastStep) {
      result.theta = candidate;
      return;
    }
  }
}

}  // namespace

NewtonResult MinimizeByNewton(const Objective& objective, const Theta& start) {
  const std::optional<ColumnObjective> columns = ColumnsOf(objective);
  NewtonResult result = Search(objective, columns, start);
  if (columns) ForgetLastDigits(objective, result.theta);
  if (result.converged) {
    Polish(objective, columns, result);
  } else if (columns) {
    result.objective = objective.Value(result.theta);
  }
  return result;
}

NewtonResult MinimizeByContinuation(const Objective& objective, const Theta& start, const std::vector<double>& continuation) {
  Objective wider = objective;
  Theta theta = start;
  int evaluation_count = 0;
  for (double delta : continuation) {
    if (delta <= objective.huber_delta) continue;
    wider.huber_delta = delta;
    const NewtonResult stage = Search(wider, ColumnsOf(wider), theta);
    theta = stage.theta;
    evaluation_count += stage.evaluation_count;
  }
  NewtonResult result = MinimizeByNewton(objective, theta);
  result.evaluation_count += evaluation_count;
  return result;
}

}  // namespace isoflop
