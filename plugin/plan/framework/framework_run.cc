#include "plugin/plan/framework/framework_run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "plugin/plan/plan_number.h"

namespace isoflop {

FrameworkRun::FrameworkRun(const Settings& settings, const WrittenRun& said, const std::string& file, PlanProblems& problems)
    : settings_(settings), said_(said), problems_(problems) {
  run_.place = {file, 1, 1};
}

const Setting* FrameworkRun::Find(std::string_view key) const {
  const auto found = settings_.find(key);
  return found == settings_.end() || found->second.value.kind == YamlNode::Kind::kNull ? nullptr : &found->second;
}

std::string_view FrameworkRun::FirstOf(std::initializer_list<std::string_view> keys) const {
  const auto* const found = std::find_if(keys.begin(), keys.end(), [this](std::string_view key) { return Find(key) != nullptr; });
  return found == keys.end() ? *keys.begin() : *found;
}

std::optional<double> FrameworkRun::Number(std::string_view key) {
  const std::optional<std::string> text = Word(key);
  if (!text) return std::nullopt;
  const absl::StatusOr<double> number = ParsePlanNumber(*text, false);
  if (number.ok()) return *number;
  AddProblem(problems_, Find(key)->value.place, absl::StrCat(Find(key)->key, " ", number.status().message()));
  return std::nullopt;
}

std::optional<std::string> FrameworkRun::Word(std::string_view key) {
  const Setting* const setting = Find(key);
  if (setting == nullptr) return std::nullopt;
  if (setting->value.kind == YamlNode::Kind::kScalar) return setting->value.text;
  if (setting->value.kind == YamlNode::Kind::kRefused) {
    if (!setting->value.text.empty()) AddProblem(problems_, setting->value.place, absl::StrCat(setting->key, " ", setting->value.text));
  } else {
    AddProblem(problems_, setting->value.place, absl::StrCat(setting->key, " must be one value, got several"));
  }
  return std::nullopt;
}

bool FrameworkRun::Switch(std::string_view key, bool otherwise) {
  const std::optional<std::string> text = Word(key);
  if (!text) return otherwise;
  const std::string word = absl::AsciiStrToLower(*text);
  if (word == "true" || word == "false") return word == "true";
  AddProblem(problems_, Find(key)->value.place, absl::StrCat(Find(key)->key, " must be true or false, got \"", *text, "\""));
  return otherwise;
}

bool FrameworkRun::Take(std::string_view field, std::string_view key) {
  const Setting* const setting = Find(key);
  if (setting == nullptr) return false;
  const PlanField* const known = FindPlanField(field);
  if (known->kind == FieldKind::kSwitch) {
    PutWord(field, Switch(key, false) ? "true" : "false", key);
  } else if (const std::optional<std::string> text = Word(key)) {
    run_.fields.insert_or_assign(known->name, WrittenField{known, setting->place, setting->value, setting->key});
  } else {
    Lack(field);
  }
  return true;
}

void FrameworkRun::Write(std::string_view field, std::string text, const Place& place, std::string_view key) {
  const PlanField* const known = FindPlanField(field);
  run_.fields.insert_or_assign(known->name, WrittenField{known, place, ScalarNode(place, std::move(text)), std::string(key), true});
}

void FrameworkRun::Put(std::string_view field, double value, std::string_view key) { Write(field, NumberText(value), Find(key)->place, Find(key)->key); }

void FrameworkRun::PutWord(std::string_view field, std::string_view word, std::string_view key) {
  Write(field, std::string(word), Find(key)->place, Find(key)->key);
}

void FrameworkRun::PutDefault(std::string_view field, double value, std::string_view name) { PutWordDefault(field, NumberText(value), name); }

void FrameworkRun::PutWordDefault(std::string_view field, std::string_view word, std::string_view name) { Write(field, std::string(word), run_.place, name); }

void FrameworkRun::PutArchitecture(const Architecture& architecture, std::string_view key) {
  run_.architecture = architecture;
  run_.architecture_source = {.place = Find(key)->place, .key = Find(key)->key, .derived = true};
}

bool FrameworkRun::Says(std::string_view field) const { return said_.fields.count(field) > 0; }

std::optional<double> FrameworkRun::SaidNumber(std::string_view field) const {
  if (!Says(field)) return std::nullopt;
  PlanProblems again;  // Finish leaves the field to PlannedRunOf, which tells what is wrong with it.
  return NumberOf(said_.fields.find(field)->second, again);
}

void FrameworkRun::Miss(std::string_view field, const std::string& message, std::string_view key) {
  if (Says(field)) return;
  Lack(field);
  Refuse(key, message);
}

void FrameworkRun::Lack(std::string_view field) { run_.missing.push_back(FindPlanField(field)->name); }

void FrameworkRun::Refuse(std::string_view key, const std::string& message) {
  AddProblem(problems_, Find(key) == nullptr ? run_.place : Find(key)->place, message);
}

WrittenRun FrameworkRun::Finish() {
  for (const auto& [name, field] : said_.fields) run_.fields.insert_or_assign(name, field);
  if (said_.waivers != nullptr) run_.waivers = said_.waivers;
  return std::move(run_);
}

}  // namespace isoflop
