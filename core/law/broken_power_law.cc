#include "core/law/broken_power_law.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/law/best_starts.h"
#include "core/law/second_order.h"

namespace isoflop {
namespace {

const std::vector<double> kShares = {0.02, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98};  // c of the grid over the least loss.
const std::vector<double> kWidths = {0.1, 0.3, 1};                         // f1 of the grid.
constexpr int kBreakCount = 15;                                            // d1 of the grid, evenly over ln x inside the data.
constexpr int kStartCount = 24;

// ln(1 + (x / d1)^(1 / f1)) f1, the break as a function of ln x.
template <typename T>
T Break(double x, const T& log_d1, const T& f1) {
  return f1 * LogAddExp(T(0.0), (x - log_d1) / f1);
}

// (ln K, a0, a1) for given (c, d1, f1): residuals of ln(L - c) weigh (L - c) / L, which makes them residuals of ln L. Held ones are taken as
// they are. Rows at or below c are left out.
Eigen::Vector3d SolveLinear(const std::vector<LawInput>& inputs, const HeldCoordinates& held, double c, double log_d1, double f1) {
  const Eigen::Index n = static_cast<Eigen::Index>(inputs.size());
  Eigen::MatrixX3d columns(n, 3);
  Eigen::VectorXd target(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double loss = std::exp(inputs[i].log_response), x = inputs[i].log_abscissa;
    const double weight = std::max(loss - c, 0.0) / loss;
    columns.row(i) << weight, -weight * x, -weight * Break(x, log_d1, f1);
    target[i] = weight > 0 ? weight * std::log(loss - c) : 0;
  }
  Eigen::Vector3d solution = Eigen::Vector3d::Zero();
  std::vector<int> free;
  for (int k = 0; k < 3; ++k) {
    const std::optional<double>& value = held[BrokenPowerLaw::kK + k];
    if (value) {
      solution[k] = *value;
      target -= *value * columns.col(k);
    } else {
      free.push_back(k);
    }
  }
  if (free.empty()) return solution;
  const Eigen::VectorXd found = columns(Eigen::all, free).colPivHouseholderQr().solve(target);
  for (size_t k = 0; k < free.size(); ++k) solution[free[k]] = found[static_cast<Eigen::Index>(k)];
  return solution;
}

}  // namespace

const std::vector<ParameterInfo>& BrokenPowerLaw::parameters() const {
  static const auto* const kParameters = new std::vector<ParameterInfo>{
      {.symbol = "c", .name = "irreducible_loss", .is_scale = true, .lower = kLeastIrreducibleLoss},
      {"K", "loss_coefficient", true}, {"a0", "loss_exponent", false},
      {"a1", "exponent_change", false}, {"d1", "break_position", true},
      {"f1", "break_width", true},
  };
  return *kParameters;
}

double BrokenPowerLaw::PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const {
  const double x = input.log_abscissa;
  const auto formula = [x](const auto* t) {
    return LogAddExp(t[kC], t[kK] - t[kA0] * x - t[kA1] * Break(x, t[kD1], Exp(t[kF1])));
  };
  return Evaluate<kParameterCount>(formula, theta, gradient, hessian);
}

std::vector<Theta> BrokenPowerLaw::Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const {
  double least_x = INFINITY, greatest_x = -INFINITY, least_loss = INFINITY;
  for (const LawInput& input : inputs) {
    least_x = std::min(least_x, input.log_abscissa);
    greatest_x = std::max(greatest_x, input.log_abscissa);
    least_loss = std::min(least_loss, input.log_response);
  }
  std::vector<double> log_cs, log_breaks, log_widths;
  for (double share : kShares) log_cs.push_back(least_loss + std::log(share));
  for (int i = 1; i <= kBreakCount; ++i) log_breaks.push_back(least_x + (greatest_x - least_x) * i / (kBreakCount + 1));
  for (double width : kWidths) log_widths.push_back(std::log(width));
  if (held[kC]) log_cs = {*held[kC]};
  if (held[kD1]) log_breaks = {*held[kD1]};
  if (held[kF1]) log_widths = {*held[kF1]};
  std::vector<Theta> candidates;
  for (double log_c : log_cs) {
    for (double log_d1 : log_breaks) {
      for (double log_f1 : log_widths) {
        const Eigen::Vector3d linear = SolveLinear(inputs, held, std::exp(log_c), log_d1, std::exp(log_f1));
        candidates.push_back({log_c, linear[0], linear[1], linear[2], log_d1, log_f1});
      }
    }
  }
  return BestStarts(*this, inputs, held, candidates, kStartCount);
}

}  // namespace isoflop
