#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/fit/drift.h"
#include "plugin/document/documents.h"
#include "plugin/document/json_values.h"

namespace isoflop {

using nlohmann::ordered_json;

ordered_json DiagnosticObject(const Diagnostic& diagnostic) {
  ordered_json run = nullptr;
  if (!diagnostic.run_id.empty()) run = {{"run_id", diagnostic.run_id}, {"run_name", diagnostic.run_name}};
  return {{"code", diagnostic.code},       {"severity", std::string(SeverityName(diagnostic.severity))},
          {"title", diagnostic.title},     {"message", diagnostic.message},
          {"evidence", diagnostic.evidence}, {"effect", diagnostic.effect},
          {"fix", diagnostic.fix},         {"run", std::move(run)}};
}

ordered_json DiagnosticArray(const std::vector<Diagnostic>& diagnostics) {
  ordered_json array = ordered_json::array();
  for (const Diagnostic& diagnostic : diagnostics) array.push_back(DiagnosticObject(diagnostic));
  return array;
}

// One row a replica: parameter exponent and coefficient, token exponent and coefficient; null where the replica has none.
ordered_json AllocationRows(const std::vector<AllocationExponents>& replicas) {
  ordered_json rows = ordered_json::array();
  for (const AllocationExponents& r : replicas) {
    rows.push_back({r.parameter_exponent, r.parameter_coefficient, r.token_exponent, r.token_coefficient});
  }
  return rows;
}

// A list a quantity, in the order of the runs; null where no run has it.
template <typename Value>
ordered_json RunColumn(const std::vector<FittedRun>& runs, Value value) {
  ordered_json column = ordered_json::array();
  bool any = false;
  for (const FittedRun& run : runs) {
    const std::optional<double> number = value(run);
    any = any || number.has_value();
    column.push_back(OptionalNumber(number));
  }
  return any ? column : ordered_json(nullptr);
}

ordered_json RunColumns(const std::vector<FittedRun>& runs) {
  if (runs.empty()) return nullptr;
  const bool weighted = std::any_of(runs.begin(), runs.end(), [](const FittedRun& run) { return run.weight != 1; });
  return {{"parameter_count", RunColumn(runs, [](const FittedRun& run) { return run.parameter_count; })},
          {"token_count", RunColumn(runs, [](const FittedRun& run) { return run.token_count; })},
          {"training_flops", RunColumn(runs, [](const FittedRun& run) { return run.training_flops; })},
          {"unique_token_count", RunColumn(runs, [](const FittedRun& run) { return run.unique_token_count; })},
          {"loss_nats_per_token", RunColumn(runs, [](const FittedRun& run) { return run.loss_nats_per_token; })},
          {"weight", RunColumn(runs, [&](const FittedRun& run) { return weighted ? std::optional(run.weight) : std::nullopt; })}};
}

ordered_json DriftWeightedObject(const std::optional<DriftWeightedLaw>& law) {
  if (!law) return nullptr;
  return {{"drift_per_decade", kDriftPerDecade},
          {"weight_sum", law->weight_sum},
          {"estimates", law->estimates},
          {"replicas", {{"count", law->replicas.size()}, {"estimates", law->replicas}}}};
}

ordered_json FitDocument(const Fit& fit) {
  ordered_json parameters = ordered_json::array();
  for (const FittedParameter& p : fit.parameters) {
    ordered_json parameter = {{"symbol", p.symbol}, {"name", p.name}};
    parameter.update(IntervalObject(p.value));
    parameter["fixed"] = p.fixed;
    if (p.profile) parameter["profile_interval"] = {{"lower", OptionalNumber(p.profile->lower)}, {"upper", OptionalNumber(p.profile->upper)}};
    parameters.push_back(std::move(parameter));
  }
  ordered_json basins = ordered_json::array();
  for (const Basin& basin : fit.basins) {
    ordered_json values = ordered_json::object();
    for (const FittedParameter& p : fit.parameters) values[p.symbol] = basin.parameters.at(p.symbol);
    basins.push_back({{"objective", basin.objective}, {"parameters", std::move(values)}});
  }
  ordered_json excluded = ordered_json::array();
  for (const Exclusion& exclusion : fit.excluded) excluded.push_back(ExclusionObject(exclusion));

  ordered_json profiles = ordered_json::array();
  for (const BudgetProfile& profile : fit.profiles) {
    profiles.push_back({{"training_flops", profile.training_flops},
                        {"minimum", profile.parameter_count},
                        {"curvature", OptionalNumber(profile.curvature)},
                        {"observation_count", profile.observation_count},
                        {"token_count", profile.token_count},
                        {"loss_nats_per_token", OptionalNumber(profile.loss_nats_per_token)}});
  }

  ordered_json document;
  document["schema_version"] = kSchemaVersion;
  document["law"] = fit.law.empty() ? ordered_json(nullptr) : ordered_json(fit.law);
  document["approach"] = fit.approach;
  document["version"] = fit.version;
  document["convention"] = std::string(ParameterConventionName(fit.convention));
  document["group"] = fit.group ? ordered_json(*fit.group) : ordered_json(nullptr);
  document["parameters"] = std::move(parameters);
  document["loss_function"] = std::string(LossFunctionName(fit.loss));
  document["huber_delta"] = fit.loss == LossFunction::kHuber ? ordered_json(fit.huber_delta) : ordered_json(nullptr);
  document["objective"] = OptionalNumber(fit.objective);
  document["observation_count"] = fit.observation_count;
  document["observations_hash"] = fit.observations_hash;
  document["basins"] = std::move(basins);
  document["allocation"] = nullptr;
  if (fit.allocation) {
    document["allocation"] = {{"parameter_exponent", IntervalObject(fit.allocation->parameter_exponent)},
                              {"token_exponent", IntervalObject(fit.allocation->token_exponent)},
                              {"parameter_coefficient", fit.allocation->parameter_coefficient},
                              {"token_coefficient", fit.allocation->token_coefficient}};
  }
  document["profiles"] = std::move(profiles);
  document["leave_one_budget_out"] = nullptr;
  for (const auto& [name, spread] : fit.leave_one_budget_out) {
    document["leave_one_budget_out"][name] = {{"least", spread.first}, {"greatest", spread.second}};
  }
  document["region"] = nullptr;
  if (fit.region) {
    document["region"] = {{"parameter_count", RangeArray(fit.region->parameter_count)},
                          {"token_count", RangeArray(fit.region->token_count)},
                          {"training_flops", RangeArray(fit.region->training_flops)},
                          {"loss_nats_per_token", RangeArray(fit.region->loss_nats_per_token)}};
  }
  document["noise"] = {{"log_loss_standard_deviation", OptionalNumber(fit.log_loss_standard_deviation)}};
  document["hold_out"] = nullptr;
  if (fit.hold_out) {
    document["hold_out"] = {{"observation_count", fit.hold_out->observation_count},
                            {"root_mean_square_log_error", fit.hold_out->root_mean_square_log_error}};
  }
  document["near_optimal"] = nullptr;
  if (fit.near_optimal) {
    document["near_optimal"] = {{"loss_tolerance", kNearOptimalLoss},
                                {"lower_factor", fit.near_optimal->lower_factor},
                                {"upper_factor", fit.near_optimal->upper_factor},
                                {"cell_count", fit.near_optimal->cell_count}};
  }
  document["replicas"] = {{"count", fit.replica_count}, {"seed", fit.seed}, {"estimates", fit.replicas}};
  if (fit.law.empty()) document["replicas"]["allocations"] = AllocationRows(fit.allocation_replicas);
  document["runs"] = RunColumns(fit.runs);
  document["drift_weighted"] = DriftWeightedObject(fit.drift_weighted);
  document["published_prior"] = fit.published_prior.empty() ? ordered_json(nullptr) : ordered_json(fit.published_prior);
  document["as_good_tolerance"] = OptionalNumber(fit.as_good_tolerance);
  document["excluded"] = std::move(excluded);
  document["diagnostics"] = DiagnosticArray(fit.diagnostics);
  return document;
}

ordered_json FitsDocument(const std::vector<Fit>& fits) {
  ordered_json list = ordered_json::array();
  for (const Fit& fit : fits) list.push_back(FitDocument(fit));
  return {{"schema_version", kSchemaVersion}, {"fits", std::move(list)}};
}

}  // namespace isoflop
