#ifndef ISOFLOP_PLUGIN_RECOGNIZE_RUN_RECORD_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_RUN_RECORD_H_

#include <cstdint>
#include <map>
#include <string>

namespace isoflop {

// As the tracker has it.
enum class RunStatus { kUnspecified, kRunning, kScheduled, kFinished, kFailed, kKilled };

// The last value of one metric, MLflow's own rule: that of the greatest (step, time, value). The counts depend on the points alone, not on
// their order of arrival.
struct MetricSummary {
  int64_t step = 0;
  int64_t time_ms = 0;
  double value = 0;  // May be NaN.
  int64_t point_count = 1;
  int64_t repeated_step_count = 0;  // Points whose step another point with a greater (time, value) has too.
  int64_t out_of_order_count = 0;   // Points logged at a later time than some point of a greater step.
  int64_t not_finite_count = 0;     // Points that are NaN or, from 1e308 on, infinite.
  int64_t least_time_ms = 0;        // Of all points.
  int64_t greatest_time_ms = 0;     // Of all points.
};

// What the tracker holds of one run.
struct RunRecord {
  std::string run_id;
  std::string run_name;
  std::string study_id;
  RunStatus status = RunStatus::kUnspecified;
  bool deleted = false;
  int64_t start_time_ms = 0;
  int64_t end_time_ms = 0;
  int64_t heard_time_ms = 0;  // When something new was last heard of it: a status or a point. By the service's clock.
  std::map<std::string, std::string> params;
  std::map<std::string, std::string> tags;
  std::map<std::string, MetricSummary> metrics;  // By key.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_RUN_RECORD_H_
