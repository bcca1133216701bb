#ifndef ISOFLOP_CORE_LAW_POWER_LAW_H_
#define ISOFLOP_CORE_LAW_POWER_LAW_H_

#include "core/law/law.h"

namespace isoflop {

// L(x) = c + K / x^a, with coordinates theta = (ln c, ln K, a); x is any one quantity. With c held at 0 it is the pure law Y = K x^-a.
//
// Sources: Amari, Fujita & Shinomoto 1992; Hestness et al. 2017 (arXiv:1712.00409), section 2.
class PowerLaw : public Law {
 public:
  enum Parameter { kC, kK, kA, kParameterCount };

  std::string_view name() const override { return "power_law"; }
  std::string_view formula() const override { return "L(x) = c + K / x^a"; }
  const std::vector<ParameterInfo>& parameters() const override;
  std::vector<Quantity> inputs() const override { return {}; }
  bool takes_abscissa() const override { return true; }
  std::optional<AdditiveForm> additive_form() const override { return AdditiveForm{kC, {kK, kA, std::nullopt}, std::nullopt}; }
  double PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const override;

  // A grid of exponents of either sign, with (c, K) by non-negative least squares, and the log-log line of the pure law.
  std::vector<Theta> Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const override;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_LAW_POWER_LAW_H_
