#ifndef ISOFLOP_CORE_FIT_OBJECTIVE_H_
#define ISOFLOP_CORE_FIT_OBJECTIVE_H_

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "core/law/law.h"

namespace isoflop {

// At most kMaxParameters in each direction, and never on the heap.
using FreeVector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, kMaxParameters, 1>;
using FreeMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, kMaxParameters, kMaxParameters>;

// A sum over runs with its derivatives in all coordinates of a law, of which the Hessian's lower triangle is used.
struct CoordinateSums {
  double value = 0;
  std::array<double, kMaxParameters> gradient{};
  std::array<double, kMaxParameters * kMaxParameters> hessian{};

  double& At(int i, int j) { return hessian[std::max(i, j) * kMaxParameters + std::min(i, j)]; }
  double At(int i, int j) const { return hessian[std::max(i, j) * kMaxParameters + std::min(i, j)]; }
};

// A quadratic pull of one coordinate towards a value: precision (theta - centre)^2 / 2 is added to the objective.
struct Pull {
  int coordinate = 0;
  double centre = 0;
  double precision = 0;
};

// f(theta) = scale sum_i w_i Huber_delta(r_i) + pulls,   r_i = ln predicted(i) - ln observed(i),
// Huber_delta(r) = r^2 / 2 for |r| <= delta, else delta (|r| - delta / 2).
//
// One form serves the three losses: delta infinite and scale 2 sum squares; a small delta and scale 1 / delta approach sum |r|, and delta 0
// with scale 1 is sum |r| itself (value and residuals only: it has kinks).
// Sums, not means: a mean under a fixed stopping rule stops early (Besiroglu et al. 2024, arXiv:2404.10102).
struct Objective {
  const Law* law = nullptr;
  const std::vector<LawInput>* inputs = nullptr;  // Shape [run_count], sorted by content.
  const std::vector<double>* weights = nullptr;   // Shape [run_count]; null: all 1.
  std::vector<int> free;                          // Coordinates that may move, ascending.
  // Between which each coordinate must stay. Shape [kMaxParameters].
  Theta lower = Unbounded(-1);
  Theta upper = Unbounded(1);
  std::vector<Pull> pulls;
  double huber_delta = 0;
  double scale = 1;

  double Value(const Theta& theta) const;

  // The value, with gradient (shape [free]) and Hessian (shape [free, free]) overwritten. At the kinks |r| = delta the Hessian is that of the
  // quadratic side.
  double Derivatives(const Theta& theta, FreeVector& gradient, FreeMatrix& hessian) const;

  // The value, with the gradient alone.
  double Gradient(const Theta& theta, FreeVector& gradient) const;

  // The value, gradient and Hessian over the free coordinates that the sum over runs comes to with the pulls.
  double Finish(CoordinateSums& sums, const Theta& theta, FreeVector& gradient, FreeMatrix& hessian) const;

  // r_i for every input, weights ignored. Shape [run_count].
  std::vector<double> Residuals(const Theta& theta) const;

  // d ln predicted / d theta over the free coordinates. Shape [run_count, free].
  Eigen::MatrixXd Jacobian(const Theta& theta) const;

 private:
  static Theta Unbounded(int sign) {
    Theta bounds;
    bounds.fill(sign * std::numeric_limits<double>::infinity());
    return bounds;
  }
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_OBJECTIVE_H_
