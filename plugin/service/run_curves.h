#ifndef ISOFLOP_PLUGIN_SERVICE_RUN_CURVES_H_
#define ISOFLOP_PLUGIN_SERVICE_RUN_CURVES_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/forecast.h"
#include "plugin/recognize/recognize.h"
#include "plugin/store/run_store.h"

namespace isoflop {

// The metric in which a run logs its learning rate as it goes; a study may read the peak from a param all the same.
std::optional<std::string> RateMetricOf(const RunRecord& run, const std::vector<QuantitySource>& mapping);

// The finished runs of a study with their curves of loss and learning rate, as core/advice/forecast.h takes them: steps are the tracker's, and
// the last point of each StepInterval counts. Runs without a curve of two points, or that ended before 98 % of their planned steps, are left out.
// `rate_key` is the metric of the learning rate, if there is one.
struct FinishedCurves {
  std::vector<CurvedRun> runs;
  std::vector<std::string> run_ids, run_names;  // Shapes [runs].
  std::vector<double> learning_rates;           // Peaks; 0 where not known. Shape [runs].
  std::optional<double> steps_per_token;        // Where all agree to 1 %.
};
absl::StatusOr<FinishedCurves> LoadFinishedCurves(RunStore& store, const std::string& study_id, const RecognizedStudy& recognized,
                                                   const std::optional<std::string>& rate_key);

// A run under way.
struct RunningCurve {
  CurvedRun run;  // Planned; step_count 0 where nothing tells it. N and D 0 where not known.
  std::optional<double> training_flops;     // Planned, where logged.
  std::optional<double> tokens_per_step;    // As its token count grew.
  std::optional<double> batch_token_count;
  std::optional<double> learning_rate;      // Peak.
  std::optional<double> seconds_per_step;   // Over the latter half of its points.
  int64_t last_time_ms = 0;                 // Of its last point.
  bool ends_in_nan = false;                 // The last value of its loss is no number.
};

// How long it will be follows, in this order, from its planned steps (plugin/recognize/schedule.h), from the tokens planned and those a step, from the
// batch, and from the steps a token of the finished runs, where these agree.
absl::StatusOr<RunningCurve> LoadRunningCurve(RunStore& store, const RunRecord& run, const RecognizedStudy& recognized,
                                              const std::optional<double>& finished_steps_per_token);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_RUN_CURVES_H_
