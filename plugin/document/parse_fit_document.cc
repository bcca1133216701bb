#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/advice/as_good.h"
#include "core/law/registry.h"
#include "plugin/document/documents.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::json;

// Thrown and caught within this file only: the JSON library reports by exception, and so do the checks beside it.
struct DocumentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const json& At(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw DocumentError(absl::StrCat("key \"", key, "\" is missing"));
  return *found;
}

double Number(const json& object, const char* key) {
  const json& value = At(object, key);
  if (!value.is_number()) throw DocumentError(absl::StrCat("\"", key, "\" must be a number, got ", value.dump()));
  return value.get<double>();
}

std::optional<double> NumberOrNull(const json& object, const char* key) {
  if (At(object, key).is_null()) return std::nullopt;
  return Number(object, key);
}

std::string Text(const json& object, const char* key) {
  const json& value = At(object, key);
  if (!value.is_string()) throw DocumentError(absl::StrCat("\"", key, "\" must be a string, got ", value.dump()));
  return value.get<std::string>();
}

Interval ReadInterval(const json& object) {
  return {NumberOrNull(object, "estimate"), NumberOrNull(object, "lower"), NumberOrNull(object, "upper")};
}

std::optional<std::pair<double, double>> ReadRange(const json& object, const char* key) {
  const json& value = At(object, key);
  if (value.is_null()) return std::nullopt;
  if (!value.is_array() || value.size() != 2 || !value[0].is_number() || !value[1].is_number()) {
    throw DocumentError(absl::StrCat("\"", key, "\" must be [least, greatest], got ", value.dump()));
  }
  return std::pair{value[0].get<double>(), value[1].get<double>()};
}

Severity ReadSeverity(const json& object) {
  const std::string name = Text(object, "severity");
  for (Severity severity : {Severity::kInfo, Severity::kWarning, Severity::kError}) {
    if (SeverityName(severity) == name) return severity;
  }
  throw DocumentError(absl::StrCat("\"severity\" must be INFO, WARNING or ERROR, got \"", name, "\""));
}

FittedParameter ReadParameter(const json& object) {
  FittedParameter parameter{.symbol = Text(object, "symbol"), .name = Text(object, "name"), .value = ReadInterval(object)};
  if (!parameter.value.estimate) throw DocumentError(absl::StrCat("estimate of ", parameter.symbol, " must be a number, got null"));
  parameter.fixed = At(object, "fixed").get<bool>();
  return parameter;
}

// The law's own parameters in its own order, in values that it can take: what advises from the document relies on both.
void CheckParameters(const Fit& fit) {
  const absl::StatusOr<const Law*> law = FindLaw(fit.law);
  if (!law.ok()) throw DocumentError(std::string(law.status().message()));
  const std::vector<ParameterInfo>& known = (*law)->parameters();
  if (fit.identified() && fit.parameters.size() != known.size()) {
    throw DocumentError(absl::StrFormat("\"parameters\" must be the %d of %s, got %d", known.size(), fit.law, fit.parameters.size()));
  }
  for (size_t i = 0; i < fit.parameters.size(); ++i) {
    const FittedParameter& p = fit.parameters[i];
    if (p.symbol != known[i].symbol) {
      throw DocumentError(absl::StrFormat("parameter %d of %s must be %s, got %s", i + 1, fit.law, known[i].symbol, p.symbol));
    }
    if (known[i].is_scale && *p.value.estimate < 0) {
      throw DocumentError(absl::StrFormat("estimate of %s must not be negative, got %g", p.symbol, *p.value.estimate));
    }
  }
}

// A replica of thin evidence may have a steep exponent, and then a coefficient past the largest double, which JSON writes as null.
std::vector<double> ReadReplica(const json& row) {
  std::vector<double> replica;
  for (const json& value : row) replica.push_back(value.is_null() ? std::numeric_limits<double>::infinity() : value.get<double>());
  return replica;
}

BudgetProfile ReadProfile(const json& object) {
  return {.training_flops = Number(object, "training_flops"),
          .parameter_count = Number(object, "minimum"),
          .token_count = Number(object, "token_count"),
          .loss_nats_per_token = NumberOrNull(object, "loss_nats_per_token"),
          .curvature = NumberOrNull(object, "curvature"),
          .observation_count = At(object, "observation_count").get<int64_t>()};
}

// Null where the replica left too little for a line.
AllocationExponents ReadAllocationReplica(const json& row) {
  if (!row.is_array() || row.size() != 4) throw DocumentError(absl::StrCat("each row of \"allocations\" must have 4 values, got ", row.dump()));
  const auto value = [&](size_t i) { return row[i].is_null() ? std::numeric_limits<double>::quiet_NaN() : row[i].get<double>(); };
  return {.parameter_exponent = value(0), .token_exponent = value(2), .parameter_coefficient = value(1), .token_coefficient = value(3)};
}

