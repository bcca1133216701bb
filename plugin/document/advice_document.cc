#include "plugin/document/documents.h"
#include "plugin/document/json_values.h"

namespace isoflop {

using nlohmann::ordered_json;

namespace {

ordered_json DriftWeightedObject(const std::optional<DriftWeightedAnswer>& answer) {
  if (!answer) return nullptr;
  return {{"parameter_count", IntervalObject(answer->parameter_count)},
          {"token_count", IntervalObject(answer->token_count)},
          {"loss_nats_per_token", IntervalObject(answer->loss_nats_per_token)},
          {"tokens_per_parameter", OptionalNumber(answer->tokens_per_parameter)},
          {"weight_sum", answer->weight_sum}};
}

ordered_json ToleranceObject(const std::optional<AsGoodTolerance>& tolerance) {
  if (!tolerance) return nullptr;
  return {{"loss_share", tolerance->loss_share}, {"is_set", tolerance->is_set}};
}

}  // namespace

ordered_json AdviceObject(const Advice& advice) {
  ordered_json as_good = nullptr;
  if (advice.as_good_parameter_count) {
    as_good = {{"lower", advice.as_good_parameter_count->first}, {"upper", advice.as_good_parameter_count->second}};
  }
  ordered_json object;
  object["budget_flops"] = advice.budget_flops;
  object["convention"] = std::string(ParameterConventionName(advice.convention));
  object["parameter_count"] = IntervalObject(advice.parameter_count);
  object["token_count"] = IntervalObject(advice.token_count);
  object["as_good_parameter_count"] = std::move(as_good);
  object["tolerance"] = ToleranceObject(advice.tolerance);
  object["loss_nats_per_token"] = IntervalObject(advice.loss_nats_per_token);
  object["tokens_per_parameter"] = OptionalNumber(advice.tokens_per_parameter);
  object["extrapolation_factor"] = advice.extrapolation_factor;
  object["drift_weighted"] = DriftWeightedObject(advice.drift_weighted);
  object["diagnostics"] = DiagnosticArray(advice.diagnostics);
  return object;
}

ordered_json AdviceDocument(const std::vector<Advice>& advice) {
  ordered_json list = ordered_json::array();
  for (const Advice& one : advice) list.push_back(AdviceObject(one));
  return {{"schema_version", kSchemaVersion}, {"advice", std::move(list)}};
}

}  // namespace isoflop
