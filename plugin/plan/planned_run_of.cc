#include "plugin/plan/planned_run_of.h"

#include <cmath>
#include <set>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/check/finding_code.h"
#include "plugin/plan/architecture_fields.h"
#include "plugin/plan/did_you_mean.h"
#include "plugin/plan/plan_number.h"

namespace isoflop {
namespace {

constexpr double kTokenTolerance = .01, kSizeTolerance = .05;

// Builds one run out of what is written.
class Builder {
 public:
  Builder(const WrittenRun& written, PlanProblems& problems) : written_(written), problems_(problems) {
    run_.place = written.place;
    run_.architecture = written.architecture;
    for (std::string_view name : written.missing) Fail(*FindPlanField(name));
  }

  PlannedRun Build() {
    for (const auto& [name, field] : written_.fields) Take(name, field);
    DeriveTokens();
    DeriveDays();
    SettleSize();
    if (written_.waivers != nullptr) TakeWaivers(*written_.waivers);
    return std::move(run_);
  }

 private:
  static bool Agree(double a, double b, double tolerance) { return std::abs(std::log(a / b)) <= std::log1p(tolerance); }

  const WrittenField* Written(std::string_view name) const {
    const auto found = written_.fields.find(name);
    return found == written_.fields.end() ? nullptr : &found->second;
  }
  bool Failed(std::string_view name) const { return failed_.count(name) > 0; }
  // Of an architecture: nothing more is said of the size.
  void Fail(const PlanField& field) { failed_.insert(field.group == FieldGroup::kArchitecture ? "parameter_count" : field.name); }
  void Refuse(Place place, std::string message) { AddProblem(problems_, std::move(place), std::move(message)); }

  void Take(std::string_view name, const WrittenField& written) {
    const size_t before = problems_.size();
    run_.sources[std::string(name == "form" ? "schedule" : name)] = {.place = written.place, .key = written.key, .derived = written.derived};
    switch (written.field->kind) {
      case FieldKind::kText:
        (name == "name" ? run_.name : run_.study) = written.value.text;
        if (written.value.text.empty()) Refuse(written.value.place, absl::StrFormat("%s must not be empty", name));
        break;
      case FieldKind::kDate:
        TakeDate(name, written);
        break;
      case FieldKind::kWord:
      case FieldKind::kSwitch:
        if (const auto word = WordOf(written, problems_)) TakeWord(name, *word);
        break;
      default:
        if (const auto number = NumberOf(written, problems_)) TakeNumber(*written.field, *number);
    }
    if (problems_.size() > before) Fail(*written.field);
  }

  void TakeDate(std::string_view name, const WrittenField& written) {
    const auto date = ParsePlanDate(written.value.text);
    if (!date.ok()) return Refuse(written.value.place, absl::StrFormat("%s %s", name, date.status().message()));
    (name == "start_date" ? run_.start_date : run_.deadline_date) = *date;
  }

  void TakeWord(std::string_view name, const std::string& word) {
    if (name == "parameter_convention") {
      run_.parameter_convention = *ParseParameterConvention(word);
    } else if (name == "purpose") {
      run_.for_evidence = word == "evidence";
    } else if (name == "form") {
      run_.schedule = ParseScheduleForm(word);
    } else if (!SetArchitectureWord(TheArchitecture(), name, word)) {
      SetArchitectureFigure(TheArchitecture(), name, word == "true");
    }
  }

  void TakeNumber(const PlanField& field, double number) {
    if (const auto* member = std::get_if<std::optional<double> PlannedRun::*>(&field.target)) {
      run_.*(*member) = number;
    } else if (const auto* cost = std::get_if<std::optional<double> CostModel::*>(&field.target)) {
      run_.cost_model.*(*cost) = number;
    } else if (field.name == "batch_sequence_count") {
      batch_sequence_count_ = number;
    } else {
      SetArchitectureFigure(TheArchitecture(), field.name, number);
    }
  }

  Architecture& TheArchitecture() {
    if (!run_.architecture) run_.architecture.emplace();
    return *run_.architecture;
  }

  // `member` is `value`, which follows from the field `key` and others; where it is written, both must agree.
  void Follow(std::optional<double>& member, std::string_view name, double value, std::string_view key, const std::string& how) {
    const WrittenField& source = *Written(key);
    if (!member) {
      if (Failed(name)) return;
      member = value;
      run_.sources[std::string(name)] = {.place = source.place, .key = source.key, .derived = true};
    } else if (!Agree(*member, value, kTokenTolerance)) {
      Refuse(SourceOf(run_, name).place, absl::StrFormat("%s must equal %s = %.6g to 1 %%, got %.6g", name, how, value, *member));
    }
  }

