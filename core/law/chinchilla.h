#ifndef ISOFLOP_CORE_LAW_CHINCHILLA_H_
#define ISOFLOP_CORE_LAW_CHINCHILLA_H_

#include "core/law/law.h"

namespace isoflop {

// L(N, D) = E + A / N^alpha + B / D^beta, in nats/token, with coordinates theta = (ln E, ln A, ln B, alpha, beta).
//
// With t = (ln E, ln A - alpha ln N, ln B - beta ln D), which is linear in theta (t = M theta), and s = softmax(t):
//
//   ln L = logsumexp(t),   gradient = M' s,   Hessian = M' (diag(s) - s s') M
//
// Source: Hoffmann et al. 2022 (arXiv:2203.15556), section 3.3 and appendix D.3.
class Chinchilla : public Law {
 public:
  enum Parameter { kE, kA, kB, kAlpha, kBeta, kParameterCount };

  std::string_view name() const override { return "chinchilla"; }
  std::string_view formula() const override { return "L(N, D) = E + A / N^alpha + B / D^beta"; }
  const std::vector<ParameterInfo>& parameters() const override;
  std::vector<Quantity> inputs() const override { return {Quantity::kParameterCount, Quantity::kTokenCount}; }
  std::optional<AdditiveLaw> SplitEquivalent(const std::vector<double>& values) const override;
  std::optional<AdditiveForm> additive_form() const override {
    return AdditiveForm{kE, {kA, kAlpha, Quantity::kParameterCount}, PowerTerm{kB, kBeta, Quantity::kTokenCount}};
  }
  double PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const override;

  // A grid of exponents, with (E, A, B) by non-negative least squares of the relative error inside each cell.
  std::vector<Theta> Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const override;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_LAW_CHINCHILLA_H_
