#include "plugin/recognize/schedule.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "absl/strings/match.h"
#include "plugin/recognize/quantity_names.h"
#include "plugin/recognize/usable_value.h"

namespace isoflop {
namespace {

using Names = std::vector<std::string_view>;

// Normalised (NormalizeName), most trusted first.
const Names& StepsPlanned() {
  static const auto* const kNames = new Names{"planned_step_count", "planned_steps", "num_train_steps", "trainer_num_train_steps", "max_steps",
                                              "total_steps", "train_iters", "max_iters"};
  return *kNames;
}

const Names& StepsMade() {
  static const auto* const kNames = new Names{"completed_steps", "final_step", "last_step", "global_step", "step", "step_count", "steps", "num_steps"};
  return *kNames;
}

// OLMo logs the current rate under its own key: a table of last values has the last one.
const Names& FinalRate() {
  static const auto* const kNames = new Names{"final_learning_rate", "last_learning_rate", "end_learning_rate", "final_lr", "last_lr", "end_lr",
                                              "optim_learning_rate_group0"};
  return *kNames;
}

const Names& PeakRate() {
  static const auto* const kNames = new Names{"peak_learning_rate", "peak_lr", "max_lr", "learning_rate", "lr"};
  return *kNames;
}

std::optional<size_t> Find(const std::vector<std::string>& names, const Names& known) {
  for (std::string_view name : known) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (NormalizeName(names[i]) == name) return i;
    }
  }
  return std::nullopt;
}

// A number that is finite and at least 0.
std::optional<double> Number(const std::string& text) {
  const absl::StatusOr<double> number = ParseNumber(text);
  if (!number.ok() || !std::isfinite(*number) || *number < 0) return std::nullopt;
  return *number;
}

std::optional<double> ParamOf(const RunRecord& run, const Names& known) {
  for (std::string_view name : known) {
    for (const auto& [key, text] : run.params) {
      if (NormalizeName(key) == name) return Number(text);
    }
  }
  return std::nullopt;
}

bool IsCurrentRate(const std::string& key) {
  const std::string name = NormalizeName(key);
  return name == "learning_rate" || name == "train_learning_rate" || name == "lr" || name == "optim_learning_rate_group0";
}

std::optional<double> Share(std::optional<double> part, std::optional<double> whole) {
  if (!part || !whole || !(*whole > 0)) return std::nullopt;
  return *part / *whole;
}

}  // namespace

ScheduleColumns FindScheduleColumns(const std::vector<std::string>& names) {
  return {Find(names, StepsMade()), Find(names, StepsPlanned()), Find(names, FinalRate()), Find(names, PeakRate())};
}

Schedule ReadSchedule(const ScheduleColumns& columns, const std::vector<std::string>& fields) {
  const auto read = [&](std::optional<size_t> column) { return column ? Number(fields[*column]) : std::nullopt; };
  return {read(columns.steps_made), read(columns.steps_planned), read(columns.final_learning_rate), read(columns.peak_learning_rate)};
}

Schedule ReadSchedule(const RunRecord& run) {
  Schedule schedule{.steps_planned = ParamOf(run, StepsPlanned()), .peak_learning_rate = ParamOf(run, PeakRate())};
  int64_t greatest = 0;
  for (const auto& [key, metric] : run.metrics) {
    if (absl::StartsWith(key, "system/")) continue;
    greatest = std::max(greatest, metric.step);
    if (IsCurrentRate(key) && std::isfinite(metric.value) && metric.value >= 0) schedule.final_learning_rate = metric.value;
  }
  if (greatest > 0) schedule.steps_made = static_cast<double>(greatest);
  return schedule;
}

void EnterSchedule(const Schedule& schedule, Observation& observation) {
  observation.final_learning_rate_share = Share(schedule.final_learning_rate, schedule.peak_learning_rate);
  observation.completed_step_share = Share(schedule.steps_made, schedule.steps_planned);
}

}  // namespace isoflop
