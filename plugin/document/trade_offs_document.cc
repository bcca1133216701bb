#include "plugin/document/trade_offs_document.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/significant_digits.h"
#include "plugin/document/documents.h"
#include "plugin/document/cost_document.h"
#include "plugin/document/json_values.h"
#include "plugin/document/trade_off_sentences.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

// The object of a part that may be absent.
template <typename Part, typename Write>
ordered_json OrNull(const std::optional<Part>& part, const Write& write) {
  return part ? ordered_json(write(*part)) : ordered_json(nullptr);
}

ordered_json TextOrNull(const std::string& text) { return text.empty() ? ordered_json(nullptr) : ordered_json(text); }

ordered_json NumbersOrNull(const std::vector<double>& values) { return values.empty() ? ordered_json(nullptr) : ordered_json(values); }

ordered_json MenuArray(const std::vector<MenuModel>& menu) {
  ordered_json array = nullptr;
  for (const MenuModel& model : menu) array.push_back({{"name", TextOrNull(model.name)}, {"parameter_count", OptionalNumber(model.parameter_count)}});
  return array;
}

ordered_json QuestionObject(const TradeOffsQuestion& question) {
  const CostModel& model = question.model;
  return {{"budget_flops", OptionalNumber(question.budget_flops)},
          {"bill", OptionalNumber(question.bill)},
          {"parameter_counts", NumbersOrNull(question.parameter_counts)},
          {"token_counts", NumbersOrNull(question.token_counts)},
          {"menu", MenuArray(question.menu)},
          {"greatest_token_count", OptionalNumber(question.greatest_token_count)},
          {"target_loss_nats_per_token", OptionalNumber(question.target_loss_nats_per_token)},
          {"gpu_count", OptionalNumber(model.gpu_count)},
          {"gpu_flops_per_sec", OptionalNumber(model.gpu_flops_per_sec)},
          {"utilisation", OptionalNumber(model.utilisation)},
          {"gpu_price_per_hour", OptionalNumber(model.gpu_price_per_hour)},
          {"gpu_power_kw", OptionalNumber(model.gpu_power_kw)},
          {"electricity_price_per_kwh", OptionalNumber(model.electricity_price_per_kwh)},
          {"price_per_billion_tokens", OptionalNumber(model.price_per_billion_tokens)},
          {"days", OptionalNumber(model.days)},
          {"unique_token_count", OptionalNumber(model.unique_token_count)},
          {"served_token_count", OptionalNumber(model.served_token_count)}};
}

// What a choice among sizes at one compute shows.
ordered_json SizeObject(const DescribedRun& run) {
  return {{"parameter_count", run.parameter_count},
          {"token_count", run.token_count},
          {"tokens_per_parameter", run.tokens_per_parameter},
          {"epoch_count", OptionalNumber(run.epoch_count)},
          {"loss_nats_per_token", IntervalObject(run.loss_nats_per_token)},
          {"penalty_nats_per_token", IntervalObject(run.penalty_nats_per_token)},
          {"within_noise", run.within_noise},
          {"as_good", run.as_good},
          {"total_price", OptionalNumber(run.cost.total_price)}};
}

ordered_json PlanObject(const DescribedRun& run) {
  ordered_json plan = SizeObject(run);
  plan.erase("total_price");
  plan["training_flops"] = run.training_flops;
  plan["compute_equivalent"] = IntervalObject(run.compute_equivalent);
  plan["wasted_share"] = IntervalObject(run.wasted_share);
  plan["cost"] = CostObject(run.cost);
  return plan;
}

ordered_json MarginArray(const std::vector<MarginRow>& rows) {
  ordered_json array = ordered_json::array();
  for (const MarginRow& row : rows) {
    array.push_back({{"kind", row.kind},
                     {"added_share", row.added_share},
                     {"loss_change", IntervalObject(row.loss_change)},
                     {"added_flops", row.added_flops},
                     {"added_price", OptionalNumber(row.added_price)},
                     {"price_per_hundredth", OptionalNumber(row.price_per_hundredth)},
                     {"worth_flops", IntervalObject(row.worth_flops)},
                     {"worth_price", OptionalNumber(row.worth_price)}});
  }
  return array;
}

ordered_json ScaleUpObject(const ScaleUpAdvice& advice) {
  return {{"compute_factor", advice.compute_factor},
          {"parameter_factor", IntervalObject(advice.parameter_factor)},
          {"token_factor", IntervalObject(advice.token_factor)},
          {"reducible_loss_factor", IntervalObject(advice.reducible_loss_factor)},
          {"loss_nats_per_token", IntervalObject(advice.loss_nats_per_token)},
          {"halving_compute_factor", IntervalObject(advice.halving_compute_factor)}};
}

