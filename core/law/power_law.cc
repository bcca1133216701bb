#include "core/law/power_law.h"

#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include "core/law/additive_starts.h"
#include "core/law/best_starts.h"
#include "core/law/second_order.h"

namespace isoflop {
namespace {

constexpr int kStartCount = 8;
constexpr double kSmallShare = 1e-3;  // Of the loss: c of a start without one.

// Starts with a > 0 for x, given as 1 or -1 times ln x.
void AddGrid(const std::vector<LawInput>& inputs, const HeldCoordinates& held, int sign, std::vector<Theta>& candidates) {
  std::vector<LawInput> terms = inputs;
  for (LawInput& input : terms) {
    input.log[static_cast<int>(Quantity::kParameterCount)] = sign * input.log_abscissa;
    input.log[static_cast<int>(Quantity::kTokenCount)] = 0;
  }
  HeldAdditive additive{.log_irreducible_loss = held[PowerLaw::kC],
                        .log_parameter_coefficient = held[PowerLaw::kK],
                        .log_token_coefficient = -std::numeric_limits<double>::infinity(),
                        .token_exponent = 0};
  if (held[PowerLaw::kA]) additive.parameter_exponent = sign * *held[PowerLaw::kA];
  for (const AdditiveStart& start : FindAdditiveStarts(terms, additive)) {
    candidates.push_back({start.log_irreducible_loss, start.log_parameter_coefficient, sign * start.parameter_exponent});
  }
}

// The line ln L = ln K - a ln x.
void AddLine(const std::vector<LawInput>& inputs, std::vector<Theta>& candidates) {
  const Eigen::Index n = static_cast<Eigen::Index>(inputs.size());
  Eigen::MatrixX2d columns(n, 2);
  Eigen::VectorXd target(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    columns.row(i) << 1, -inputs[i].log_abscissa;
    target[i] = inputs[i].log_response;
  }
  const Eigen::Vector2d line = columns.colPivHouseholderQr().solve(target);
  candidates.push_back({target.minCoeff() + std::log(kSmallShare), line[0], line[1]});
}

}  // namespace

const std::vector<ParameterInfo>& PowerLaw::parameters() const {
  static const auto* const kParameters = new std::vector<ParameterInfo>{
      {.symbol = "c", .name = "irreducible_loss", .is_scale = true, .lower = kLeastIrreducibleLoss},
      {"K", "loss_coefficient", true},
      {"a", "loss_exponent", false},
  };
  return *kParameters;
}

double PowerLaw::PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const {
  const double x = input.log_abscissa;
  return Evaluate<kParameterCount>([x](const auto* t) { return LogAddExp(t[kC], t[kK] - t[kA] * x); }, theta, gradient, hessian);
}

std::vector<Theta> PowerLaw::Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const {
  std::vector<Theta> candidates;
  AddGrid(inputs, held, 1, candidates);
  AddGrid(inputs, held, -1, candidates);
  AddLine(inputs, candidates);
  return BestStarts(*this, inputs, held, candidates, kStartCount);
}

}  // namespace isoflop
