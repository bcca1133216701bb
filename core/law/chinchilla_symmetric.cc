#include "core/law/chinchilla_symmetric.h"

#include "core/law/additive_starts.h"
#include "core/law/best_starts.h"
#include "core/law/second_order.h"

namespace isoflop {
namespace {

constexpr double kLeastExponent = 0.03, kGreatestExponent = 2.5;
constexpr int kGridSize = 48;
constexpr int kStartCount = 8;

}  // namespace

const std::vector<ParameterInfo>& ChinchillaSymmetric::parameters() const {
  // The exponent belongs to both axes: one that varies is enough to see it.
  static const auto* const kParameters = new std::vector<ParameterInfo>{
      {.symbol = "E", .name = "irreducible_loss", .is_scale = true, .lower = kLeastIrreducibleLoss},
      {"A", "parameter_loss_coefficient", true, Axis::kParameterCount},
      {"B", "token_loss_coefficient", true, Axis::kTokenCount},
      {"alpha", "loss_exponent", false, Axis::kNone},
  };
  return *kParameters;
}

double ChinchillaSymmetric::PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const {
  const double u = input[Quantity::kParameterCount], v = input[Quantity::kTokenCount];
  const auto formula = [u, v](const auto* t) {
    return LogAddExp(t[kE], LogAddExp(t[kA] - t[kAlpha] * u, t[kB] - t[kAlpha] * v));
  };
  return Evaluate<kParameterCount>(formula, theta, gradient, hessian);
}

std::optional<AdditiveLaw> ChinchillaSymmetric::SplitEquivalent(const std::vector<double>& values) const {
  return AdditiveLaw{.irreducible_loss = values[kE],
                     .parameter_loss_coefficient = values[kA],
                     .token_loss_coefficient = values[kB],
                     .parameter_loss_exponent = values[kAlpha],
                     .token_loss_exponent = values[kAlpha]};
}

std::vector<Theta> ChinchillaSymmetric::Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const {
  std::vector<Theta> candidates;
  const std::vector<double> grid =
      held[kAlpha] ? std::vector<double>{*held[kAlpha]} : EqualRatios(kLeastExponent, kGreatestExponent, kGridSize);
  for (double alpha : grid) {
    const HeldAdditive additive{.log_irreducible_loss = held[kE],
                                .log_parameter_coefficient = held[kA],
                                .log_token_coefficient = held[kB],
                                .parameter_exponent = alpha,
                                .token_exponent = alpha};
    for (const AdditiveStart& start : FindAdditiveStarts(inputs, additive)) {
      candidates.push_back({start.log_irreducible_loss, start.log_parameter_coefficient, start.log_token_coefficient, alpha});
    }
  }
  return BestStarts(*this, inputs, held, candidates, kStartCount);
}

}  // namespace isoflop
