#include "core/check/edit.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/base/significant_digits.h"
#include "core/check/amount_text.h"
#include "core/check/plan_cost.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

FieldEdit TokenEdit(const RunQuestion& q, double token_count) {
  const PlannedRun& run = q.run;
  if (run.step_count && run.batch_token_count && SourceOf(run, "token_count").derived) {
    return {"step_count", run.step_count, {.estimate = std::round(token_count / *run.batch_token_count)}};
  }
  return {"token_count", run.token_count, {.estimate = token_count}};
}

std::optional<double> Less(const std::optional<double>& before, const std::optional<double>& after) {
  if (!before || !after) return std::nullopt;
  return RoundResult(*before - *after);
}

std::optional<double> LossChange(const std::optional<JudgedLaw>& law, const RunShape& before, const RunShape& after) {
  if (!law) return std::nullopt;
  return RoundResult(law->LossOf(after) - law->LossOf(before));
}

EditEffect EffectOf(const RunQuestion& q, const OptimalSplit& split) {
  const RunCheck& check = q.check;
  const RunShape before = {*check.parameter_count, *check.token_count, q.run.cost_model.unique_token_count, q.run.cost_model.served_token_count};
  RunShape after = before;
  after.parameter_count = split.parameter_count;
  after.token_count = split.token_count;
  // A plan's own FLOPs stay in the same proportion to 6 N D.
  const double flops = *check.training_flops * TrainingFlops(after.parameter_count, after.token_count) / TrainingFlops(before.parameter_count, before.token_count);
  EditEffect effect{.training_flops = RoundResult(*check.training_flops - flops), .training_flops_share = RoundResult(1 - flops / *check.training_flops)};
  if (before.served_token_count) {
    const RunPrices prices{.served_token_count = *before.served_token_count};
    const double life_before = ComputeBill(prices, before.parameter_count, before.token_count).total();
    const double life_after = ComputeBill(prices, after.parameter_count, after.token_count).total();
    effect.life_flops = RoundResult(life_before - life_after);
    effect.life_flops_share = RoundResult(1 - life_after / life_before);
  }
  PlannedRun edited = q.run;
  edited.token_count = split.token_count;
  const RunCost cost = CostOfPlan(edited, split.parameter_count, flops);
  effect.price = Less(check.cost.total_price, cost.total_price);
  effect.days = Less(check.cost.days, cost.days);
  if (check.fitted) {
    effect.loss_change = LossChange(q.evidence.law(), before, after);
    effect.drift_weighted_loss_change = LossChange(q.evidence.drift_weighted(), before, after);
  }
  return effect;
}

std::string ChangeText(const FieldEdit& edit) {
  return absl::StrCat(edit.field, " ", edit.from ? CountText(*edit.from) : "", " → ", CountText(*edit.to.estimate), BoundsText(edit.to, CountText));
}

std::string LossChangeText(double change) {
  if (std::abs(change) < 5e-4) return "the same loss";
  return absl::StrFormat("%s nats/token %s", LossText(std::abs(change)), change > 0 ? "more" : "less");
}

std::string Amounts(const EditEffect& effect) {
  std::vector<std::string> parts = {absl::StrCat(FlopsText(std::abs(*effect.training_flops)), " FLOPs")};
  if (effect.price) parts.push_back(absl::StrCat(PlainText(std::abs(*effect.price)), " of money"));
  if (effect.days) parts.push_back(absl::StrCat(PlainText(std::abs(*effect.days)), " days"));
  return absl::StrJoin(parts, ", ");
}

std::string SentenceOf(const SuggestedEdit& edit) {
  std::vector<std::string> changes;
  for (const FieldEdit& change : edit.changes) changes.push_back(ChangeText(change));
  const EditEffect& effect = edit.effect;
  const double share = *effect.training_flops_share;
  std::string text = absl::StrCat(absl::StrJoin(changes, ", "), ": ", effect.loss_change ? LossChangeText(*effect.loss_change) + " for " : "",
                                  ShareText(std::abs(share)), share >= 0 ? " less" : " more", " compute (", Amounts(effect), ")");
  if (effect.life_flops_share) absl::StrAppend(&text, ", ", ShareText(*effect.life_flops_share), " fewer FLOPs with serving");
  return text + ".";
}

}  // namespace

std::optional<SuggestedEdit> EditTokens(const RunQuestion& q, double token_count) {
  if (!q.check.parameter_count || !q.check.token_count || !q.check.training_flops) return std::nullopt;
  const double tokens = ForPlan(token_count);
  SuggestedEdit edit{.changes = {TokenEdit(q, tokens)}, .effect = EffectOf(q, {*q.check.parameter_count, tokens})};
  edit.sentence = SentenceOf(edit);
  return edit;
}

SuggestedEdit EditSplit(const RunQuestion& q, const OptimalSplit& split, const Interval& bounds) {
  const OptimalSplit rounded = {ForPlan(split.parameter_count), ForPlan(split.token_count)};
  SuggestedEdit edit{.changes = {{"parameter_count", q.check.parameter_count, {rounded.parameter_count, bounds.lower, bounds.upper}}, TokenEdit(q, rounded.token_count)},
                     .effect = EffectOf(q, rounded)};
  edit.sentence = SentenceOf(edit);
  return edit;
}

SuggestedEdit EditField(std::string field, double from, const Interval& to, std::string sentence) {
  return {.changes = {{std::move(field), from, to}}, .effect = {}, .sentence = std::move(sentence)};
}

}  // namespace isoflop
