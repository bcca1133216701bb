#include "core/fit/minimize.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace isoflop {
namespace {

const std::vector<double> kContinuation = {0.03, 0.005};             // Huber deltas before the asked one.
const std::vector<double> kVertexDeltas = {1e-3, 1e-4, 1e-5, 1e-6, 1e-7};  // Towards the kinks of sum |r|.
constexpr int kVertexSteps = 20;
constexpr double kVanished = 1e-12;        // A residual of log loss below this is none.
constexpr double kMultiplierSlack = 1e-6;  // Above 1, by rounding.
constexpr double kDependent = 1e-9;        // Of a gradient's length outside the others' span: below, it adds nothing.

bool Equal(const LawInput& a, const LawInput& b) {
  return a.log_response == b.log_response && a.log_abscissa == b.log_abscissa &&
         std::equal(a.log.begin(), a.log.end(), b.log.begin(), [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

// The runs of the least |residual|, as many as coordinates are free, whose gradients are linearly independent: of equal runs, one.
std::vector<size_t> ChooseVertex(const Objective& objective, const Theta& theta, const std::vector<double>& residuals) {
  std::vector<size_t> order;
  for (size_t i = 0; i < residuals.size(); ++i) {
    if (!objective.weights || (*objective.weights)[i] > 0) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](size_t i, size_t j) { return std::abs(residuals[i]) < std::abs(residuals[j]); });
  std::vector<size_t> chosen;
  std::vector<FreeVector> basis;  // Orthonormal, of the chosen gradients.
  std::array<double, kMaxParameters> gradient{};
  FreeVector direction(static_cast<Eigen::Index>(objective.free.size()));
  for (size_t i : order) {
    if (chosen.size() == objective.free.size()) break;
    objective.law->PredictLog((*objective.inputs)[i], theta, gradient.data(), nullptr);
    for (size_t a = 0; a < objective.free.size(); ++a) direction[static_cast<Eigen::Index>(a)] = gradient[objective.free[a]];
    const double length = direction.norm();
    for (const FreeVector& known : basis) direction -= known.dot(direction) * known;
    if (!(direction.norm() > kDependent * length)) continue;
    basis.push_back(direction.normalized());
    chosen.push_back(i);
  }
  return chosen;
}

// What the chosen run may pull at most: the weights of all runs that equal it.
double GreatestPull(const Objective& objective, size_t chosen) {
  const std::vector<LawInput>& inputs = *objective.inputs;
  double weight = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (Equal(inputs[i], inputs[chosen])) weight += objective.weights ? (*objective.weights)[i] : 1.0;
  }
  return weight;
}

// Newton's method on r_i(theta) = 0 for as many residuals as there are free coordinates. False where it does not get there.
bool SolveResiduals(const Objective& objective, const std::vector<size_t>& chosen, Theta& theta) {
  const Eigen::Index q = static_cast<Eigen::Index>(objective.free.size());
  Eigen::MatrixXd jacobian(q, q);
  Eigen::VectorXd residuals(q);
  std::array<double, kMaxParameters> gradient{};
  for (int step = 0; step < kVertexSteps; ++step) {
    for (Eigen::Index row = 0; row < q; ++row) {
      const LawInput& input = (*objective.inputs)[chosen[row]];
      residuals[row] = objective.law->PredictLog(input, theta, gradient.data(), nullptr) - input.log_response;
      for (Eigen::Index a = 0; a < q; ++a) jacobian(row, a) = gradient[objective.free[a]];
    }
    if (residuals.lpNorm<Eigen::Infinity>() < kVanished) return true;
    const Eigen::VectorXd move = jacobian.fullPivLu().solve(-residuals);
    if (!move.allFinite()) return false;
    for (Eigen::Index a = 0; a < q; ++a) theta[objective.free[a]] += move[a];
  }
  return false;
}

// Whether 0 lies in the subdifferential of sum w |r|: the pull of all other residuals is balanced by multipliers in [-w, w] at the vertex.
bool IsOptimalVertex(const Objective& objective, const std::vector<size_t>& chosen, const Theta& theta) {
  const Eigen::Index q = static_cast<Eigen::Index>(objective.free.size());
  const std::vector<double> residuals = objective.Residuals(theta);
  const Eigen::MatrixXd jacobian = objective.Jacobian(theta);
  Eigen::VectorXd pull = Eigen::VectorXd::Zero(q);
  Eigen::MatrixXd at_vertex(q, q);
  for (Eigen::Index row = 0; row < q; ++row) at_vertex.row(row) = jacobian.row(chosen[row]);
  const std::vector<LawInput>& inputs = *objective.inputs;
  for (size_t i = 0; i < residuals.size(); ++i) {
    if (std::any_of(chosen.begin(), chosen.end(), [&](size_t k) { return Equal(inputs[k], inputs[i]); })) continue;
    const double weight = objective.weights ? (*objective.weights)[i] : 1.0;
    pull += weight * (residuals[i] > 0 ? 1 : -1) * jacobian.row(i).transpose();
  }
  const Eigen::VectorXd multipliers = at_vertex.transpose().fullPivLu().solve(-pull);
  for (Eigen::Index row = 0; row < q; ++row) {
    if (!(std::abs(multipliers[row]) <= GreatestPull(objective, chosen[row]) * (1 + kMultiplierSlack))) return false;
  }
  return true;
}

NewtonResult MoveToVertex(const Objective& objective, NewtonResult result) {
  const std::vector<double> residuals = objective.Residuals(result.theta);
  result.objective = objective.Value(result.theta);
  result.converged = false;
  const std::vector<size_t> chosen = ChooseVertex(objective, result.theta, residuals);
  if (chosen.size() < objective.free.size()) return result;
  Theta vertex = result.theta;
  if (!SolveResiduals(objective, chosen, vertex)) return result;
  const double value = objective.Value(vertex);
  if (!(value <= result.objective)) return result;
  result.theta = vertex;
  result.objective = value;
  result.converged = IsOptimalVertex(objective, chosen, vertex);
  return result;
}

NewtonResult MinimizeAbsolute(const Objective& objective, const Theta& start, bool from_afar) {
  Objective smooth = objective;
  NewtonResult result{.theta = start};
  int evaluation_count = 0;
  const auto stage = [&](double delta) {
    smooth.huber_delta = delta;
    smooth.scale = 1 / delta;
    result = MinimizeByNewton(smooth, result.theta);
    evaluation_count += result.evaluation_count;
  };
  if (from_afar) std::for_each(kContinuation.begin(), kContinuation.end(), stage);
  std::for_each(kVertexDeltas.begin(), kVertexDeltas.end(), stage);
  result.evaluation_count = evaluation_count;
  // A prior or a bound may hold the optimum away from every vertex: then the smoothed optimum stands.
  NewtonResult vertex = MoveToVertex(objective, result);
  if (vertex.converged) return vertex;
  vertex.converged = result.converged;
  return vertex;
}

}  // namespace

NewtonResult MinimizeFromAfar(const Objective& objective, const Theta& start) {
  if (objective.huber_delta == 0) return MinimizeAbsolute(objective, start, true);
  return MinimizeByContinuation(objective, start, kContinuation);
}

NewtonResult MinimizeFromNear(const Objective& objective, const Theta& start) {
  if (objective.huber_delta == 0) return MinimizeAbsolute(objective, start, false);
  return MinimizeByNewton(objective, start);
}

}  // namespace isoflop
