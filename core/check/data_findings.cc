#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "core/advice/next_runs_advice.h"
#include "core/base/significant_digits.h"
#include "core/check/amount_text.h"
#include "core/check/edit.h"
#include "core/check/run_question.h"

namespace isoflop {
namespace {

void FindManyEpochs(const RunQuestion& q, double epochs) {
  const std::optional<double> limit = q.options.policy.limit(FindingCode::kRepeatedData, "epoch_count");
  if (!limit || epochs <= *limit) return;
  const double unique = *q.run.cost_model.unique_token_count;
  q.Add({.code = FindingCode::kRepeatedData,
         .field = "token_count",
         .message = absl::StrFormat("%s tokens of %s unique ones are %s epochs (limit %s).", CountText(*q.check.token_count), CountText(unique), PlainText(epochs),
                                    PlainText(*limit)),
         .reason = "Up to four epochs, repeats are about as good as new tokens; after that each epoch teaches less (Muennighoff et al. 2023).",
         .limit_name = "epoch_count",
         .limit = *limit,
         .measures = {{.name = "epoch_count", .unit = "epochs", .value = {.estimate = RoundResult(epochs)}}},
         .edit = EditTokens(q, *limit * unique)});
}

void FindWorthlessRepeats(const RunQuestion& q, double epochs) {
  const std::optional<double> limit = q.options.policy.limit(FindingCode::kRepeatsWorthless, "last_epoch_loss_of_worth");
  const std::optional<JudgedLaw>& law = q.evidence.law();
  if (!limit || !law || !q.check.parameter_count) return;
  const double unique = *q.run.cost_model.unique_token_count;
  const Interval worth = law->WorthOfLastEpoch({.parameter_count = *q.check.parameter_count, .token_count = *q.check.token_count, .unique_token_count = unique});
  if (!worth.estimate || 1 - *worth.estimate <= *limit) return;
  Interval lost{.estimate = RoundResult(1 - *worth.estimate)};
  if (worth.lower && worth.upper) {
    lost.lower = RoundResult(1 - *worth.upper);
    lost.upper = RoundResult(1 - *worth.lower);
  }
  const double most_epochs = 1 + (epochs - 1) * std::log(1 - *limit) / std::log(*worth.estimate);
  q.Add({.code = FindingCode::kRepeatsWorthless,
         .field = "token_count",
         .message = absl::StrFormat("A token of the last of %s epochs is worth %s%s less than a new one (limit %s).", PlainText(epochs), ShareText(*lost.estimate),
                                    BoundsText(lost, ShareText), ShareText(*limit)),
         .reason = absl::StrFormat("By %s.", RepetitionSource(law->ensemble())),
         .limit_name = "last_epoch_loss_of_worth",
         .limit = *limit,
         .measures = {{.name = "last_epoch_loss_of_worth", .unit = "of a new token's worth", .law = "fitted", .value = lost}},
         .edit = EditTokens(q, most_epochs * unique)});
}

double Distance(double a, double b) { return std::abs(a / b - 1); }

void FindDuplicate(const RunQuestion& q) {
  const std::optional<double> limit = q.options.policy.limit(FindingCode::kDuplicateRun, "distance");
  if (!limit) return;
  const FittedRun* nearest = nullptr;
  double least = INFINITY;
  for (const FittedRun& run : q.evidence.fit().runs) {
    if (!run.parameter_count || !run.token_count) continue;
    const double distance = std::max(Distance(*q.check.parameter_count, *run.parameter_count), Distance(*q.check.token_count, *run.token_count));
    if (distance >= least) continue;
    least = distance;
    nearest = &run;
  }
  if (nearest == nullptr || least > *limit) return;
  q.Add({.code = FindingCode::kDuplicateRun,
         .field = "parameter_count",
         .message = absl::StrFormat("A finished run has %s parameters and %s tokens%s.", CountText(*nearest->parameter_count), CountText(*nearest->token_count),
                                    nearest->loss_nats_per_token ? absl::StrFormat(", and reached %s nats/token", LossText(*nearest->loss_nats_per_token)) : ""),
         .reason = "A second run of the same size and tokens shows only how far runs scatter; learning rate, batch and data are not compared.",
         .limit_name = "distance",
         .limit = *limit,
         .measures = {{.name = "distance", .unit = "in N and in D", .value = {.estimate = RoundResult(least)}}}});
}

void FindNoInformation(const RunQuestion& q) {
  const std::optional<double> limit = q.options.policy.limit(FindingCode::kNoInformation, "narrowing");
  const std::optional<Region>& region = q.evidence.fit().region;
  if (!limit || q.options.policy.severity(FindingCode::kNoInformation) == FindingSeverity::kOff) return;
  if (!region || !region->training_flops || !q.check.training_flops) return;
  if (*q.check.training_flops > region->training_flops->second && !q.run.for_evidence) return;
  const std::optional<double> narrowing = q.evidence.Narrowing(*q.check.parameter_count, *q.check.token_count);
  if (!narrowing || *narrowing >= *limit) return;
  q.Add({.code = FindingCode::kNoInformation,
         .field = "parameter_count",
         .message = absl::StrFormat("The run takes %s of the interval of the loss at %s FLOPs away (limit: at least %s).", ShareText(*narrowing),
                                    FlopsText(kUsualDesignTarget * region->training_flops->second), ShareText(*limit)),
         .reason = q.run.for_evidence ? "By itself it teaches the law hardly anything."
                                      : "It is no larger than the largest run, so its loss is known beforehand, and the law gains hardly anything from it.",
         .limit_name = "narrowing",
         .limit = *limit,
         .measures = {{.name = "narrowing", .unit = "of the interval", .law = "fitted", .value = {.estimate = RoundResult(*narrowing)}}}});
}

}  // namespace

void FindRepeats(const RunQuestion& q) {
  if (!q.check.token_count || !q.run.cost_model.unique_token_count) return;
  const double epochs = *q.check.token_count / *q.run.cost_model.unique_token_count;
  FindManyEpochs(q, epochs);
  FindWorthlessRepeats(q, epochs);
}

void FindKnown(const RunQuestion& q) {
  if (!q.check.parameter_count || !q.check.token_count) return;
  FindDuplicate(q);
  if (q.check.fitted) FindNoInformation(q);
}

}  // namespace isoflop