// What only a fit without a law has.
void ReadAllocationWithoutLaw(const json& document, Fit& fit) {
  for (const json& profile : At(document, "profiles")) fit.profiles.push_back(ReadProfile(profile));
  if (const json& spreads = At(document, "leave_one_budget_out"); !spreads.is_null()) {
    for (const auto& [name, spread] : spreads.items()) fit.leave_one_budget_out[name] = {Number(spread, "least"), Number(spread, "greatest")};
  }
  for (const json& row : At(At(document, "replicas"), "allocations")) fit.allocation_replicas.push_back(ReadAllocationReplica(row));
  fit.replica_count = static_cast<int>(fit.allocation_replicas.size());
  if (fit.allocation && !fit.allocation->parameter_exponent.estimate) throw DocumentError("\"parameter_exponent\" must have an estimate");
  if (fit.allocation && !fit.allocation->token_exponent.estimate) throw DocumentError("\"token_exponent\" must have an estimate");
}

// One quantity of all runs; null where none has it.
void ReadRunColumn(const json& columns, const char* key, std::vector<FittedRun>& runs, std::optional<double> FittedRun::* quantity) {
  const json& column = At(columns, key);
  if (column.is_null()) return;
  if (!column.is_array() || (!runs.empty() && column.size() != runs.size())) {
    throw DocumentError(absl::StrCat("\"", key, "\" of \"runs\" must be a list with a value for each run"));
  }
  runs.resize(column.size());
  for (size_t i = 0; i < runs.size(); ++i) {
    if (column[i].is_null()) continue;
    runs[i].*quantity = column[i].get<double>();
  }
}

// Documents written before these keys lack them.
void ReadRuns(const json& document, Fit& fit) {
  const auto columns = document.find("runs");
  if (columns == document.end() || columns->is_null()) return;
  ReadRunColumn(*columns, "parameter_count", fit.runs, &FittedRun::parameter_count);
  ReadRunColumn(*columns, "token_count", fit.runs, &FittedRun::token_count);
  ReadRunColumn(*columns, "training_flops", fit.runs, &FittedRun::training_flops);
  ReadRunColumn(*columns, "unique_token_count", fit.runs, &FittedRun::unique_token_count);
  ReadRunColumn(*columns, "loss_nats_per_token", fit.runs, &FittedRun::loss_nats_per_token);
  const json& weights = At(*columns, "weight");
  if (weights.is_null()) return;
  if (weights.size() != fit.runs.size()) throw DocumentError("\"weight\" of \"runs\" must have a value for each run");
  for (size_t i = 0; i < fit.runs.size(); ++i) fit.runs[i].weight = weights[i].get<double>();
}

void ReadDriftWeighted(const json& document, Fit& fit) {
  const auto object = document.find("drift_weighted");
  if (object == document.end() || object->is_null()) return;
  fit.drift_weighted = DriftWeightedLaw{.estimates = At(*object, "estimates").get<std::vector<double>>(), .weight_sum = Number(*object, "weight_sum")};
  for (const json& row : At(At(*object, "replicas"), "estimates")) fit.drift_weighted->replicas.push_back(ReadReplica(row));
}

// Documents written before these keys lack them.
void ReadPublishedPrior(const json& document, Fit& fit) {
  const auto prior = document.find("published_prior");
  if (prior != document.end() && !prior->is_null()) fit.published_prior = Text(document, "published_prior");
}

void ReadTolerance(const json& document, Fit& fit) {
  if (!document.contains("as_good_tolerance")) return;
  fit.as_good_tolerance = NumberOrNull(document, "as_good_tolerance");
  const absl::Status status = fit.as_good_tolerance ? CheckTolerance(*fit.as_good_tolerance) : absl::OkStatus();
  if (!status.ok()) throw DocumentError(absl::StrCat("\"as_good_tolerance\": ", std::string(status.message())));
}

// Rows of estimates have a value for each parameter.
void CheckRows(const Fit& fit) {
  std::vector<std::vector<double>> rows = fit.replicas;
  if (fit.drift_weighted) {
    rows.push_back(fit.drift_weighted->estimates);
    rows.insert(rows.end(), fit.drift_weighted->replicas.begin(), fit.drift_weighted->replicas.end());
  }
  for (const std::vector<double>& row : rows) {
    if (row.size() == fit.parameters.size()) continue;
    throw DocumentError(absl::StrCat("each row of \"estimates\" must have ", fit.parameters.size(), " values, got ", row.size()));
  }
}

