#ifndef ISOFLOP_PLUGIN_PLAN_PLAN_FIELD_H_
#define ISOFLOP_PLUGIN_PLAN_PLAN_FIELD_H_

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "core/check/planned_run.h"

namespace isoflop {

// Where a plan writes a field: beside the run's name, or in a map of its own.
enum class FieldGroup { kRun, kArchitecture, kSchedule, kHardware };

// "" for kRun, "architecture", "schedule" or "hardware".
std::string_view FieldGroupName(FieldGroup group);

enum class FieldKind {
  kText,
  kNumber,
  kWhole,
  kCount,       // A number that may be written 1.3B.
  kWholeCount,
  kDate,
  kWord,        // One of `words`.
  kSwitch,      // true or false.
};

// A field of a plan: the one place that knows its name, its range and where it goes. Reader and schema follow; deploy/docs/plan.schema.json is what
// `isoflop plan schema` prints.
struct PlanField {
  std::string_view name;
  FieldGroup group = FieldGroup::kRun;
  FieldKind kind = FieldKind::kNumber;
  double least = 0, greatest = 0;  // Of numbers, both included, but for a `least` of 0 where it is `positive`.
  bool positive = false;
  std::vector<std::string_view> words;
  std::string_view meaning;
  // Where a number goes; fields of other kinds, of an architecture, and batch_sequence_count are placed by name.
  std::variant<std::monostate, std::optional<double> PlannedRun::*, std::optional<double> CostModel::*> target;
};

// All, in the order in which a plan is best read.
const std::vector<PlanField>& PlanFields();

// The field of that name, or null.
const PlanField* FindPlanField(std::string_view name);

// The names of the fields of a group.
std::vector<std::string_view> FieldNames(FieldGroup group);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_PLAN_FIELD_H_
