#include "plugin/check/policy_schema.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/check/finding_code.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

// Some readers of YAML take 1e21 for text.
constexpr char kNumberOrNone[] = "^(none|\\+?(0|[1-9][0-9_]*)?\\.?[0-9_]*([eE][-+]?[0-9]+)?)$";

ordered_json Map(ordered_json properties) {
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

ordered_json Severities(FindingCode code) {
  if (code == FindingCode::kWaiverExpired) return {{"enum", {"warning", "error"}}};
  return {{"enum", {"off", false, "note", "warning", "error", "unknown"}}};  // Some readers of YAML take off for false.
}

ordered_json LimitSchema(const LimitInfo& limit) {
  ordered_json number = {{"type", "number"}, {"minimum", limit.least}};
  if (limit.greatest < std::numeric_limits<double>::max()) number["maximum"] = limit.greatest;
  ordered_json schema = {{"description", std::string(limit.meaning)}, {"anyOf", {std::move(number), {{"type", "string"}, {"pattern", kNumberOrNone}}}}};
  schema["default"] = limit.value ? ordered_json(*limit.value) : ordered_json("none");
  return schema;
}

ordered_json FindingSchema(FindingCode code) {
  const FindingCodeInfo& info = InfoOf(code);
  ordered_json severity = Severities(code);
  severity["default"] = std::string(FindingSeverityName(info.severity));
  ordered_json properties = {{"severity", severity}};
  for (const LimitInfo& limit : info.limits) properties[std::string(limit.name)] = LimitSchema(limit);
  return {{"title", std::string(info.title)}, {"description", std::string(info.meaning)}, {"anyOf", {std::move(severity), Map(std::move(properties))}}};
}

ordered_json FindingsSchema(bool in_exception) {
  ordered_json properties = ordered_json::object();
  for (int i = 0; i < kFindingCodeCount; ++i) {
    const auto code = static_cast<FindingCode>(i);
    if (in_exception && code == FindingCode::kFitTooOld) continue;
    properties[std::string(InfoOf(code).name)] = FindingSchema(code);
  }
  return Map(std::move(properties));
}

ordered_json ExceptionSchema() {
  const ordered_json pattern = {{"type", "string"}, {"minLength", 1}};
  ordered_json schema = Map({{"name", pattern}, {"study", pattern}, {"findings", FindingsSchema(true)}});
  schema["required"] = {"findings"};
  schema["anyOf"] = {{{"required", {"name"}}}, {{"required", {"study"}}}};
  return schema;
}

}  // namespace

ordered_json PolicySchema() {
  const FindingCode age = FindingCode::kFitTooOld;
  ordered_json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Policy of isoflop check"}};
  schema.update(Map({{"schema_version", {{"const", 1}}},
                     {"fail_on", {{"enum", {"error", "warning"}}, {"default", "error"}}},
                     {"on_unknown", {{"enum", {"pass", "warn", "fail"}}, {"default", "fail"}}},
                     {"max_fit_age_days", LimitSchema(InfoOf(age).limits[LimitIndex(age, "age_days")])},
                     {"findings", FindingsSchema(false)},
                     {"exceptions", {{"type", "array"}, {"items", ExceptionSchema()}}}}));
  return schema;
}

}  // namespace isoflop
