#include "plugin/plan/plan_schema.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/check/finding_code.h"
#include "plugin/plan/plan_field.h"
#include "plugin/plan/plan_reader.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

// As ParsePlanNumber takes them. No field may be negative.
constexpr char kDigits[] = "[0-9](_?[0-9])*";
constexpr char kDate[] = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";

ordered_json Reference(std::string_view name) { return {{"$ref", "#/$defs/" + std::string(name)}}; }

ordered_json NumberPattern(bool letters) {
  const std::string mantissa = absl::StrCat("((0|[1-9](_?[0-9])*)(\\.(", kDigits, ")?)?|\\.", kDigits, ")");
  const std::string exponent = absl::StrCat("([eE][-+]?", kDigits, ")?");
  return {{"type", "string"}, {"pattern", absl::StrCat("^\\+?", mantissa, letters ? absl::StrCat("(", exponent, "|[KMBT])") : exponent, "$")}};
}

ordered_json NumberSchema(const PlanField& field) {
  const bool letters = field.kind == FieldKind::kCount || field.kind == FieldKind::kWholeCount;
  const bool whole = field.kind == FieldKind::kWhole || field.kind == FieldKind::kWholeCount;
  ordered_json number = {{"type", whole ? "integer" : "number"}};
  number[field.positive ? "exclusiveMinimum" : "minimum"] = field.least;
  number["maximum"] = field.greatest;
  return {{"anyOf", {std::move(number), NumberPattern(letters)}}};
}

ordered_json ValueSchema(const PlanField& field) {
  switch (field.kind) {
    case FieldKind::kText: return {{"type", {"string", "number"}}, {"minLength", 1}};
    case FieldKind::kDate: return {{"type", "string"}, {"format", "date"}, {"pattern", kDate}};
    case FieldKind::kWord: return {{"enum", field.words}};
    case FieldKind::kSwitch: return {{"type", "boolean"}};
    default: return NumberSchema(field);
  }
}

ordered_json FieldSchema(const PlanField& field) {
  ordered_json schema = {{"description", field.meaning}};
  schema.update(ValueSchema(field));
  return schema;
}

ordered_json FieldReferences(FieldGroup group) {
  ordered_json properties = ordered_json::object();
  for (std::string_view name : FieldNames(group)) properties[std::string(name)] = Reference(name);
  return properties;
}

ordered_json ClosedMap(ordered_json properties) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

ordered_json GroupSchema(FieldGroup group) { return ClosedMap(FieldReferences(group)); }

ordered_json WaiverSchema() {
  ordered_json codes = ordered_json::array();
  for (int i = 0; i < kFindingCodeCount; ++i) codes.push_back(InfoOf(static_cast<FindingCode>(i)).name);
  ordered_json schema = ClosedMap({{"code", {{"description", "What is accepted; `isoflop check --explain` lists the codes"}, {"enum", std::move(codes)}}},
                                   {"reason", {{"description", "Why"}, {"type", {"string", "number"}}, {"minLength", 1}}},
                                   {"until", {{"description", "Last day on which it holds, to 24:00 UTC"}, {"type", "string"}, {"format", "date"}, {"pattern", kDate}}}});
  schema["description"] = "A finding that the team accepts for a while";
  schema["required"] = {"code", "reason", "until"};
  return schema;
}

// What a run may hold, or a sweep may vary.
ordered_json RunProperties() {
  ordered_json properties = FieldReferences(FieldGroup::kRun);
  for (FieldGroup group : {FieldGroup::kArchitecture, FieldGroup::kSchedule, FieldGroup::kHardware}) {
    properties[std::string(FieldGroupName(group))] = Reference(FieldGroupName(group));
  }
  return properties;
}

ordered_json PropertiesWithWaivers() {
  ordered_json properties = RunProperties();
  properties["waive"] = {{"type", "array"}, {"items", Reference("waiver")}};
  return properties;
}