  void DeriveTokens() {
    if (batch_sequence_count_ && run_.sequence_length) {
      Follow(run_.batch_token_count, "batch_token_count", *batch_sequence_count_ * *run_.sequence_length, "batch_sequence_count",
             "batch_sequence_count times sequence_length");
    } else if (batch_sequence_count_ && !Failed("sequence_length")) {
      Refuse(Written("batch_sequence_count")->place, "batch_sequence_count needs sequence_length beside it");
    }
    if (run_.step_count && run_.batch_token_count) {
      Follow(run_.token_count, "token_count", *run_.step_count * *run_.batch_token_count, "step_count", "step_count times the batch's tokens");
    }
    const auto& unique = run_.cost_model.unique_token_count;
    if (run_.epoch_count && unique) {
      Follow(run_.token_count, "token_count", *run_.epoch_count * *unique, "epoch_count", "epoch_count times unique_token_count");
    } else if (run_.epoch_count && !Failed("unique_token_count")) {
      Refuse(Written("epoch_count")->place, "epoch_count needs unique_token_count beside it");
    }
    const bool unclear = Failed("token_count") || Failed("step_count") || Failed("batch_token_count") || Failed("batch_sequence_count") ||
                         Failed("sequence_length") || Failed("epoch_count") || Failed("unique_token_count");
    if (!run_.token_count && !unclear) Refuse(run_.place, "a run needs token_count, or step_count with a batch, or epoch_count with unique_token_count");
  }

  void DeriveDays() {
    if (!run_.start_date || !run_.deadline_date) return;
    const auto days = std::chrono::sys_days(*run_.deadline_date) - std::chrono::sys_days(*run_.start_date) + std::chrono::days(1);
    const Place place = Written("deadline_date")->place;
    if (days.count() < 1) return Refuse(place, "deadline_date must not come before start_date");
    Follow(run_.cost_model.days, "days", static_cast<double>(days.count()), "deadline_date", "the days from start_date to deadline_date");
  }

  void SettleSize() {
    if (!run_.architecture) {
      if (!run_.parameter_count && !Failed("parameter_count")) Refuse(run_.place, "a run needs parameter_count or an architecture");
      return;
    }
    run_.architecture->sequence_length = run_.sequence_length.value_or(0);
    const absl::StatusOr<double> counted = CountParameters(*run_.architecture, run_.parameter_convention);
    if (!counted.ok() && Failed("parameter_count")) return;
    if (!counted.ok()) return RefuseArchitecture(std::string(counted.status().message()));
    if (!run_.parameter_count) run_.sources["parameter_count"] = ArchitectureSource();
    if (run_.parameter_count && !Agree(*run_.parameter_count, *counted, kSizeTolerance)) {
      Refuse(SourceOf(run_, "parameter_count").place,
             absl::StrFormat("parameter_count must be the architecture's %.15g to 5 %%, got %.15g", *counted, *run_.parameter_count));
    }
  }

  void RefuseArchitecture(const std::string& message) {
    for (const auto& [name, field] : written_.fields) {
      if (field.field->group == FieldGroup::kArchitecture) return Refuse(field.place, absl::StrCat("architecture: ", message));
    }
  }

  // Of the first field that N follows from.
  FieldSource ArchitectureSource() const {
    FieldSource first = written_.architecture_source;
    for (const auto& [name, field] : written_.fields) {
      const bool before = first.place.line == 0 || std::tie(field.place.line, field.place.column) < std::tie(first.place.line, first.place.column);
      if (field.field->group == FieldGroup::kArchitecture && before) first = {.place = field.place, .key = field.key, .derived = true};
    }
    return first;
  }

  void TakeWaivers(const YamlNode& list) {
    for (const YamlNode& item : list.items) {
      if (item.kind == YamlNode::Kind::kMap) {
        TakeWaiver(item);
      } else if (item.kind != YamlNode::Kind::kRefused) {
        Refuse(item.place, "a waiver must be a map of code, reason and until");
      }
    }
  }

  void TakeWaiver(const YamlNode& item) {
    static const std::vector<std::string_view> kKeys = {"code", "reason", "until"};
    Waiver waiver{.place = item.place};
    for (const YamlEntry& entry : item.entries) {
      if (entry.value.kind == YamlNode::Kind::kRefused) return;
      if (entry.key == "code") {
        TakeCode(entry.value, waiver);
      } else if (entry.key == "reason") {
        waiver.reason = entry.value.text;
      } else if (entry.key == "until") {
        const auto date = ParsePlanDate(entry.value.text);
        if (!date.ok()) return Refuse(entry.value.place, absl::StrCat("until ", date.status().message()));
        waiver.until = *date;
      } else {
        Refuse(entry.place, absl::StrCat(entry.key, " is not a field of waivers", DidYouMean(entry.key, kKeys)));
      }
    }
    for (std::string_view key : kKeys) {
      const YamlNode* const value = item.Find(key);
      if (value == nullptr || value->text.empty()) Refuse(item.place, absl::StrFormat("a waiver needs %s", key));
    }
    run_.waivers.push_back(std::move(waiver));
  }

  void TakeCode(const YamlNode& value, Waiver& waiver) {
    waiver.code = value.text;
    if (FindFindingCode(value.text)) return;
    Refuse(value.place, absl::StrCat("code must be one of a finding, got \"", value.text, "\"", DidYouMean(value.text, FindingCodeNames())));
  }

  const WrittenRun& written_;
  PlanProblems& problems_;
  PlannedRun run_;
  std::optional<double> batch_sequence_count_;
  std::set<std::string_view> failed_;  // Fields that are written but have no value.
};

}  // namespace

PlannedRun PlannedRunOf(const WrittenRun& written, PlanProblems& problems) { return Builder(written, problems).Build(); }

}  // namespace isoflop
