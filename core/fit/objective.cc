#include "core/fit/objective.h"

#include <cmath>

namespace isoflop {
namespace {

double Huber(double size, double delta) {
  if (size <= delta) return 0.5 * size * size;
  return delta > 0 ? delta * (size - 0.5 * delta) : size;
}

}  // namespace

double Objective::Value(const Theta& theta) const {
  double sum = 0;
  for (size_t i = 0; i < inputs->size(); ++i) {
    const double weight = weights ? (*weights)[i] : 1.0;
    if (weight == 0) continue;
    const LawInput& input = (*inputs)[i];
    sum += weight * Huber(std::abs(law->PredictLog(input, theta, nullptr, nullptr) - input.log_response), huber_delta);
  }
  sum *= scale;
  for (const Pull& pull : pulls) {
    const double shift = theta[pull.coordinate] - pull.centre;
    sum += 0.5 * pull.precision * shift * shift;
  }
  return sum;
}

double Objective::Derivatives(const Theta& theta, FreeVector& gradient, FreeMatrix& hessian) const {
  const int p = static_cast<int>(law->parameters().size());
  std::array<double, kMaxParameters> g{};
  std::array<double, kMaxParameters * kMaxParameters> h{};
  CoordinateSums sums;
  for (size_t i = 0; i < inputs->size(); ++i) {
    const double weight = weights ? (*weights)[i] : 1.0;
    if (weight == 0) continue;
    const LawInput& input = (*inputs)[i];
    const double residual = law->PredictLog(input, theta, g.data(), h.data()) - input.log_response;
    const bool inside = std::abs(residual) <= huber_delta;
    const double slope = scale * weight * (inside ? residual : std::copysign(huber_delta, residual));
    const double curvature = inside ? scale * weight : 0;
    sums.value += weight * Huber(std::abs(residual), huber_delta);
    for (int a = 0; a < p; ++a) {
      sums.gradient[a] += slope * g[a];
      const double scaled = curvature * g[a];
      double* const row = &sums.At(a, 0);
      for (int b = 0; b <= a; ++b) row[b] += scaled * g[b] + slope * h[a * p + b];
    }
  }
  sums.value *= scale;
  return Finish(sums, theta, gradient, hessian);
}

double Objective::Gradient(const Theta& theta, FreeVector& gradient) const {
  const size_t q = free.size();
  std::array<double, kMaxParameters> g{};
  gradient.setZero(static_cast<Eigen::Index>(q));
  double sum = 0;
  for (size_t i = 0; i < inputs->size(); ++i) {
    const double weight = weights ? (*weights)[i] : 1.0;
    if (weight == 0) continue;
    const LawInput& input = (*inputs)[i];
    const double residual = law->PredictLog(input, theta, g.data(), nullptr) - input.log_response;
    const double slope = scale * weight * std::clamp(residual, -huber_delta, huber_delta);
    sum += weight * Huber(std::abs(residual), huber_delta);
    for (size_t a = 0; a < q; ++a) gradient[a] += slope * g[free[a]];
  }
  sum *= scale;
  for (const Pull& pull : pulls) {
    const double shift = theta[pull.coordinate] - pull.centre;
    sum += 0.5 * pull.precision * shift * shift;
    for (size_t a = 0; a < q; ++a) {
      if (free[a] == pull.coordinate) gradient[a] += pull.precision * shift;
    }
  }
  return sum;
}

double Objective::Finish(CoordinateSums& sums, const Theta& theta, FreeVector& gradient, FreeMatrix& hessian) const {
  for (const Pull& pull : pulls) {
    const double shift = theta[pull.coordinate] - pull.centre;
    sums.value += 0.5 * pull.precision * shift * shift;
    sums.gradient[pull.coordinate] += pull.precision * shift;
    sums.At(pull.coordinate, pull.coordinate) += pull.precision;
  }
  const int q = static_cast<int>(free.size());
  gradient.resize(q);
  hessian.resize(q, q);
  for (int a = 0; a < q; ++a) {
    gradient[a] = sums.gradient[free[a]];
    for (int b = 0; b <= a; ++b) hessian(a, b) = hessian(b, a) = sums.At(free[a], free[b]);
  }
  return sums.value;
}

std::vector<double> Objective::Residuals(const Theta& theta) const {
  std::vector<double> residuals;
  residuals.reserve(inputs->size());
  for (const LawInput& input : *inputs) {
    residuals.push_back(law->PredictLog(input, theta, nullptr, nullptr) - input.log_response);
  }
  return residuals;
}

Eigen::MatrixXd Objective::Jacobian(const Theta& theta) const {
  Eigen::MatrixXd jacobian(inputs->size(), free.size());
  std::array<double, kMaxParameters> g{};
  for (size_t i = 0; i < inputs->size(); ++i) {
    law->PredictLog((*inputs)[i], theta, g.data(), nullptr);
    for (size_t a = 0; a < free.size(); ++a) jacobian(i, a) = g[free[a]];
  }
  return jacobian;
}

}  // namespace isoflop
