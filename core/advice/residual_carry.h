#ifndef ISOFLOP_CORE_ADVICE_RESIDUAL_CARRY_H_
#define ISOFLOP_CORE_ADVICE_RESIDUAL_CARRY_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/design_fit.h"
#include "core/advice/log_loss_forecast.h"
#include "core/advice/loss_curve.h"

namespace isoflop {

// A forecast is made at each of these shares of the fraction f that a run has come to, and averaged: the loss of a run under way moves by some
// .1 % of its own accord.
inline constexpr double kCarryShares[] = {1, 0.97, 0.94, 0.91};

// x(f) at those shares of `step`; nothing where the curve does not reach over all of them. Shape [kCarryShares].
std::optional<std::vector<double>> LossesForCarry(const LossCurve& curve, double step);

// A finished run beside one that is at fraction f of its schedule.
struct CarryRun {
  double parameter_count = 0;
  double token_count = 0;              // Of the whole run.
  std::vector<double> losses_so_far;   // x(f), nats/token; as many for each run, one at least.
  double final_loss = 0;
};

// What a run shows at fraction f of how far it will end off the law. Two laws are fitted to the finished runs, law_f to (N, D, x(f)) and law_1 to
// (N, D, final loss). With r(f), r(1) the residuals ln L - ln L_law of each run under the laws of the other runs, in closed form r / (1 - h), h
// being its leverage, both clipped at 4 robust standard deviations,
//
//   rho = clip(sum r(f) r(1) / (sum r(f)^2 + n 1e-6), 0, 1.2)
//   forecast = law_1(N, D) exp(rho (ln x(f) - ln law_f(N, D)))
//   sd = hypot(spread sqrt(1 + h), (1 - rho) .01 log10(N D / greatest N_j D_j)),   spread = 1.4826 median (|r(1) - rho r(f)| sqrt(1 - h)) sqrt(n / (n - 1))
//
// The second term counts past the compute of all runs only: laws of published runs bend by about a percent a decade there (core/fit/drift.h), of which
// the run itself shows the share rho.
//
// Of a run's own shift so far, what lies beyond those 4 standard deviations is carried whole: it comes from no cause that the others know, such as a
// wrong size or rate, and lasts.
//
// The laws' Huber delta is wide, four times the usual residual: what the form of the law cannot follow is most of the residual, and all runs tell of it.
class ResidualCarry {
 public:
  // FailedPrecondition below kLeastCarryRuns runs; otherwise as FitForDesign.
  static absl::StatusOr<ResidualCarry> Fit(const std::vector<CarryRun>& runs);

  // `losses_so_far` as in CarryRun.
  LogLossForecast Forecast(double parameter_count, double token_count, const std::vector<double>& losses_so_far) const;

  // |error| / sd of each run forecast from the others. Shape [run_count].
  const std::vector<double>& absolute_z() const { return absolute_z_; }

 private:
  DesignFit law_at_end_;
  std::vector<DesignFit> laws_so_far_;
  std::vector<double> rhos_, greatest_;  // Shapes [share].
  double spread_ = 0;
  double log_greatest_ = 0;  // ln of the greatest N D.
  std::vector<double> absolute_z_;
};

inline constexpr size_t kLeastCarryRuns = 8;

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_RESIDUAL_CARRY_H_