Fit Read(const json& document) {
  if (Number(document, "schema_version") != kSchemaVersion) {
    throw DocumentError(absl::StrCat("\"schema_version\" must be ", kSchemaVersion, ", got ", At(document, "schema_version").dump()));
  }
  Fit fit;
  if (!At(document, "law").is_null()) fit.law = Text(document, "law");
  fit.approach = Text(document, "approach");
  fit.version = At(document, "version").get<int64_t>();
  const auto convention = ParseParameterConvention(Text(document, "convention"));
  if (!convention) throw DocumentError(absl::StrCat("\"convention\" is not known: ", Text(document, "convention")));
  fit.convention = *convention;
  for (const json& parameter : At(document, "parameters")) fit.parameters.push_back(ReadParameter(parameter));
  if (!fit.law.empty()) CheckParameters(fit);
  fit.huber_delta = NumberOrNull(document, "huber_delta").value_or(kDefaultHuberDelta);
  const auto loss = ParseLossFunction(Text(document, "loss_function"));
  if (!loss) throw DocumentError(absl::StrCat("\"loss_function\" is not known: ", Text(document, "loss_function")));
  fit.loss = *loss;
  fit.objective = NumberOrNull(document, "objective");
  fit.observation_count = At(document, "observation_count").get<int64_t>();
  fit.observations_hash = Text(document, "observations_hash");
  for (const json& basin : At(document, "basins")) {
    fit.basins.push_back({Number(basin, "objective"), At(basin, "parameters").get<std::map<std::string, double>>()});
  }
  if (const json& allocation = At(document, "allocation"); !allocation.is_null()) {
    fit.allocation = AllocationLaw{ReadInterval(At(allocation, "parameter_exponent")), ReadInterval(At(allocation, "token_exponent")),
                                   Number(allocation, "parameter_coefficient"), Number(allocation, "token_coefficient")};
  }
  if (const json& region = At(document, "region"); !region.is_null()) {
    fit.region = Region{ReadRange(region, "parameter_count"), ReadRange(region, "token_count"), ReadRange(region, "training_flops"),
                        ReadRange(region, "loss_nats_per_token")};
  }
  if (fit.answers() && !fit.region) throw DocumentError("\"region\" must not be null where there is an answer");
  fit.log_loss_standard_deviation = NumberOrNull(At(document, "noise"), "log_loss_standard_deviation");
  if (const json& hold_out = At(document, "hold_out"); !hold_out.is_null()) {
    fit.hold_out = HoldOut{At(hold_out, "observation_count").get<int64_t>(), Number(hold_out, "root_mean_square_log_error")};
  }
  if (const auto band = document.find("near_optimal"); band != document.end() && !band->is_null()) {
    fit.near_optimal = NearOptimalBand{Number(*band, "lower_factor"), Number(*band, "upper_factor"), At(*band, "cell_count").get<int64_t>()};
  }
  const json& replicas = At(document, "replicas");
  for (const json& row : At(replicas, "estimates")) fit.replicas.push_back(ReadReplica(row));
  fit.replica_count = static_cast<int>(fit.replicas.size());
  fit.seed = At(replicas, "seed").get<uint64_t>();
  if (fit.law.empty()) ReadAllocationWithoutLaw(document, fit);
  ReadRuns(document, fit);
  ReadDriftWeighted(document, fit);
  ReadPublishedPrior(document, fit);
  ReadTolerance(document, fit);
  CheckRows(fit);
  for (const json& exclusion : At(document, "excluded")) {
    const auto text_or_empty = [&](const char* key) {
      return exclusion.contains(key) && exclusion[key].is_string() ? exclusion[key].get<std::string>() : std::string();
    };
    fit.excluded.push_back({.line = static_cast<int64_t>(NumberOrNull(exclusion, "line").value_or(0)),
                            .run_id = text_or_empty("run"),
                            .run_name = text_or_empty("run_name"),
                            .reason = Text(exclusion, "reason"),
                            .point_count = exclusion.value("point_count", int64_t{0})});
  }
  for (const json& diagnostic : At(document, "diagnostics")) {
    fit.diagnostics.push_back({Text(diagnostic, "code"), ReadSeverity(diagnostic), Text(diagnostic, "title"), Text(diagnostic, "message"),
                               At(diagnostic, "evidence").get<std::map<std::string, double>>(), Text(diagnostic, "effect"),
                               Text(diagnostic, "fix")});
    if (const auto run = diagnostic.find("run"); run != diagnostic.end() && run->is_object()) {
      fit.diagnostics.back().run_id = Text(*run, "run_id");
      fit.diagnostics.back().run_name = Text(*run, "run_name");
    }
  }
  return fit;
}

}  // namespace

absl::StatusOr<Fit> ParseFitDocument(std::string_view text) {
  try {
    return Read(json::parse(text));
  } catch (const json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("not a fit document: ", error.what()));
  } catch (const DocumentError& error) {
    return absl::InvalidArgumentError(absl::StrCat("not a fit document: ", error.what()));
  }
}

}  // namespace isoflop
