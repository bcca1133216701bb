#include "core/advice/residual_carry.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "absl/strings/str_format.h"
#include "core/fit/robust_spread.h"
#include "core/base/status.h"
#include "core/fit/drift.h"

namespace isoflop {
namespace {

constexpr double kHuberDelta = 0.02;     // Of log loss.
constexpr double kGreatestResidual = 4;  // In robust standard deviations.
constexpr double kRidge = 1e-6;          // A run's r(f)^2 below which nothing can be carried: (.1 %)^2.
constexpr double kGreatestRho = 1.2;
constexpr double kBeyondDeviation = 0.1; // Of what lies beyond: how far it may still move.
constexpr double kLeastSpread = 1e-5;    // Of log loss: no forecast is more certain, even of runs without noise.

// The residuals of runs under the laws of the others, with their leverages. Shapes [run_count].
struct LeftOut {
  std::vector<double> residuals, leverages;
};

absl::StatusOr<DesignFit> FitTo(const std::vector<CarryRun>& runs, const std::vector<double>& losses) {
  std::vector<Observation> observations;
  for (size_t i = 0; i < runs.size(); ++i) {
    observations.push_back({.parameter_count = runs[i].parameter_count, .token_count = runs[i].token_count, .loss_nats_per_token = losses[i]});
  }
  return FitForDesign("chinchilla", observations, kHuberDelta);
}

LeftOut LeaveOut(const DesignFit& law, const std::vector<CarryRun>& runs, const std::vector<double>& losses) {
  LeftOut left_out;
  for (size_t i = 0; i < runs.size(); ++i) {
    const double h = law.Leverage(runs[i].parameter_count, runs[i].token_count);
    left_out.leverages.push_back(h);
    left_out.residuals.push_back((std::log(losses[i]) - law.PredictLogLoss(runs[i].parameter_count, runs[i].token_count)) / (1 - h));
  }
  return left_out;
}

double Greatest(const std::vector<double>& residuals) { return kGreatestResidual * RobustSpread(residuals); }

std::vector<double> Clip(std::vector<double> residuals) {
  const double greatest = Greatest(residuals);
  for (double& residual : residuals) residual = std::clamp(residual, -greatest, greatest);
  return residuals;
}

double Slope(const std::vector<double>& so_far, const std::vector<double>& at_end) {
  double moment = 0, square = kRidge * static_cast<double>(so_far.size());
  for (size_t i = 0; i < so_far.size(); ++i) {
    moment += so_far[i] * at_end[i];
    square += so_far[i] * so_far[i];
  }
  return std::clamp(moment / square, 0.0, kGreatestRho);
}

}  // namespace

std::optional<std::vector<double>> LossesForCarry(const LossCurve& curve, double step) {
  std::vector<double> losses;
  for (double share : kCarryShares) {
    const std::optional<double> loss = LossAtStep(curve, share * step);
    if (!loss) return std::nullopt;
    losses.push_back(*loss);
  }
  return losses;
}

absl::StatusOr<ResidualCarry> ResidualCarry::Fit(const std::vector<CarryRun>& runs) {
  if (runs.size() < kLeastCarryRuns) {
    return absl::FailedPreconditionError(
        absl::StrFormat("runs must be at least %d to carry residuals, got %d", kLeastCarryRuns, runs.size()));
  }
  ResidualCarry carry;
  std::vector<double> losses;
  carry.log_greatest_ = -INFINITY;
  for (const CarryRun& run : runs) {
    losses.push_back(run.final_loss);
    carry.log_greatest_ = std::max(carry.log_greatest_, std::log(run.parameter_count * run.token_count));
  }
  ASSIGN_OR_RETURN(carry.law_at_end_, FitTo(runs, losses));
  const LeftOut at_end = LeaveOut(carry.law_at_end_, runs, losses);
  std::vector<double> errors = at_end.residuals;
  const size_t share_count = runs.front().losses_so_far.size();
  for (size_t k = 0; k < share_count; ++k) {
    for (size_t i = 0; i < runs.size(); ++i) losses[i] = runs[i].losses_so_far[k];
    ASSIGN_OR_RETURN(carry.laws_so_far_.emplace_back(), FitTo(runs, losses));
    const LeftOut so_far = LeaveOut(carry.laws_so_far_.back(), runs, losses);
    carry.greatest_.push_back(Greatest(so_far.residuals));
    const double rho = carry.rhos_.emplace_back(Slope(Clip(so_far.residuals), Clip(at_end.residuals)));
    for (size_t i = 0; i < runs.size(); ++i) errors[i] -= rho * so_far.residuals[i] / static_cast<double>(share_count);
  }
  for (size_t i = 0; i < runs.size(); ++i) errors[i] *= std::sqrt(1 - at_end.leverages[i]);
  const double n = static_cast<double>(runs.size());
  carry.spread_ = std::max(kLeastSpread, RobustSpread(errors) * std::sqrt(n / (n - 1)));
  for (double error : errors) carry.absolute_z_.push_back(std::abs(error) / carry.spread_);
  return carry;
}

LogLossForecast ResidualCarry::Forecast(double parameter_count, double token_count, const std::vector<double>& losses_so_far) const {
  const double share = 1 / static_cast<double>(losses_so_far.size());
  double log_loss = law_at_end_.PredictLogLoss(parameter_count, token_count), beyond = 0, unseen = 0;
  for (size_t k = 0; k < losses_so_far.size(); ++k) {
    const double shift = std::log(losses_so_far[k]) - laws_so_far_[k].PredictLogLoss(parameter_count, token_count);
    const double usual = std::clamp(shift, -greatest_[k], greatest_[k]);
    log_loss += share * (rhos_[k] * usual + shift - usual);
    beyond += share * (shift - usual);
    unseen += share * std::max(0.0, 1 - rhos_[k]);
  }
  const double decades = std::max(0.0, (std::log(parameter_count * token_count) - log_greatest_) / std::numbers::ln10);
  const double of_law = std::hypot(spread_ * std::sqrt(1 + law_at_end_.Leverage(parameter_count, token_count)), unseen * kDriftPerDecade * decades);
  return {log_loss, std::hypot(of_law, kBeyondDeviation * beyond)};
}

}  // namespace isoflop
