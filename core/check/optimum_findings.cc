#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/check/amount_text.h"
#include "core/check/edit.h"
#include "core/check/run_question.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

// One law's word on a run, with the figures that limits of the policy may be set on.
struct Word {
  std::string_view law;
  const Judgement* judgement;
  std::vector<Measure> measures;  // The share first.
};

Interval Scaled(const Interval& interval, double factor) {
  const auto scaled = [factor](const std::optional<double>& value) { return value ? std::optional(RoundResult(*value * factor)) : std::nullopt; };
  return {scaled(interval.estimate), scaled(interval.lower), scaled(interval.upper)};
}

Word WordOf(const RunQuestion& q, std::string_view law, const Judgement& judgement) {
  const CostModel& model = q.run.cost_model;
  const Interval& share = judgement.wasted_share;
  const double training = TrainingFlops(*q.check.parameter_count, *q.check.token_count);
  if (model.served_token_count) {
    const double life = ComputeBill({.served_token_count = *model.served_token_count}, *q.check.parameter_count, *q.check.token_count).total();
    return {law, &judgement, {{"wasted_share", "of the FLOPs of its life", law, share}, {"wasted_life_flops", "FLOPs", law, Scaled(share, life)}}};
  }
  Word word{law, &judgement, {{"wasted_share", "of the compute", law, share}, {"wasted_training_flops", "FLOPs", law, Scaled(share, training)}}};
  if (q.check.cost.training_price) word.measures.push_back({"wasted_price", "", law, Scaled(share, *q.check.cost.training_price)});
  word.measures.push_back({"loss_given_up", "nats/token", law, judgement.loss_given_up});
  return word;
}

// Whether every limit that is set lies below the figure's estimate, or below its whole interval.
bool Past(const RunQuestion& q, FindingCode code, const Word& word, bool whole) {
  bool any = false;
  for (const LimitInfo& info : InfoOf(code).limits) {
    const std::optional<double> limit = q.options.policy.limit(code, info.name);
    if (!limit) continue;
    any = true;
    const auto measure = std::find_if(word.measures.begin(), word.measures.end(), [&](const Measure& m) { return m.name == info.name; });
    if (measure == word.measures.end() || !measure->value.estimate) return false;
    if (!(*measure->value.estimate > *limit) || (whole && measure->value.lower && !(*measure->value.lower > *limit))) return false;
  }
  return any;
}

std::string SharesText(const std::vector<Word>& words) {
  const auto share = [](const Word& word) {
    return absl::StrCat(ShareText(*word.judgement->wasted_share.estimate), BoundsText(word.judgement->wasted_share, ShareText));
  };
  std::string text = share(words[0]);
  if (words.size() > 1) absl::StrAppend(&text, " by the fitted law, ", share(words[1]), " by the law that trusts large runs more");
  return text;
}

std::string_view LawText(const Word& word) { return word.law == "fitted" ? "the fitted law" : "the law that trusts large runs more"; }

std::string Reading(const RunQuestion& q, const Word& word) {
  const Judgement& judgement = *word.judgement;
  return absl::StrFormat("By %s, the plan's loss is %s%s nats/token, and %s parameters on %s tokens reach it for %s FLOPs%s.", LawText(word),
                         LossText(*judgement.loss_nats_per_token.estimate), BoundsText(judgement.loss_nats_per_token, LossText),
                         CountText(judgement.cheapest.parameter_count), CountText(judgement.cheapest.token_count), FlopsText(judgement.least_flops),
                         q.run.cost_model.served_token_count ? " of training and serving" : "");
}

std::string Reason(const RunQuestion& q, const Word& word) {
  const Judgement& judgement = *word.judgement;
  const double n = *q.check.parameter_count, best = judgement.cheapest.parameter_count;
  return absl::StrFormat(
      "%s parameters on %s tokens should reach %s%s nats/token; %s on %s reach the same for %s FLOPs%s. %s", CountText(n), CountText(*q.check.token_count),
      LossText(*judgement.loss_nats_per_token.estimate), BoundsText(judgement.loss_nats_per_token, LossText), CountText(best), CountText(judgement.cheapest.token_count),
      FlopsText(judgement.least_flops), q.run.cost_model.served_token_count ? " of training and serving" : "",
      best < n ? "It is too large for its tokens: shrink it and train longer." : "It is too small for its tokens: grow it and train shorter.");
}

}  // namespace

void FindOffOptimum(const RunQuestion& q) {
  const FindingCode code = q.run.cost_model.served_token_count ? FindingCode::kOffServingOptimum : FindingCode::kOffOptimum;
  std::vector<Word> words = {WordOf(q, "fitted", *q.check.fitted)};
  if (q.check.drift_weighted) words.push_back(WordOf(q, "drift_weighted", *q.check.drift_weighted));
  words.erase(std::remove_if(words.begin(), words.end(), [](const Word& word) { return !word.judgement->wasted_share.estimate; }), words.end());
  const auto past = std::find_if(words.begin(), words.end(), [&](const Word& word) { return Past(q, code, word, false); });
  if (past == words.end()) return;
  const bool settled = std::all_of(words.begin(), words.end(), [&](const Word& word) { return Past(q, code, word, true); });
  const std::optional<double> limit = q.options.policy.limit(code, "wasted_share");
  Finding finding{.code = settled ? code : FindingCode::kOptimumNotSettled,
                  .field = "parameter_count",
                  .limit_name = limit ? "wasted_share" : "",
                  .limit = limit,
                  .edit = EditSplit(q, past->judgement->cheapest, past->judgement->cheapest_parameter_count)};
  for (const Word& word : words) finding.measures.insert(finding.measures.end(), word.measures.begin(), word.measures.end());
  const std::string limit_text = limit ? absl::StrCat(" (limit ", ShareText(*limit), ")") : "";
  if (settled) {
    finding.message = absl::StrFormat("The same loss needs less %s: wasted are %s%s.", code == FindingCode::kOffOptimum ? "compute" : "over the model's life",
                                      SharesText(words), limit_text);
    finding.reason = Reason(q, *past);
  } else {
    finding.message = absl::StrFormat("The runs do not settle whether this plan is off the optimum: wasted are %s%s.", SharesText(words), limit_text);
    for (const Word& word : words) absl::StrAppend(&finding.reason, Reading(q, word), " ");
    const bool other_agrees = std::all_of(words.begin(), words.end(), [&](const Word& word) { return Past(q, code, word, false); });
    finding.reason += other_agrees ? "It is not settled, as an interval reaches below the limit." : "It is not settled, as only one of the two finds such waste.";
    finding.edit->sentence = absl::StrFormat("by %s, %s", LawText(*past), finding.edit->sentence);
  }
  q.Add(std::move(finding));
}

}  // namespace isoflop