ordered_json AlternativeArray(const TradeOffParts& parts) {
  ordered_json array = ordered_json::array();
  for (const Alternative& one : parts.alternatives) {
    ordered_json same_loss = {{"token_count", IntervalObject(one.same_loss_token_count)},
                              {"training_flops", IntervalObject(one.same_loss_training_flops)},
                              {"compute_factor", IntervalObject(one.same_loss_compute_factor)},
                              {"epoch_count", OptionalNumber(one.same_loss_epoch_count)},
                              {"days", OptionalNumber(one.same_loss_cost.days)},
                              {"total_price", OptionalNumber(one.same_loss_cost.total_price)}};
    array.push_back({{"same_compute", SizeObject(one.same_compute)}, {"same_loss", std::move(same_loss)}});
    if (!parts.menu_best) continue;
    array.back()["name"] = TextOrNull(one.name);
    array.back()["above_menu_best"] = IntervalObject(one.above_menu_best);
    array.back()["as_good_as_menu_best"] = one.as_good_as_menu_best;
  }
  return array;
}

ordered_json MoreComputeObject(const MoreCompute& answer, const NamedRun& run) {
  ordered_json options = ordered_json::array();
  for (const ComputeOption& option : answer.options) {
    options.push_back({{"kind", option.kind},
                       {"parameter_count", option.parameter_count},
                       {"token_count", option.token_count},
                       {"loss_change", IntervalObject(option.loss_change)}});
  }
  return {{"run_id", TextOrNull(run.run_id)},
          {"run_name", TextOrNull(run.run_name)},
          {"parameter_count", answer.parameter_count},
          {"token_count", answer.token_count},
          {"compute_factor", answer.compute_factor},
          {"options", std::move(options)},
          {"winner", answer.winner},
          {"decided", answer.decided},
          {"new_data_over_bigger_model", IntervalObject(answer.new_data_over_bigger_model)},
          {"second_epoch_over_new_data", IntervalObject(answer.second_epoch_over_new_data)},
          {"assumption", answer.assumption}};
}

ordered_json StoppingObject(const StoppingAdvice& advice) {
  return {{"parameter_count", advice.parameter_count},
          {"token_count", advice.token_count},
          {"excess_over_converged", IntervalObject(advice.excess_over_converged)},
          {"reducible_excess", IntervalObject(advice.reducible_excess)},
          {"longest_token_count", IntervalObject(advice.longest_token_count)},
          {"longest_over_best", IntervalObject(advice.longest_over_best)},
          {"restart_compute_factor", IntervalObject(advice.restart_compute_factor)}};
}

ordered_json WayObject(const WayToLoss& way) {
  return {{"parameter_count", IntervalObject(way.parameter_count)},
          {"token_count", IntervalObject(way.token_count)},
          {"training_flops", IntervalObject(way.training_flops)},
          {"cost", CostObject(way.cost)}};
}

ordered_json FixedObject(const FixedChoice& choice) {
  ordered_json object = {{"parameter_count", OptionalNumber(choice.parameter_count)},
                         {"token_count", OptionalNumber(choice.token_count)},
                         {"best", WayObject(choice.best)},
                         {"target", OrNull(choice.target, WayObject)}};
  object["best"]["loss_nats_per_token"] = IntervalObject(choice.loss_nats_per_token);
  return object;
}

ordered_json TargetObject(const LossTarget& target) {
  return {{"loss_nats_per_token", target.loss_nats_per_token},
          {"reachable", target.reachable},
          {"reason", TextOrNull(target.reason)},
          {"least_compute", WayObject(target.least_compute)},
          {"least_price", OrNull(target.least_price, WayObject)},
          {"price", IntervalObject(target.price)},
          {"data_suffices", target.data_suffices ? ordered_json(*target.data_suffices) : ordered_json(nullptr)}};
}

ordered_json DataLimitedObject(const DataLimited& answer) {
  ordered_json choices = ordered_json::array();
  for (const EpochChoice& choice : answer.choices) {
    choices.push_back({{"epoch_count", choice.epoch_count},
                       {"parameter_count", choice.parameter_count},
                       {"token_count", choice.token_count},
                       {"loss_nats_per_token", IntervalObject(choice.loss_nats_per_token)}});
  }
  return {{"unique_token_count", answer.unique_token_count},
          {"parameter_count", IntervalObject(answer.parameter_count)},
          {"token_count", IntervalObject(answer.token_count)},
          {"epoch_count", IntervalObject(answer.epoch_count)},
          {"loss_nats_per_token", IntervalObject(answer.loss_nats_per_token)},
          {"loss_given_up", IntervalObject(answer.loss_given_up)},
          {"loss_per_percent_unique_tokens", IntervalObject(answer.loss_per_percent_unique_tokens)},
          {"loss_per_percent_compute", IntervalObject(answer.loss_per_percent_compute)},
          {"break_even_price_per_billion_tokens", IntervalObject(answer.break_even_price_per_billion_tokens)},
          {"break_even_flops_per_token", IntervalObject(answer.break_even_flops_per_token)},
          {"choices", std::move(choices)},
          {"stronger_weight_decay", answer.stronger_weight_decay},
          {"source", answer.source}};
}

