#include "core/law/additive_starts.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace isoflop {
namespace {

constexpr int kGridSize = 24;
constexpr double kLeastExponent = 0.03;
constexpr double kGreatestExponent = 2.5;
constexpr int kMaxStarts = 8;
constexpr int kLeastDistance = 3;         // In grid steps, between a further start and those already chosen.
constexpr size_t kMostRuns = 2048;        // Of more, evenly spaced ones: a start need not be exact.
constexpr double kLeastShare = 0.01;      // Of the loss at the data's centre: a term that vanishes could never grow again.

std::vector<double> ExponentGrid(const std::optional<double>& held) {
  if (held.has_value()) return {*held};
  std::vector<double> grid(kGridSize);
  for (int i = 0; i < kGridSize; ++i) {
    grid[i] = kLeastExponent * std::pow(kGreatestExponent / kLeastExponent, i / (kGridSize - 1.0));
  }
  return grid;
}

// Column j holds (x / centre)^(-exponents[j]) / L. Shape [run_count, exponent_count].
Eigen::MatrixXd TermColumns(const Eigen::ArrayXd& log_x, const Eigen::ArrayXd& inverse_loss,
                            const std::vector<double>& exponents) {
  Eigen::MatrixXd columns(log_x.size(), exponents.size());
  for (size_t j = 0; j < exponents.size(); ++j) columns.col(j) = (-exponents[j] * log_x).exp() * inverse_loss;
  return columns;
}

// min ||target - X c|| over c >= 0 for the free columns, others held, by trying every set of positive coefficients: with at most three
// columns that is seven tiny solves, and exact.
Eigen::Vector3d SolveNonNegative(const Eigen::Matrix3d& gram, const Eigen::Vector3d& moment,
                                 const std::array<std::optional<double>, 3>& held) {
  Eigen::Vector3d fixed = Eigen::Vector3d::Zero();
  int free_mask = 0;
  for (int i = 0; i < 3; ++i) {
    if (held[i].has_value()) {
      fixed[i] = *held[i];
    } else {
      free_mask |= 1 << i;
    }
  }
  const Eigen::Vector3d rest = moment - gram * fixed;
  Eigen::Vector3d best = fixed;
  double best_gain = 0;
  for (int mask = free_mask; mask > 0; --mask) {
    if ((mask & free_mask) != mask) continue;
    Eigen::Matrix3d system = Eigen::Matrix3d::Identity();
    Eigen::Vector3d right = Eigen::Vector3d::Zero();
    for (int i = 0; i < 3; ++i) {
      if (!(mask >> i & 1)) continue;
      right[i] = rest[i];
      for (int j = 0; j < 3; ++j) system(i, j) = (mask >> j & 1) ? gram(i, j) : 0;
      system(i, i) *= 1 + 1e-12;  // Keeps collinear columns solvable.
    }
    const Eigen::LLT<Eigen::Matrix3d> factor(system);
    if (factor.info() != Eigen::Success) continue;
    const Eigen::Vector3d solution = factor.solve(right);
    if (!solution.allFinite() || solution.minCoeff() < 0) continue;
    if (mask == free_mask) return fixed + solution;  // No bound is in the way.
    const double gain = 2 * rest.dot(solution) - solution.dot(gram * solution);
    if (gain > best_gain) {
      best_gain = gain;
      best = fixed + solution;
    }
  }
  return best;
}

struct Cell {
  int i = 0, j = 0;
  double error = 0;
  Eigen::Vector3d coefficients;
};

}  // namespace