// What every run needs; one of `runs` or of a sweep may have it from the top.
ordered_json CompleteRun() {
  const auto one_of = [](std::initializer_list<std::vector<const char*>> ways) {
    ordered_json any = ordered_json::array();
    for (const auto& way : ways) any.push_back({{"required", way}});
    return ordered_json{{"anyOf", std::move(any)}};
  };
  return {{"allOf",
           {one_of({{"parameter_count"}, {"architecture"}}),
            one_of({{"token_count"}, {"step_count", "batch_token_count"}, {"step_count", "batch_sequence_count"}, {"epoch_count", "unique_token_count"}})}},
          {"dependentRequired", {{"batch_sequence_count", {"sequence_length"}}, {"epoch_count", {"unique_token_count"}}}}};
}

ordered_json RunList(ordered_json run) {
  return {{"type", "array"}, {"minItems", 1}, {"maxItems", kGreatestPlanRunCount}, {"items", std::move(run)}};
}

ordered_json SweepSchema() {
  const ordered_json varied = RunProperties();
  ordered_json axes = ordered_json::object();
  for (const auto& [name, value] : varied.items()) axes[name] = {{"type", "array"}, {"minItems", 1}, {"items", value}};
  ordered_json schema = ClosedMap(std::move(axes));
  schema["description"] = "One run for every combination of these values";
  schema["minProperties"] = 1;
  return schema;
}

ordered_json TopSchema() {
  ordered_json properties = {{"schema_version", {{"description", "Of plans; 1 by default"}, {"enum", {1, "1"}}}}};
  properties.update(PropertiesWithWaivers());
  properties["runs"] = RunList(Reference("run"));
  properties["runs"]["description"] = "Runs; what stands beside `runs` is every run's that has none of its own";
  properties["sweep"] = SweepSchema();
  ordered_json schema = ClosedMap(std::move(properties));
  schema["not"] = {{"required", {"runs", "sweep"}}};
  schema["if"] = {{"not", {{"anyOf", {{{"required", {"runs"}}}, {{"required", {"sweep"}}}}}}}};
  schema["then"] = Reference("complete_run");
  return schema;
}

ordered_json Definitions() {
  ordered_json definitions;
  for (const PlanField& field : PlanFields()) definitions[std::string(field.name)] = FieldSchema(field);
  definitions["architecture"] = GroupSchema(FieldGroup::kArchitecture);
  definitions["architecture"]["description"] = "The network, from which parameters are counted";
  definitions["schedule"] = {{"description", "How the learning rate moves"}, {"anyOf", {Reference("form"), GroupSchema(FieldGroup::kSchedule)}}};
  definitions["hardware"] = GroupSchema(FieldGroup::kHardware);
  definitions["hardware"]["description"] = "What it runs on";
  definitions["waiver"] = WaiverSchema();
  definitions["run"] = ClosedMap(PropertiesWithWaivers());
  definitions["complete_run"] = CompleteRun();
  return definitions;
}

constexpr int kBrokenLevels = 3;  // Forms and definitions are read a line a key; what is within them, in one line each.

std::string Lines(const ordered_json& value, int depth) {
  if (depth == kBrokenLevels || !value.is_structured()) return value.dump();
  const std::string indent(2 * static_cast<size_t>(depth), ' ');
  std::string text;
  for (const auto& [key, inner] : value.items()) {
    const std::string name = value.is_object() ? ordered_json(key).dump() + ": " : "";
    absl::StrAppend(&text, text.empty() ? "\n  " : ",\n  ", indent, name, Lines(inner, depth + 1));
  }
  return absl::StrCat(value.is_object() ? "{" : "[", text, "\n", indent, value.is_object() ? "}" : "]");
}

ordered_json PlanSchema() {
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"$id", "urn:isoflop:plan:1"},
          {"title", "isoflop plan"},
          {"description", "Planned training runs, for `isoflop check`: one run, a list of runs, or a map with `runs` or `sweep`"},
          {"anyOf", {TopSchema(), RunList({{"allOf", {Reference("run"), Reference("complete_run")}}})}},
          {"$defs", Definitions()}};
}

}  // namespace

std::string PlanSchemaText() { return Lines(PlanSchema(), 0) + "\n"; }

}  // namespace isoflop