ordered_json ServingObject(const ServingChoice& choice) {
  return {{"loss_nats_per_token", choice.loss_nats_per_token},
          {"served_token_count", choice.served_token_count},
          {"parameter_count", IntervalObject(choice.parameter_count)},
          {"token_count", IntervalObject(choice.token_count)},
          {"training_flops", IntervalObject(choice.training_flops)},
          {"life_flops", IntervalObject(choice.life_flops)},
          {"saved_share", IntervalObject(choice.saved_share)},
          {"life_price", OptionalNumber(choice.life_price)}};
}

// What a page can show: four significant digits; all ten would double the bytes.
ordered_json WithFourDigits(const ordered_json& value) {
  if (value.is_number_float()) return RoundDrawn(value.get<double>(), 4);
  ordered_json rounded = value;
  for (ordered_json& member : rounded) {
    if (member.is_structured() || member.is_number_float()) member = WithFourDigits(member);
  }
  return rounded;
}

ordered_json HyperparametersObject(const std::vector<HyperparameterAdvice>& hyperparameters) {
  ordered_json object = nullptr;
  for (const HyperparameterAdvice& advice : hyperparameters) {
    ordered_json band = nullptr;
    if (advice.near_optimal) band = {{"lower", advice.near_optimal->first}, {"upper", advice.near_optimal->second}};
    object[std::string(QuantityName(advice.quantity))] = {
        {"best", IntervalObject(advice.best)}, {"near_optimal", std::move(band)}, {"extrapolation_factor", advice.extrapolation_factor}};
  }
  return object;
}

ordered_json PartsObject(const TradeOffParts& parts, const NamedRun& run) {
  return {{"plan", OrNull(parts.plan, PlanObject)},
          {"margin", MarginArray(parts.margin)},
          {"scale_up", OrNull(parts.scale_up, ScaleUpObject)},
          {"fixed", OrNull(parts.fixed, FixedObject)},
          {"alternatives", AlternativeArray(parts)},
          {"menu_best", parts.menu_best ? ordered_json(*parts.menu_best) : ordered_json(nullptr)},
          {"more_compute", OrNull(parts.more_compute, [&](const MoreCompute& more) { return MoreComputeObject(more, run); })},
          {"stopping", OrNull(parts.stopping, StoppingObject)},
          {"target", OrNull(parts.target, TargetObject)},
          {"data_limited", OrNull(parts.data_limited, DataLimitedObject)},
          {"serving", OrNull(parts.serving, ServingObject)}};
}

ordered_json DriftWeightedObject(const TradeOffs& answer, const NamedRun& run) {
  if (!answer.drift_weighted) return nullptr;
  ordered_json object = {{"weight_sum", answer.drift_weight_sum}};
  object.update(PartsObject(*answer.drift_weighted, run));
  return object;
}

}  // namespace

ordered_json TradeOffsObject(const TradeOffs& answer, const TradeOffsQuestion& question, const NamedRun& run) {
  ordered_json sentences;
  for (const auto& [part, text] : TradeOffSentences(answer)) sentences[part] = TextOrNull(text);
  ordered_json object = {{"question", QuestionObject(question)}, {"verdict", AdviceObject(answer.advice)}};
  object.update(PartsObject(answer, run));
  object["hyperparameters"] = HyperparametersObject(answer.hyperparameters);
  object["drift_weighted"] = DriftWeightedObject(answer, run);
  object["sentences"] = std::move(sentences);
  return object;
}

ordered_json TradeOffsDocument(const TradeOffs& answer, const TradeOffsQuestion& question, const NamedRun& run, const std::vector<NamedRun>& run_choices,
                               int64_t version) {
  ordered_json document = {{"schema_version", kSchemaVersion}, {"version", version}};
  ordered_json object = TradeOffsObject(answer, question, run);
  object.erase("verdict");
  object.erase("drift_weighted");
  for (const auto& [key, part] : object.items()) document[key] = key == "question" ? part : WithFourDigits(part);
  ordered_json& choices = document["run_choices"] = ordered_json::array();
  for (const NamedRun& choice : run_choices) choices.push_back({{"run_id", choice.run_id}, {"run_name", choice.run_name}});
  return document;
}

}  // namespace isoflop
