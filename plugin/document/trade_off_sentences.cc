#include "plugin/document/trade_off_sentences.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/quantity/training_flops.h"
#include "plugin/document/tolerance_text.h"
#include "plugin/plot/number_text.h"

namespace isoflop {
namespace {

// Two significant digits without an exponent, such as 27 or 1.8.
std::string TwoDigits(double value) {
  if (value == 0 || !std::isfinite(value)) return absl::StrFormat("%g", value);
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 1);
  return absl::StrFormat("%.12g", std::round(value / unit) * unit);
}

std::string Count(double value) { return NumberText(value, NumberStyle::kCount); }
std::string Flops(double value) { return NumberText(value, NumberStyle::kFlops); }
std::string Percent(double share) { return absl::StrCat(TwoDigits(100 * share), " %"); }

std::string Range(const Interval& interval) {
  if (!interval.lower || !interval.upper) return "";
  return absl::StrCat(" [", TwoDigits(*interval.lower), ", ", TwoDigits(*interval.upper), "]");
}

const MarginRow* FindRow(const std::vector<MarginRow>& rows, const std::string& kind) {
  for (const MarginRow& row : rows) {
    if (row.kind == kind && row.loss_change.estimate) return &row;
  }
  return nullptr;
}

bool Overlap(const Interval& a, const Interval& b) {
  return !a.lower || !a.upper || !b.lower || !b.upper || (*a.lower <= *b.upper && *b.lower <= *a.upper);
}

// Prices of things that are not compute: worth having below what the same gain costs in compute.
std::string WorthSentence(const MarginRow& row) {
  const char* thing = row.kind == "unique_tokens" ? "1 % more unique tokens" : "Data worth 1 % more a token";
  if (row.worth_price) return absl::StrFormat(" %s is worth paying up to %s for.", thing, TwoDigits(*row.worth_price));
  if (row.worth_flops.estimate) return absl::StrFormat(" %s is worth %s FLOPs.", thing, Flops(*row.worth_flops.estimate));
  return "";
}

// Where the next percent goes; empty where that is not known.
std::string NextPercent(const std::vector<MarginRow>& rows) {
  const MarginRow *size = FindRow(rows, "parameters"), *tokens = FindRow(rows, "tokens");
  const char* name = "tokens";
  if (tokens == nullptr) {
    tokens = FindRow(rows, "epochs");
    name = "epochs";
  }
  if (size == nullptr || tokens == nullptr) return "";
  if (Overlap(size->loss_change, tokens->loss_change)) {
    return absl::StrFormat("1 %% more parameters and 1 %% more %s buy the same, as far as these runs tell.", name);
  }
  const double ratio = *tokens->loss_change.estimate / *size->loss_change.estimate;
  return absl::StrFormat("Spend the next percent on %s: it buys %sx what it buys in %s.", ratio > 1 ? name : "parameters",
                         TwoDigits(std::max(ratio, 1 / ratio)), ratio > 1 ? "parameters" : name);
}

std::string MarginSentence(const std::vector<MarginRow>& rows) {
  std::string text = NextPercent(rows);
  if (text.empty()) return text;
  for (const char* kind : {"unique_tokens", "better_data"}) {
    if (const MarginRow* row = FindRow(rows, kind)) absl::StrAppend(&text, WorthSentence(*row));
  }
  return text;
}

std::string NameOf(const Alternative& one) {
  return one.name.empty() ? absl::StrCat(Count(one.same_compute.parameter_count), " parameters") : one.name;
}

// Of a menu.
std::string MenuSentence(const TradeOffs& answer) {
  if (!answer.menu_best) return "";
  const Alternative& best = answer.alternatives[*answer.menu_best];
  std::vector<std::string> as_good;
  std::vector<double> given_up;
  for (const Alternative& one : answer.alternatives) {
    if (&one == &best || !one.above_menu_best.estimate) continue;
    if (one.as_good_as_menu_best) {
      as_good.push_back(NameOf(one));
    } else {
      given_up.push_back(*one.above_menu_best.estimate);
    }
  }
  std::string text = absl::StrCat("Of these, ", NameOf(best), " is best at ", Flops(answer.advice.budget_flops), " FLOPs.");
  if (!as_good.empty()) absl::StrAppend(&text, " As good, ", WithinText(answer.advice.tolerance), ": ", absl::StrJoin(as_good, ", "), ".");
  if (given_up.empty()) return text;
  const auto [least, most] = std::minmax_element(given_up.begin(), given_up.end());
  absl::StrAppend(&text, given_up.size() == 1 ? " The other gives up " : " The others give up ", TwoDigits(*least));
  if (given_up.size() > 1) absl::StrAppend(&text, " to ", TwoDigits(*most));
  return absl::StrCat(text, " nats/token.");
}

// "620 B tokens", of the quantity that is not fixed; empty where it is not known.
std::string OtherQuantity(const FixedChoice& choice, const WayToLoss& way) {
  const Interval& other = choice.parameter_count ? way.token_count : way.parameter_count;
  if (!other.estimate) return "";
  std::string text = Count(*other.estimate);
  if (other.lower && other.upper) absl::StrAppend(&text, " [", Count(*other.lower), ", ", Count(*other.upper), "]");
  return absl::StrCat(text, choice.parameter_count ? " tokens" : " parameters");
}

std::string FixedSentence(const FixedChoice& choice) {
  const std::string best = OtherQuantity(choice, choice.best);
  if (best.empty() || !choice.best.training_flops.estimate) return "";
  std::string text = absl::StrFormat("%s %s go best with %s, for %s FLOPs.", Count(choice.parameter_count ? *choice.parameter_count : *choice.token_count),
                                     choice.parameter_count ? "parameters" : "tokens", best, Flops(*choice.best.training_flops.estimate));
  if (!choice.target) return text;
  const std::string target = OtherQuantity(choice, *choice.target);
  return absl::StrCat(text, target.empty() ? " They do not reach the wanted loss within 100 times the largest run." : " The wanted loss takes ", target,
                      target.empty() ? "" : ".");
}

std::string ScaleUpSentence(const ScaleUpAdvice& advice) {
  if (!advice.parameter_factor.estimate || !advice.token_factor.estimate) return "";
  return absl::StrFormat("%gx the compute: %sx%s the parameters, %sx%s the tokens.", advice.compute_factor,
                         TwoDigits(*advice.parameter_factor.estimate), Range(advice.parameter_factor), TwoDigits(*advice.token_factor.estimate),
                         Range(advice.token_factor));
}

std::string MoreComputeSentence(const MoreCompute& answer) {
  if (!answer.new_data_over_bigger_model.estimate || !answer.second_epoch_over_new_data.estimate) return "";
  const double ratio = *answer.new_data_over_bigger_model.estimate;
  std::string text = "These runs do not settle whether new data or a bigger model buys more.";
  if (answer.decided && ratio > 1) {
    text = absl::StrFormat("This run is too big for its data: new data buys %sx%s what a bigger model buys.", TwoDigits(ratio),
                           Range(answer.new_data_over_bigger_model));
  } else if (answer.decided) {
    text = absl::StrFormat("This run is too small for its data: a bigger model buys %sx what new data buys.", TwoDigits(1 / ratio));
  }
  return absl::StrFormat("%s A second epoch is worth %s of new data.", text, Percent(*answer.second_epoch_over_new_data.estimate));
}

std::string StoppingSentence(const StoppingAdvice& advice, const std::optional<AsGoodTolerance>& tolerance) {
  if (!advice.excess_over_converged.estimate) return "";
  std::string text = absl::StrFormat("Stop %s above the loss of endless training.", Percent(*advice.excess_over_converged.estimate));
  if (advice.longest_over_best.estimate) {
    absl::StrAppendFormat(&text, " %s parameters still pay up to %sx their best tokens, %s.", Count(advice.parameter_count),
                          TwoDigits(*advice.longest_over_best.estimate), WithinText(tolerance));
  }
  if (advice.restart_compute_factor.estimate) {
    absl::StrAppendFormat(&text, " From %sx the run's compute on top, a fresh run of the best size does better.",
                          TwoDigits(*advice.restart_compute_factor.estimate));
  }
  return text;
}

std::string TargetSentence(const LossTarget& target) {
  if (!target.reachable) return target.reason;
  const WayToLoss& way = target.least_price ? *target.least_price : target.least_compute;
  if (!way.training_flops.estimate) return "That loss lies more than 100 times past the largest run: only the band is given.";
  std::string text = absl::StrFormat("Loss %.4g costs %s FLOPs at the least%s: %s parameters on %s tokens", target.loss_nats_per_token,
                                     Flops(*way.training_flops.estimate), target.least_price ? " price" : "", Count(*way.parameter_count.estimate),
                                     Count(*way.token_count.estimate));
  if (way.cost.days) absl::StrAppendFormat(&text, ", %s days", TwoDigits(*way.cost.days));
  if (target.price.estimate) absl::StrAppendFormat(&text, ", %s with data", TwoDigits(*target.price.estimate));
  absl::StrAppend(&text, ".");
  if (target.data_suffices == false) absl::StrAppend(&text, " That is more than the unique tokens there are.");
  return text;
}

std::string DataLimitedSentence(const DataLimited& answer) {
  if (!answer.parameter_count.estimate || !answer.epoch_count.estimate || !answer.loss_given_up.estimate) return "";
  if (*answer.epoch_count.estimate <= 1) return absl::StrFormat("%s unique tokens are enough: no epoch repeats.", Count(answer.unique_token_count));
  std::string text = absl::StrFormat("%s unique tokens: train %s parameters for %s%s epochs; the loss is %.2g above that of unlimited data.",
                                     Count(answer.unique_token_count), Count(*answer.parameter_count.estimate),
                                     TwoDigits(*answer.epoch_count.estimate), Range(answer.epoch_count), *answer.loss_given_up.estimate);
  if (answer.break_even_price_per_billion_tokens.estimate) {
    absl::StrAppendFormat(&text, " New data is worth up to %s per 1 B tokens.", TwoDigits(*answer.break_even_price_per_billion_tokens.estimate));
  }
  if (answer.stronger_weight_decay) {
    absl::StrAppend(&text, " Past 4 epochs tune the weight decay: the best grew to 30 times the usual on repeated data (Kim et al. 2025, "
                           "arXiv:2509.14786).");
  }
  return text;
}

std::string ServingSentence(const ServingChoice& choice) {
  if (!choice.parameter_count.estimate || !choice.saved_share.estimate) return "";
  return absl::StrFormat("To serve %s tokens at loss %.4g: %s parameters on %s tokens, which saves %s of the life's FLOPs.",
                         Count(choice.served_token_count), choice.loss_nats_per_token, Count(*choice.parameter_count.estimate),
                         Count(*choice.token_count.estimate), Percent(*choice.saved_share.estimate));
}

// What trusting large runs more makes of each part, after "Trusting large runs more:".

std::string OtherMargin(const TradeOffParts& other) {
  const std::string text = NextPercent(other.margin);
  return text.empty() ? "" : absl::StrCat(std::string(1, static_cast<char>(std::tolower(text[0]))), text.substr(1));
}

std::string OtherMenu(const TradeOffParts& other) { return absl::StrCat(NameOf(other.alternatives[*other.menu_best]), " is best."); }

std::string OtherFixed(const TradeOffParts& other) {
  const std::string best = OtherQuantity(*other.fixed, other.fixed->best);
  return best.empty() ? "" : absl::StrCat(best, ".");
}

std::string OtherScaleUp(const TradeOffParts& other) {
  if (!other.scale_up->parameter_factor.estimate || !other.scale_up->token_factor.estimate) return "";
  return absl::StrFormat("%sx the parameters, %sx the tokens.", TwoDigits(*other.scale_up->parameter_factor.estimate),
                         TwoDigits(*other.scale_up->token_factor.estimate));
}

std::string OtherMoreCompute(const TradeOffParts& other) {
  if (!other.more_compute->new_data_over_bigger_model.estimate) return "";
  return absl::StrFormat("new data buys %sx what a bigger model buys%s.", TwoDigits(*other.more_compute->new_data_over_bigger_model.estimate),
                         other.more_compute->decided ? "" : ", which is not settled");
}

std::string OtherStopping(const TradeOffParts& other) {
  if (!other.stopping->excess_over_converged.estimate || !other.stopping->longest_over_best.estimate) return "";
  return absl::StrFormat("%s above, and up to %sx the best tokens.", Percent(*other.stopping->excess_over_converged.estimate),
                         TwoDigits(*other.stopping->longest_over_best.estimate));
}

std::string OtherTarget(const TradeOffParts& other) {
  if (!other.target->reachable) return other.target->reason;
  const WayToLoss& way = other.target->least_price ? *other.target->least_price : other.target->least_compute;
  if (!way.training_flops.estimate) return "that loss lies more than 100 times past the largest run.";
  return absl::StrFormat("%s FLOPs, %s parameters on %s tokens.", Flops(*way.training_flops.estimate), Count(*way.parameter_count.estimate),
                         Count(*way.token_count.estimate));
}

std::string OtherDataLimited(const TradeOffParts& other) {
  const DataLimited& answer = *other.data_limited;
  if (!answer.parameter_count.estimate || !answer.epoch_count.estimate) return "";
  return absl::StrFormat("%s parameters for %s epochs.", Count(*answer.parameter_count.estimate), TwoDigits(*answer.epoch_count.estimate));
}

std::string OtherServing(const TradeOffParts& other) {
  if (!other.serving->parameter_count.estimate) return "";
  return absl::StrFormat("%s parameters on %s tokens.", Count(*other.serving->parameter_count.estimate), Count(*other.serving->token_count.estimate));
}

// Whether a run of these FLOPs is past the largest one that the law knows.
bool PastRuns(const Advice& advice, const std::optional<double>& flops) {
  return !flops || *flops * advice.extrapolation_factor > advice.budget_flops;
}

template <typename Part>
std::string Say(const std::optional<Part>& part, std::string (*sentence)(const Part&)) {
  return part ? sentence(*part) : "";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> TradeOffSentences(const TradeOffs& answer) {
  const auto with = [&](const std::string& text, bool past_runs, std::string (*other)(const TradeOffParts&)) {
    if (text.empty() || !past_runs || !answer.drift_weighted) return text;
    const std::string addition = other(*answer.drift_weighted);
    return addition.empty() ? text : absl::StrCat(text, " Trusting large runs more: ", addition);
  };
  const Advice& advice = answer.advice;
  const bool past = PastRuns(advice, advice.budget_flops);
  const bool more_past = answer.more_compute && PastRuns(advice, answer.more_compute->compute_factor * TrainingFlops(answer.more_compute->parameter_count,
                                                                                                                    answer.more_compute->token_count));
  const bool target_past = answer.target && PastRuns(advice, answer.target->least_compute.training_flops.estimate);
  const bool serving_past = answer.serving && PastRuns(advice, answer.serving->training_flops.estimate);
  std::vector<std::pair<std::string, std::string>> sentences = {
      {"margin", with(MarginSentence(answer.margin), past, OtherMargin)},
      {"scale_up", with(Say(answer.scale_up, ScaleUpSentence), answer.scale_up && PastRuns(advice, answer.scale_up->compute_factor * advice.budget_flops), OtherScaleUp)},
      {"more_compute", with(Say(answer.more_compute, MoreComputeSentence), more_past, OtherMoreCompute)},
      {"stopping", with(answer.stopping ? StoppingSentence(*answer.stopping, advice.tolerance) : "", past, OtherStopping)},
      {"target", with(Say(answer.target, TargetSentence), target_past, OtherTarget)},
      {"data_limited", with(Say(answer.data_limited, DataLimitedSentence), past, OtherDataLimited)},
      {"serving", with(Say(answer.serving, ServingSentence), serving_past, OtherServing)}};
  if (answer.menu_best) sentences.emplace_back("alternatives", with(MenuSentence(answer), past, OtherMenu));
  if (answer.fixed) {
    sentences.emplace_back("fixed", with(FixedSentence(*answer.fixed), PastRuns(advice, answer.fixed->best.training_flops.estimate), OtherFixed));
  }
  return sentences;
}

}  // namespace isoflop
