#ifndef ISOFLOP_CORE_LAW_CHINCHILLA_SYMMETRIC_H_
#define ISOFLOP_CORE_LAW_CHINCHILLA_SYMMETRIC_H_

#include "core/law/law.h"

namespace isoflop {

// L(N, D) = E + A / N^alpha + B / D^alpha, in nats/token, with coordinates theta = (ln E, ln A, ln B, alpha): Hoffmann et al.'s law with one
// exponent, so that N and D grow alike with compute.
//
// Source: Muennighoff et al. 2023 (arXiv:2305.16264), section 4, who fit their base law so.
class ChinchillaSymmetric : public Law {
 public:
  enum Parameter { kE, kA, kB, kAlpha, kParameterCount };

  std::string_view name() const override { return "chinchilla_symmetric"; }
  std::string_view formula() const override { return "L(N, D) = E + A / N^alpha + B / D^alpha"; }
  const std::vector<ParameterInfo>& parameters() const override;
  std::vector<Quantity> inputs() const override { return {Quantity::kParameterCount, Quantity::kTokenCount}; }
  std::optional<AdditiveLaw> SplitEquivalent(const std::vector<double>& values) const override;
  std::optional<AdditiveForm> additive_form() const override {
    return AdditiveForm{kE, {kA, kAlpha, Quantity::kParameterCount}, PowerTerm{kB, kAlpha, Quantity::kTokenCount}};
  }
  double PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const override;

  // A grid of alpha, with (E, A, B) by non-negative least squares of the relative error.
  std::vector<Theta> Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const override;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_LAW_CHINCHILLA_SYMMETRIC_H_
