#include "plugin/plan/plan_fields.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "plugin/plan/did_you_mean.h"
#include "plugin/plan/plan_number.h"

namespace isoflop {
namespace {

constexpr FieldGroup kMaps[] = {FieldGroup::kArchitecture, FieldGroup::kSchedule, FieldGroup::kHardware};

std::optional<FieldGroup> MapOf(std::string_view key) {
  const auto* const found = std::find_if(std::begin(kMaps), std::end(kMaps), [key](FieldGroup group) { return FieldGroupName(group) == key; });
  return found == std::end(kMaps) ? std::nullopt : std::optional(*found);
}

std::string PathOf(FieldGroup group, std::string_view key) {
  return group == FieldGroup::kRun ? std::string(key) : absl::StrFormat("%s.%s", FieldGroupName(group), key);
}

void RefuseKey(const YamlEntry& entry, FieldGroup group, std::vector<std::string_view> known, PlanProblems& problems) {
  const std::string path = PathOf(group, entry.key);
  const PlanField* const elsewhere = FindPlanField(entry.key);
  if (elsewhere != nullptr) {
    const std::string where = elsewhere->group == FieldGroup::kRun ? "beside the run's name" : absl::StrFormat("under `%s`", FieldGroupName(elsewhere->group));
    return AddProblem(problems, entry.place, absl::StrCat(path, " must stand ", where));
  }
  if (group == FieldGroup::kRun) {
    for (FieldGroup map : kMaps) known.push_back(FieldGroupName(map));
  }
  AddProblem(problems, entry.place, absl::StrCat(path, " is not a field of plans", DidYouMean(entry.key, known)));
}

void TakeEntry(const YamlEntry& entry, FieldGroup group, const std::vector<std::string_view>& passed_over, WrittenRun& run, PlanProblems& problems) {
  const PlanField* const field = FindPlanField(entry.key);
  if (field == nullptr || field->group != group) {
    std::vector<std::string_view> known = FieldNames(group);
    known.insert(known.end(), passed_over.begin(), passed_over.end());
    return RefuseKey(entry, group, std::move(known), problems);
  }
  if (entry.value.kind == YamlNode::Kind::kScalar) {
    run.fields.insert_or_assign(field->name, WrittenField{field, entry.place, entry.value, std::string(field->name)});
  } else if (entry.value.kind != YamlNode::Kind::kRefused) {
    const bool empty = entry.value.kind == YamlNode::Kind::kNull;
    AddProblem(problems, empty ? entry.place : entry.value.place, absl::StrCat(PathOf(group, entry.key), " must be one value, got ", empty ? "nothing" : "several"));
  }
}

void TakeMap(const YamlEntry& entry, FieldGroup group, WrittenRun& run, PlanProblems& problems) {
  const YamlNode& node = entry.value;
  if (group == FieldGroup::kSchedule && node.kind == YamlNode::Kind::kScalar) {
    run.fields.insert_or_assign("form", WrittenField{FindPlanField("form"), entry.place, node, "form"});
  } else if (node.kind == YamlNode::Kind::kMap) {
    for (const YamlEntry& inner : node.entries) TakeEntry(inner, group, {}, run, problems);
  } else if (node.kind != YamlNode::Kind::kRefused) {
    AddProblem(problems, entry.place, absl::StrCat(entry.key, " must be a map of fields"));
  }
}

std::string Text(double value) { return absl::StrFormat("%.6g", value); }

std::string RangeText(const PlanField& field) {
  if (field.positive) return absl::StrCat("positive and at most ", Text(field.greatest));
  return absl::StrCat("from ", Text(field.least), " to ", Text(field.greatest));
}

void Refuse(const WrittenField& written, const std::string& rule, PlanProblems& problems) {
  const bool ours = written.key == written.field->name;
  AddProblem(problems, written.value.place, absl::StrCat(ours ? PathOf(written.field->group, written.key) : written.key, " ", rule));
}

}  // namespace

void TakeFields(const YamlNode& map, const std::vector<std::string_view>& passed_over, WrittenRun& run, PlanProblems& problems) {
  for (const YamlEntry& entry : map.entries) {
    if (std::find(passed_over.begin(), passed_over.end(), entry.key) != passed_over.end()) continue;
    if (entry.key == "waive") {
      if (entry.value.kind == YamlNode::Kind::kList) {
        run.waivers = &entry.value;
      } else if (entry.value.kind != YamlNode::Kind::kRefused) {
        AddProblem(problems, entry.place, "waive must be a list of waivers, each with code, reason and until");
      }
    } else if (const std::optional<FieldGroup> group = MapOf(entry.key)) {
      TakeMap(entry, *group, run, problems);
    } else {
      TakeEntry(entry, FieldGroup::kRun, passed_over, run, problems);
    }
  }
}

std::optional<double> NumberOf(const WrittenField& written, PlanProblems& problems) {
  const PlanField& field = *written.field;
  const bool letters = field.kind == FieldKind::kCount || field.kind == FieldKind::kWholeCount;
  const absl::StatusOr<double> value = ParsePlanNumber(written.value.text, letters);
  if (!value.ok()) {
    Refuse(written, std::string(value.status().message()), problems);
    return std::nullopt;
  }
  if (*value < field.least || *value > field.greatest || (field.positive && *value == 0)) {
    Refuse(written, absl::StrCat("must be ", RangeText(field), ", got ", written.value.text), problems);
    return std::nullopt;
  }
  if ((field.kind == FieldKind::kWhole || field.kind == FieldKind::kWholeCount) && *value != std::floor(*value)) {
    Refuse(written, absl::StrCat("must be a whole number, got ", written.value.text), problems);
    return std::nullopt;
  }
  return *value;
}

std::optional<std::string> WordOf(const WrittenField& written, PlanProblems& problems) {
  std::vector<std::string_view> words = written.field->words;
  if (written.field->kind == FieldKind::kSwitch) words = {"true", "false"};
  const std::string& text = written.value.text;
  if (std::find(words.begin(), words.end(), text) != words.end()) return text;
  Refuse(written, absl::StrCat("must be ", Alternatives(words), ", got \"", text, "\"", DidYouMean(text, words)), problems);
  return std::nullopt;
}

}  // namespace isoflop
