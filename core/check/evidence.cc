#include "core/check/evidence.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/advice/allocation.h"
#include "core/advice/next_runs_advice.h"
#include "core/fit/fitted_runs.h"

namespace isoflop {
namespace {

std::optional<JudgedLaw> LawOrNothing(absl::StatusOr<JudgedLaw> law) {
  return law.ok() ? std::optional(*std::move(law)) : std::nullopt;
}

std::vector<std::string> DistrustOf(const Fit& fit, const absl::Status& law) {
  std::vector<std::string> reasons;
  for (const Diagnostic& diagnostic : fit.diagnostics) {
    if (diagnostic.severity == Severity::kError) reasons.push_back(absl::StrCat(diagnostic.code, ": ", diagnostic.message, " ", diagnostic.fix));
  }
  if (reasons.empty() && !law.ok()) reasons.emplace_back(law.message());
  return reasons;
}

std::optional<std::pair<double, double>> RatiosOf(const std::vector<FittedRun>& runs) {
  std::optional<std::pair<double, double>> range;
  for (const FittedRun& run : runs) {
    if (!run.parameter_count || !run.token_count) continue;
    const double ratio = *run.token_count / *run.parameter_count;
    if (!range) range = {ratio, ratio};
    range = {std::min(range->first, ratio), std::max(range->second, ratio)};
  }
  return range;
}

}  // namespace

Evidence::Evidence(const Fit& fit, std::vector<const Fit*> hyperparameter_fits)
    : fit_(fit), hyperparameter_fits_(std::move(hyperparameter_fits)), ratios_(RatiosOf(fit.runs)) {
  absl::StatusOr<JudgedLaw> law = JudgedLaw::Of(fit);
  distrust_ = DistrustOf(fit, law.status());
  law_ = LawOrNothing(std::move(law));
  if (law_ && fit.drift_weighted) drift_weighted_ = LawOrNothing(JudgedLaw::Of(DriftWeightedFit(fit)));
}

const std::optional<Evidence::Design>& Evidence::design() const {
  if (designed_) return design_;
  designed_ = true;
  if (fit_.runs.size() < kLeastPlannedRuns || !fit_.region || !fit_.region->training_flops) return design_;
  absl::StatusOr<DesignFit> fit = FitForDesign(fit_.law, ObservationsOf(fit_.runs));
  if (!fit.ok()) return design_;
  absl::StatusOr<DesignTarget> target = DesignTarget::At(*fit, kUsualDesignTarget * fit_.region->training_flops->second);
  if (target.ok()) design_ = Design{*std::move(fit), *std::move(target)};
  return design_;
}

std::optional<double> Evidence::Narrowing(double parameter_count, double token_count) const {
  if (!design()) return std::nullopt;
  const DesignFit& fit = design()->fit;
  const FreeMatrix after = CovarianceWithRun(fit.covariance, fit.LossGradient(parameter_count, token_count), fit.log_loss_variance);
  return 1 - design()->target.LogLossDeviation(after) / design()->target.LogLossDeviation(fit.covariance);
}

}  // namespace isoflop
