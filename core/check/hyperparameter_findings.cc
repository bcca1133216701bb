#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_format.h"
#include "core/advice/hyperparameters.h"
#include "core/base/significant_digits.h"
#include "core/check/amount_text.h"
#include "core/check/edit.h"
#include "core/check/run_question.h"

namespace isoflop {
namespace {

struct Knob {
  FindingCode code;
  std::string field;
  std::optional<double> value;  // The plan's.
  std::string (*text)(double);
};

Knob KnobOf(const PlannedRun& run, Quantity quantity) {
  if (quantity == Quantity::kLearningRate) return {FindingCode::kLearningRate, "learning_rate", run.learning_rate, PlainText};
  return {FindingCode::kBatchSize, "batch_token_count", run.batch_token_count, CountText};
}

void FindOff(const RunQuestion& q, const HyperparameterAdvice& advice) {
  const Knob knob = KnobOf(q.run, advice.quantity);
  const std::optional<double> limit = q.options.policy.limit(knob.code, "factor");
  if (!limit || !knob.value || !advice.best.estimate) return;
  const double best = *advice.best.estimate;
  const double least = advice.near_optimal ? advice.near_optimal->first : advice.best.lower.value_or(best);
  const double greatest = advice.near_optimal ? advice.near_optimal->second : advice.best.upper.value_or(best);
  const double factor = std::max(*knob.value / greatest, least / *knob.value);
  if (factor <= *limit) return;
  const Interval to{ForPlan(best), advice.best.lower, advice.best.upper};
  q.Add({.code = knob.code,
         .field = knob.field,
         .message = absl::StrFormat("%s is %s; the study's law predicts %s%s, and %s to %s %s (limit: %s times past).", knob.field, knob.text(*knob.value), knob.text(best),
                                    BoundsText(advice.best, knob.text), knob.text(least), knob.text(greatest),
                                    advice.near_optimal ? "cost at most .25 % of the loss" : "are its interval", PlainText(*limit)),
         .reason = absl::StrFormat("The run lies at %s times the compute of the largest run of that law.", PlainText(advice.extrapolation_factor)),
         .limit_name = "factor",
         .limit = *limit,
         .measures = {{.name = "factor", .unit = "times", .law = "fitted", .value = {.estimate = RoundResult(factor)}}},
         .edit = EditField(knob.field, *knob.value, to, absl::StrFormat("%s %s → %s%s.", knob.field, knob.text(*knob.value), knob.text(best), BoundsText(advice.best, knob.text)))});
}

}  // namespace

void FindOffHyperparameters(const RunQuestion& q) {
  if (!q.check.parameter_count || !q.check.token_count) return;
  for (const Fit* fit : q.evidence.hyperparameter_fits()) {
    const absl::StatusOr<HyperparameterAdvice> advice = AdviseHyperparameter(*fit, *q.check.parameter_count, *q.check.token_count);
    if (advice.ok()) FindOff(q, *advice);
  }
}

}  // namespace isoflop
