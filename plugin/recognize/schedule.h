#ifndef ISOFLOP_PLUGIN_RECOGNIZE_SCHEDULE_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_SCHEDULE_H_

#include <optional>
#include <string>
#include <vector>

#include "core/fit/observation.h"
#include "plugin/recognize/run_record.h"

namespace isoflop {

// What tells whether a run finished its learning rate schedule. Positive and finite where known; a final rate may be 0.
struct Schedule {
  std::optional<double> steps_made;
  std::optional<double> steps_planned;
  std::optional<double> final_learning_rate;
  std::optional<double> peak_learning_rate;
};

// Where a table has them: indices of columns.
struct ScheduleColumns {
  std::optional<size_t> steps_made, steps_planned, final_learning_rate, peak_learning_rate;
};

// By the names that trainers and people use ("global_step", "num_train_steps", "final_lr", "max_lr", ...).
ScheduleColumns FindScheduleColumns(const std::vector<std::string>& names);

// The schedule of one row; texts that are no usable number count as unknown.
Schedule ReadSchedule(const ScheduleColumns& columns, const std::vector<std::string>& fields);

// The schedule of a tracker's run: planned steps and peak rate from its params, the last rate from its metrics, and the steps made from the
// greatest step of any metric but the system's, which count their own.
Schedule ReadSchedule(const RunRecord& run);

// Enters the shares, where both of their parts are known.
void EnterSchedule(const Schedule& schedule, Observation& observation);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_SCHEDULE_H_
