#include "core/advice/law_ensemble.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/advice/as_good.h"
#include "core/advice/loss_at.h"
#include "core/advice/predictive_interval.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/intervals.h"
#include "core/law/data_constrained.h"
#include "core/law/law.h"
#include "core/law/published.h"

namespace isoflop {
namespace {

RepeatedDataLaw LawOfValues(const Law& law, const std::vector<double>& values, bool repetition_fitted) {
  RepeatedDataLaw repeated = {.base = *law.SplitEquivalent(values), .token_repetition_scale = muennighoff::kTokenRepetitionScale};
  if (repetition_fitted) {
    repeated.token_repetition_scale = values[DataConstrained::kRd];
    repeated.parameter_repetition_scale = values[DataConstrained::kRn];
  }
  return repeated;
}

}  // namespace

absl::StatusOr<LawEnsemble> MakeLawEnsemble(const Fit& fit) {
  ASSIGN_OR_RETURN(const Law* law, LawInSizeAndTokens(fit));
  const bool repetition_fitted = fit.law == "data_constrained";
  if (!repetition_fitted && !(law->additive_form() && law->additive_form()->second)) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "trade-offs need a law of the form E + A / N^alpha + B / D^beta (chinchilla, chinchilla_symmetric, data_constrained); the fit is of %s",
        fit.law));
  }
  if (!AllocationOf(fit)) return absl::FailedPreconditionError(absl::StrFormat("%s with these parameters has no best split of compute", fit.law));
  LawEnsemble ensemble{.estimate = LawOfValues(*law, Estimates(fit), repetition_fitted),
                       .repetition_fitted = repetition_fitted,
                       .log_loss_standard_deviation = fit.log_loss_standard_deviation.value_or(0),
                       .as_good_log_loss = AsGoodLogLoss(fit),
                       .greatest_training_flops = fit.region->training_flops->second};
  for (const std::vector<double>& replica : fit.replicas) ensemble.replicas.push_back(LawOfValues(*law, replica, repetition_fitted));
  return ensemble;
}

LawEnsemble WithFadingSizes(LawEnsemble ensemble) {
  if (ensemble.repetition_fitted) return ensemble;
  ensemble.estimate.parameter_repetition_scale = muennighoff::kParameterRepetitionScale;
  for (RepeatedDataLaw& replica : ensemble.replicas) replica.parameter_repetition_scale = muennighoff::kParameterRepetitionScale;
  return ensemble;
}

std::string RepetitionSource(const LawEnsemble& ensemble) {
  if (ensemble.repetition_fitted) return "R_D and R_N fitted to this study's own repeated runs";
  return absl::StrFormat("published R_D %g and R_N %g (Muennighoff et al. 2023, arXiv:2305.16264), as this law has none of its own; "
                         "intervals leave out the doubt in these two",
                         muennighoff::kTokenRepetitionScale, muennighoff::kParameterRepetitionScale);
}

Interval IntervalOf(const LawEnsemble& ensemble, double training_flops, const Figure& figure) {
  std::vector<double> values;
  values.reserve(ensemble.replicas.size());
  for (const RepeatedDataLaw& replica : ensemble.replicas) values.push_back(figure(replica));
  Interval interval = WithBounds(figure(ensemble.estimate), std::move(values));
  if (training_flops > kGreatestExtrapolation * ensemble.greatest_training_flops) interval.estimate.reset();
  return interval;
}

Interval NewRunLossOf(const LawEnsemble& ensemble, double training_flops, const Figure& loss) {
  Interval interval = IntervalOf(ensemble, training_flops, loss);
  if (ensemble.replicas.empty()) return interval;
  std::vector<double> losses;
  losses.reserve(ensemble.replicas.size());
  for (const RepeatedDataLaw& replica : ensemble.replicas) losses.push_back(loss(replica));
  const auto [lower, upper] = NewRunInterval(losses, ensemble.log_loss_standard_deviation);
  interval.lower = std::isfinite(lower) ? std::optional(RoundResult(lower)) : std::nullopt;
  interval.upper = std::isfinite(upper) ? std::optional(RoundResult(upper)) : std::nullopt;
  return interval;
}

bool WithinNoise(const LawEnsemble& ensemble, double loss_nats_per_token, double difference) {
  return std::abs(difference) <= ensemble.log_loss_standard_deviation * loss_nats_per_token;
}

bool IsAsGood(const LawEnsemble& ensemble, double loss_nats_per_token, double best_loss_nats_per_token) {
  return std::log(loss_nats_per_token / best_loss_nats_per_token) <= ensemble.as_good_log_loss;
}

}  // namespace isoflop
