#include "core/fit/newton.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace isoflop {
namespace {

constexpr int kMaxEvaluations = 400;
constexpr int kPolishSteps = 3;
constexpr double kInitialDamping = 1e-3;
constexpr double kLeastDamping = 1e-12;
constexpr double kGreatestDamping = 1e12;
constexpr double kSettledDamping = 1e-3;  // Damped steps shrink too: only a step that the curvature allows proves an optimum.
constexpr double kRelativeStep = 1e-13;   // Of the coordinates: below this, rounding decides.
constexpr double kRelativeDrop = 1e-15;   // Predicted decrease over objective: likewise.
constexpr double kLeastDrop = 1e-26;      // The same in absolute terms, for runs without noise: a residual of log loss of 1e-13.

// Positions in `objective.free` of the coordinates that are not held at a bound by the gradient.
std::vector<int> Movable(const Objective& objective, const Theta& theta, const FreeVector& gradient) {
  std::vector<int> movable;
  for (size_t a = 0; a < objective.free.size(); ++a) {
    const int i = objective.free[a];
    const bool held = (theta[i] <= objective.lower[i] && gradient[a] > 0) || (theta[i] >= objective.upper[i] && gradient[a] < 0);
    if (!held) movable.push_back(static_cast<int>(a));
  }
  return movable;
}

// The derivatives in the movable coordinates only.
void Restrict(const std::vector<int>& movable, FreeVector& gradient, FreeMatrix& hessian) {
  if (static_cast<Eigen::Index>(movable.size()) == gradient.size()) return;
  const FreeVector full_gradient = gradient;
  const FreeMatrix full_hessian = hessian;
  const Eigen::Index q = static_cast<Eigen::Index>(movable.size());
  gradient.resize(q);
  hessian.resize(q, q);
  for (Eigen::Index a = 0; a < q; ++a) {
    gradient[a] = full_gradient[movable[a]];
    for (Eigen::Index b = 0; b < q; ++b) hessian(a, b) = full_hessian(movable[a], movable[b]);
  }
}

// Goes on by undamped Newton steps from a point where the value no longer tells neighbours apart: the gradient does, by some digits more.
void Polish(const Objective& objective, NewtonResult& result) {
  FreeVector gradient, step;
  FreeMatrix hessian;
  double least_drop = std::numeric_limits<double>::infinity();
  Theta candidate = result.theta;
  for (int i = 0; i <= kPolishSteps; ++i) {
    const double value = objective.Derivatives(candidate, gradient, hessian);
    const std::vector<int> movable = Movable(objective, candidate, gradient);
    if (movable.empty()) return;
    Restrict(movable, gradient, hessian);
    const Eigen::LLT<FreeMatrix> factor(hessian);
    if (factor.info() != Eigen::Success) return;
    step = factor.solve(-gradient);
    const double predicted_drop = -0.5 * gradient.dot(step);
    if (!(predicted_drop < least_drop)) return;
    least_drop = predicted_drop;
    result.theta = candidate;
    result.objective = value;
    for (size_t a = 0; a < movable.size(); ++a) {
      const int k = objective.free[movable[a]];
      candidate[k] = std::clamp(candidate[k] + step[a], objective.lower[k], objective.upper[k]);
    }
  }
}

}  // namespace

NewtonResult MinimizeByNewton(const Objective& objective, const Theta& start) {
  NewtonResult result{.theta = start};
  for (int i : objective.free) result.theta[i] = std::clamp(start[i], objective.lower[i], objective.upper[i]);
  FreeVector gradient, step;
  FreeMatrix hessian, damped;
  std::vector<int> movable;
  const auto differentiate = [&] {
    result.objective = objective.Derivatives(result.theta, gradient, hessian);
    movable = Movable(objective, result.theta, gradient);
    Restrict(movable, gradient, hessian);
  };
  differentiate();
  result.evaluation_count = 1;
  double damping = kInitialDamping;
  while (result.evaluation_count < kMaxEvaluations) {
    if (movable.empty()) {
      result.converged = true;
      return result;
    }
    // A diagonal that is not positive has no scale of its own: borrow a small one.
    const double greatest = hessian.diagonal().cwiseAbs().maxCoeff();
    const FreeVector scale = hessian.diagonal().cwiseAbs().cwiseMax(1e-12 * greatest + 1e-300);
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
    for (size_t a = 0; a < movable.size(); ++a) {
      const int i = objective.free[movable[a]];
      relative_step = std::max(relative_step, std::abs(step[a]) / (std::abs(candidate[i]) + 1e-3));
      candidate[i] = std::clamp(candidate[i] + step[a], objective.lower[i], objective.upper[i]);
    }
    const bool settled = relative_step < kRelativeStep || predicted_drop < kRelativeDrop * result.objective + kLeastDrop * objective.scale;
    const double value = objective.Value(candidate);
    ++result.evaluation_count;
    if (std::isfinite(value) && value < result.objective) {
      const double ratio = (result.objective - value) / predicted_drop;
      result.theta = candidate;
      differentiate();
      damping = ratio > 0.75 ? std::max(damping * 0.1, kLeastDamping) : ratio < 0.25 ? damping * 4 : damping;
      if (!settled) continue;
    } else if (!settled) {
      damping *= 8;
      if (damping > kGreatestDamping) break;
      continue;
    }
    if (damping <= kSettledDamping) {
      result.converged = movable.empty() || Eigen::LLT<FreeMatrix>(hessian).info() == Eigen::Success;
      if (result.converged) Polish(objective, result);
      break;
    }
    damping *= 0.01;
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
    const NewtonResult stage = MinimizeByNewton(wider, theta);
    theta = stage.theta;
    evaluation_count += stage.evaluation_count;
  }
  NewtonResult result = MinimizeByNewton(objective, theta);
  result.evaluation_count += evaluation_count;
  return result;
}

}  // namespace isoflop
