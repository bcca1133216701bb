#include "core/advice/hyperparameters.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/intervals.h"
#include "core/law/registry.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

absl::StatusOr<const Law*> LawOfHyperparameter(const Fit& fit) {
  if (!fit.identified()) return absl::FailedPreconditionError("the fit has no parameters");
  ASSIGN_OR_RETURN(const Law* law, FindLaw(fit.law));
  if (law->response() == Quantity::kLoss) {
    return absl::FailedPreconditionError(absl::StrFormat("hyperparameters need a fit of learning_rate or batch_size; this one is of %s", fit.law));
  }
  if (!fit.region || !fit.region->training_flops) return absl::FailedPreconditionError("the fit does not say which compute its runs had");
  return law;
}

LawInput InputOf(double parameter_count, double token_count) {
  LawInput input;
  input.log.fill(NAN);
  input.log[static_cast<int>(Quantity::kParameterCount)] = std::log(parameter_count);
  input.log[static_cast<int>(Quantity::kTokenCount)] = std::log(token_count);
  input.log[static_cast<int>(Quantity::kTrainingFlops)] = std::log(TrainingFlops(parameter_count, token_count));
  return input;
}

}  // namespace

absl::Status CheckHyperparameterFit(const Fit& fit) { return LawOfHyperparameter(fit).status(); }

absl::StatusOr<HyperparameterAdvice> AdviseHyperparameter(const Fit& fit, double parameter_count, double token_count) {
  if (!(parameter_count > 0 && token_count > 0) || !std::isfinite(parameter_count) || !std::isfinite(token_count)) {
    return absl::InvalidArgumentError(absl::StrFormat("parameter_count and token_count must be positive and finite, got %g and %g",
                                                      parameter_count, token_count));
  }
  ASSIGN_OR_RETURN(const Law* law, LawOfHyperparameter(fit));
  const LawInput input = InputOf(parameter_count, token_count);
  const auto value_at = [&](const std::vector<double>& values) {
    return std::exp(law->PredictLog(input, CoordinatesOf(*law, values), nullptr, nullptr));
  };
  std::vector<double> values;
  for (const std::vector<double>& replica : fit.replicas) values.push_back(value_at(replica));
  const double best = value_at(Estimates(fit));
  HyperparameterAdvice advice{.quantity = law->response(), .best = WithBounds(best, std::move(values))};
  advice.extrapolation_factor = RoundResult(TrainingFlops(parameter_count, token_count) / fit.region->training_flops->second);
  if (advice.extrapolation_factor > kGreatestExtrapolation) {
    advice.best.estimate.reset();
  } else if (fit.near_optimal) {
    advice.near_optimal = {RoundResult(best * fit.near_optimal->lower_factor), RoundResult(best * fit.near_optimal->upper_factor)};
  }
  return advice;
}

}  // namespace isoflop
