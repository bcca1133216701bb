#include "plugin/cli/trade_offs_table.h"

#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "plugin/cli/columns.h"
#include "plugin/document/trade_off_sentences.h"

namespace isoflop {
namespace {

std::string Digits(double value) { return absl::StrFormat("%.4g", value); }

std::string OptionalDigits(const std::optional<double>& value) { return value ? Digits(*value) : "-"; }

std::string WithBounds(const Interval& interval) {
  if (!interval.estimate && !interval.lower && !interval.upper) return "-";
  if (!interval.lower && !interval.upper) return OptionalDigits(interval.estimate);
  return absl::StrCat(OptionalDigits(interval.estimate), " [", OptionalDigits(interval.lower), ", ", OptionalDigits(interval.upper), "]");
}

std::string CostText(const RunCost& cost) {
  std::string text;
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (value) absl::StrAppend(&text, text.empty() ? "" : ", ", name, " ", Digits(*value));
  };
  add("days", cost.days);
  add("training", cost.training_price);
  add("of it electricity", cost.electricity_price);
  add("data", cost.data_price);
  add("serving", cost.serving_price);
  add("all", cost.total_price);
  return text;
}

std::string PlanText(const DescribedRun& run) {
  std::string text = Columns({{"N", "D", "D/N", "epochs", "FLOPs", "loss of a new run", "above the best", "worth, FLOPs", "wasted"},
                              {Digits(run.parameter_count), Digits(run.token_count), Digits(run.tokens_per_parameter), OptionalDigits(run.epoch_count),
                               Digits(run.training_flops), WithBounds(run.loss_nats_per_token), WithBounds(run.penalty_nats_per_token),
                               WithBounds(run.compute_equivalent), WithBounds(run.wasted_share)}});
  const std::string cost = CostText(run.cost);
  return cost.empty() ? text : absl::StrCat(text, "  Costs: ", cost, "\n");
}

std::string MarginText(const std::vector<MarginRow>& rows) {
  std::vector<std::vector<std::string>> cells = {
      {"a little more", "share", "loss change", "FLOPs", "price", "price of .01 less", "worth, FLOPs", "worth, price"}};
  for (const MarginRow& row : rows) {
    cells.push_back({row.kind, absl::StrFormat("%.3g %%", 100 * row.added_share), WithBounds(row.loss_change), Digits(row.added_flops),
                     OptionalDigits(row.added_price), OptionalDigits(row.price_per_hundredth), WithBounds(row.worth_flops),
                     OptionalDigits(row.worth_price)});
  }
  return Columns(cells);
}

std::string AlternativesText(const TradeOffParts& parts) {
  std::vector<std::vector<std::string>> cells = {
      {"N", "D at this compute", "epochs", "loss of a new run", "above the best", "D at the same loss", "epochs", "compute over the least"}};
  if (parts.menu_best) cells[0].insert(cells[0].begin(), {"name", "above the menu's best"});
  for (const Alternative& one : parts.alternatives) {
    const DescribedRun& run = one.same_compute;
    cells.push_back({Digits(run.parameter_count), Digits(run.token_count), OptionalDigits(run.epoch_count), WithBounds(run.loss_nats_per_token),
                     absl::StrCat(WithBounds(run.penalty_nats_per_token), run.as_good ? " as good" : ""),
                     WithBounds(one.same_loss_token_count), OptionalDigits(one.same_loss_epoch_count), WithBounds(one.same_loss_compute_factor)});
    if (!parts.menu_best) continue;
    const std::string above = absl::StrCat(WithBounds(one.above_menu_best), one.as_good_as_menu_best ? " as good" : "");
    cells.back().insert(cells.back().begin(), {one.name.empty() ? "-" : one.name, above});
  }
  return Columns(cells);
}

std::string MoreComputeText(const MoreCompute& answer) {
  std::vector<std::vector<std::string>> cells = {{"twice the compute on", "N", "D", "loss change"}};
  for (const ComputeOption& option : answer.options) {
    cells.push_back({option.kind, Digits(option.parameter_count), Digits(option.token_count), WithBounds(option.loss_change)});
  }
  return absl::StrCat(Columns(cells), "  ", answer.assumption, "\n");
}

std::string ScaleUpText(const ScaleUpAdvice& advice) {
  return Columns({{"times N", "times D", "times L - E", "loss of a new run", "compute that halves L - E"},
                  {WithBounds(advice.parameter_factor), WithBounds(advice.token_factor), WithBounds(advice.reducible_loss_factor),
                   WithBounds(advice.loss_nats_per_token), absl::StrCat("x ", WithBounds(advice.halving_compute_factor))}});
}

std::string StoppingText(const StoppingAdvice& advice) {
  return Columns({{"N", "D", "loss over endless training's", "alpha / beta", "D that still pays", "over D", "compute where a fresh run wins"},
                  {Digits(advice.parameter_count), Digits(advice.token_count), WithBounds(advice.excess_over_converged),
                   WithBounds(advice.reducible_excess), WithBounds(advice.longest_token_count), WithBounds(advice.longest_over_best),
                   absl::StrCat("x ", WithBounds(advice.restart_compute_factor))}});
}

std::string TargetText(const LossTarget& target) {
  if (!target.reachable) return "";
  std::vector<std::vector<std::string>> cells = {{"least", "N", "D", "FLOPs", "costs"}};
  const auto add = [&](const char* name, const WayToLoss& way) {
    cells.push_back({name, WithBounds(way.parameter_count), WithBounds(way.token_count), WithBounds(way.training_flops), CostText(way.cost)});
  };
  add("compute", target.least_compute);
  if (target.least_price) add("price", *target.least_price);
  return Columns(cells);
}

std::string FixedText(const FixedChoice& choice) {
  std::vector<std::vector<std::string>> cells = {{"with", "N", "D", "FLOPs", "loss of a new run", "costs"}};
  const auto add = [&](const char* name, const WayToLoss& way, const Interval& loss) {
    cells.push_back({name, WithBounds(way.parameter_count), WithBounds(way.token_count), WithBounds(way.training_flops), WithBounds(loss), CostText(way.cost)});
  };
  add("the best split", choice.best, choice.loss_nats_per_token);
  if (choice.target) add("the wanted loss", *choice.target, {});
  return Columns(cells);
}

std::string DataLimitedText(const DataLimited& answer) {
  std::vector<std::vector<std::string>> cells = {
      {"epochs", "N", "D", "loss of a new run"},
      {absl::StrCat("best: ", WithBounds(answer.epoch_count)), WithBounds(answer.parameter_count), WithBounds(answer.token_count),
       WithBounds(answer.loss_nats_per_token)}};
  for (const EpochChoice& choice : answer.choices) {
    cells.push_back({Digits(choice.epoch_count), Digits(choice.parameter_count), Digits(choice.token_count), WithBounds(choice.loss_nats_per_token)});
  }
  return absl::StrCat(Columns(cells), "  1 % more unique tokens ", WithBounds(answer.loss_per_percent_unique_tokens), ", 1 % more compute ",
                      WithBounds(answer.loss_per_percent_compute), "; a new token is worth ", WithBounds(answer.break_even_flops_per_token),
                      " FLOPs\n  By ", answer.source, ".\n");
}

std::string ServingText(const ServingChoice& choice) {
  return Columns({{"N", "D", "training, FLOPs", "life, FLOPs", "saved", "life, price"},
                  {WithBounds(choice.parameter_count), WithBounds(choice.token_count), WithBounds(choice.training_flops),
                   WithBounds(choice.life_flops), WithBounds(choice.saved_share), OptionalDigits(choice.life_price)}});
}

std::string HyperparametersText(const std::vector<HyperparameterAdvice>& hyperparameters) {
  std::vector<std::vector<std::string>> cells = {{"of the plan", "best", "within .25 % of the loss", "times the largest run"}};
  for (const HyperparameterAdvice& advice : hyperparameters) {
    const std::string band =
        advice.near_optimal ? absl::StrCat(Digits(advice.near_optimal->first), " to ", Digits(advice.near_optimal->second)) : "-";
    cells.push_back({std::string(QuantityName(advice.quantity)), WithBounds(advice.best), band, Digits(advice.extrapolation_factor)});
  }
  return Columns(cells);
}

// `sentences` by part; those that there are follow the titles.
std::string PartsText(const TradeOffParts& parts, std::map<std::string, std::string> sentences) {
  std::string text = absl::StrCat("The plan.\n", PlanText(*parts.plan));
  const auto add = [&](const char* part, const char* title, const std::string& table) {
    absl::StrAppend(&text, title, sentences[part].empty() ? "" : " ", sentences[part], "\n", table);
  };
  add("margin", "At the margin.", MarginText(parts.margin));
  add("alternatives", "Other sizes, at the same compute and at the same loss.", AlternativesText(parts));
  if (parts.fixed) add("fixed", "A fixed quantity.", FixedText(*parts.fixed));
  if (parts.scale_up) add("scale_up", "Scaling up.", ScaleUpText(*parts.scale_up));
  if (parts.more_compute) add("more_compute", "More compute for this run.", MoreComputeText(*parts.more_compute));
  if (parts.stopping) add("stopping", "Stopping.", StoppingText(*parts.stopping));
  if (parts.target) add("target", "A wanted loss.", TargetText(*parts.target));
  if (parts.data_limited) add("data_limited", "Limited data.", DataLimitedText(*parts.data_limited));
  if (parts.serving) add("serving", "Serving.", ServingText(*parts.serving));
  return text;
}

}  // namespace

std::string TradeOffsTable(const TradeOffs& answer) {
  const std::string budget = Digits(answer.advice.budget_flops);
  if (!answer.plan) return absl::StrCat("\nTrade-offs at ", budget, " FLOPs: too far past the runs to weigh any.\n");
  std::map<std::string, std::string> sentences;
  for (const auto& [part, text] : TradeOffSentences(answer)) sentences[part] = text;
  std::string text = absl::StrCat("\nTrade-offs at ", budget, " FLOPs\n", PartsText(answer, sentences));
  if (!answer.hyperparameters.empty()) absl::StrAppend(&text, "Hyperparameters.\n", HyperparametersText(answer.hyperparameters));
  if (!answer.drift_weighted) return text;
  return absl::StrCat(text, "\nThe same by the law that trusts large runs more, the better guide past the runs (weights sum to ",
                      Digits(answer.drift_weight_sum), " runs)\n", PartsText(*answer.drift_weighted, {}));
}

}  // namespace isoflop