std::vector<AdditiveStart> FindAdditiveStarts(const std::vector<LawInput>& inputs, const HeldAdditive& held) {
  const size_t stride = (inputs.size() + kMostRuns - 1) / kMostRuns;
  const Eigen::Index n = static_cast<Eigen::Index>((inputs.size() + stride - 1) / stride);
  Eigen::ArrayXd u(n), v(n), inverse_loss(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    const LawInput& input = inputs[k * stride];
    u[k] = input[Quantity::kParameterCount];
    v[k] = input[Quantity::kTokenCount];
    inverse_loss[k] = std::exp(-input.log_response);
  }
  // Centred, so that no power under- or overflows.
  const double centre_u = u.mean(), centre_v = v.mean();
  const std::vector<double> alphas = ExponentGrid(held.parameter_exponent);
  const std::vector<double> betas = ExponentGrid(held.token_exponent);
  const Eigen::MatrixXd columns_n = TermColumns(u - centre_u, inverse_loss, alphas);
  const Eigen::MatrixXd columns_d = TermColumns(v - centre_v, inverse_loss, betas);
  const Eigen::VectorXd column_e = inverse_loss.matrix();

  // Entries of every cell's normal equations.
  const double norm_e = column_e.squaredNorm(), sum_e = column_e.sum();
  const Eigen::VectorXd sum_n = columns_n.colwise().sum(), norm_n = columns_n.colwise().squaredNorm(), e_n = columns_n.transpose() * column_e;
  const Eigen::VectorXd sum_d = columns_d.colwise().sum(), norm_d = columns_d.colwise().squaredNorm(), e_d = columns_d.transpose() * column_e;
  const Eigen::MatrixXd n_d = columns_n.transpose() * columns_d;

  const auto cell_count = alphas.size() * betas.size();
  std::vector<Cell> cells(cell_count);
  for (size_t i = 0; i < alphas.size(); ++i) {
    for (size_t j = 0; j < betas.size(); ++j) {
      Eigen::Matrix3d gram;
      gram << norm_e, e_n[i], e_d[j],  //
          e_n[i], norm_n[i], n_d(i, j),                //
          e_d[j], n_d(i, j), norm_d[j];
      std::array<std::optional<double>, 3> held_terms;
      if (held.log_irreducible_loss) held_terms[0] = std::exp(*held.log_irreducible_loss);
      if (held.log_parameter_coefficient) held_terms[1] = std::exp(*held.log_parameter_coefficient - alphas[i] * centre_u);
      if (held.log_token_coefficient) held_terms[2] = std::exp(*held.log_token_coefficient - betas[j] * centre_v);
      Cell& cell = cells[i * betas.size() + j];
      cell.i = static_cast<int>(i);
      cell.j = static_cast<int>(j);
      cell.coefficients = SolveNonNegative(gram, {sum_e, sum_n[i], sum_d[j]}, held_terms);
      const Eigen::Vector3d& c = cell.coefficients;
      cell.error = ((c[0] * column_e + c[1] * columns_n.col(i) + c[2] * columns_d.col(j)).array() - 1).abs().sum();
    }
  }

  const auto is_local_minimum = [&](const Cell& cell) {
    for (int i = std::max(cell.i - 1, 0); i <= std::min<int>(cell.i + 1, alphas.size() - 1); ++i) {
      for (int j = std::max(cell.j - 1, 0); j <= std::min<int>(cell.j + 1, betas.size() - 1); ++j) {
        if (cells[i * betas.size() + j].error < cell.error) return false;
      }
    }
    return true;
  };
  std::vector<const Cell*> order(cell_count);
  for (size_t k = 0; k < cell_count; ++k) order[k] = &cells[k];
  std::sort(order.begin(), order.end(), [](const Cell* x, const Cell* y) { return x->error < y->error; });
  std::vector<const Cell*> chosen;
  for (const Cell* cell : order) {
    if (chosen.size() < kMaxStarts && is_local_minimum(*cell)) chosen.push_back(cell);
  }
  for (const Cell* cell : order) {
    if (chosen.size() >= kMaxStarts) break;
    const bool far = std::all_of(chosen.begin(), chosen.end(), [&](const Cell* other) {
      return std::max(std::abs(cell->i - other->i), std::abs(cell->j - other->j)) >= kLeastDistance;
    });
    if (far) chosen.push_back(cell);
  }

  // The least value of a term at the centre of the data: a share of the loss there.
  const double least_term = kLeastShare * std::exp(-std::log(inverse_loss.mean()));
  std::vector<AdditiveStart> starts;
  for (const Cell* cell : chosen) {
    const double alpha = alphas[cell->i], beta = betas[cell->j];
    const auto log_term = [&](int term) { return std::log(std::max(cell->coefficients[term], least_term)); };
    starts.push_back({.log_irreducible_loss = held.log_irreducible_loss.value_or(log_term(0)),
                      .log_parameter_coefficient = held.log_parameter_coefficient.value_or(log_term(1) + alpha * centre_u),
                      .log_token_coefficient = held.log_token_coefficient.value_or(log_term(2) + beta * centre_v),
                      .parameter_exponent = alpha,
                      .token_exponent = beta});
  }
  return starts;
}

}  // namespace isoflop
