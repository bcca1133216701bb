#ifndef ISOFLOP_PLUGIN_DOCUMENT_FORECASTS_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_FORECASTS_DOCUMENT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/advice/calibration.h"
#include "core/advice/forecast.h"
#include "core/advice/off_law.h"
#include "core/advice/running_state.h"

namespace isoflop {

// What is said of one run under way. Absent: not known.
struct RunForecast {
  std::string run_id, run_name;
  RunningState state = RunningState::kUnjudged;
  double parameter_count = 0, token_count = 0;  // Planned; 0: not known.
  std::optional<double> progress;               // In [0, 1]: the share of its steps that it has made.
  std::optional<LossForecast> forecast;
  std::optional<double> law_loss;               // Nats/token, at (N, D).
  std::optional<CauseFound> cause;
  std::string neighbour_run_id, neighbour_run_name;  // The finished run nearest in (ln N, ln D); empty: none.
  std::optional<double> remaining_flops;
  std::optional<double> remaining_sec;          // At the pace of the latter half of its points, from its last point on.
  int64_t last_time_ms = 0;                     // Of that.
};

// A finished run that lies off the law.
struct RunOffLaw {
  std::string run_id, run_name;
  OffLaw off;
};

// A finished run whose schedule was cut; shares absent where not known.
struct CutRun {
  std::string run_id, run_name;
  std::optional<double> completed_step_share, final_learning_rate_share;
};

// A forecast that was made of a run that has ended since.
struct RunRecordOfForecast {
  std::string run_id, run_name;
  ForecastMethod method = ForecastMethod::kPowerLaw;
  double progress = 0;  // At which it was made.
  ScoredForecast scored;
};

// As the document names it; the method of a name, nothing of others.
const char* NameOf(ForecastMethod method);
std::optional<ForecastMethod> MethodNamed(const std::string& name);

struct ForecastsInput {
  int64_t version = 0;  // Of the law; 0: there is none.
  std::optional<double> log_loss_standard_deviation;
  std::optional<double> smallest_visible_shift;  // Of ln L.
  std::vector<RunForecast> runs;                 // kMostForecasts at most.
  int64_t left_out_count = 0;                    // Running ones that are not among them,
  std::optional<double> left_out_flops;          // the largest planned compute of theirs.
  std::vector<RunOffLaw> off_law;
  std::vector<CutRun> cut;
  std::vector<RunRecordOfForecast> record;       // The newest last.
};

// The panel's tab of running runs. Keys: schema_version, version, level (of every interval: .95), noise {"log_loss_standard_deviation"},
// smallest_visible_shift (in ln L: what this study can see nine times in ten; null below 8 runs), and
//
//   running_count, off_law_count (above or below), broken_count (diverged)
//   stoppable  {"run_count", "remaining_flops"}: what stopping the runs above the law and the diverged ones now would free
//   left_out_count: running runs of which nothing is said, the kMostForecasts of the largest planned compute coming first; left_out_flops: the largest
//     planned compute of theirs, FLOPs, null where none plans any
//   forecasts  the worst state first, then by name. Each
//     {"run", "name",
//      "state": "DIVERGED" | "UNFINISHED" | "ABOVE" | "BELOW" | "ON_LAW" | "TOO_EARLY" | "LENGTH_UNKNOWN" | "UNJUDGED" (core/advice/running_state.h),
//      "parameter_count", "token_count" (planned), "progress" (0 to 1),
//      "forecast": {"estimate", "lower", "upper"} of the final loss, nats/token, null while it is too early,
//      "method": "RESIDUAL_CARRY" | "TEMPLATE" | "RATE_AWARE" | "GENERIC_RATE_AWARE" | "POWER_LAW", "compared_run_count",
//      "interval": {"multiple": of the standard deviation to either side, "source": "RECORD" (how far past forecasts missed) | "LEAVE_ONE_OUT" (how far
//      finished runs lie from what the others say) | "USUAL", "count": of those misses},
//      "law_loss", "shift": {"estimate", "lower", "upper"}: the forecast over the law, less one,
//      "cause": {"code": "FLOPS_DISAGREE" | "TOKENS_DISAGREE" | "SCHEDULE" | "LEARNING_RATE" | "SIZE", "ratio", "message"},
//      "neighbour_run": {"run", "name"}, "remaining_flops", "remaining_sec", "eta" (RFC 3339)}; null where not known
//   off_law    finished runs with |z| > 3, the greatest first, kMostOffLaw at most: {"run", "name", "shift" (ln L), "z", "severity": "WARNING"
//     past 4, else "INFO"}
//
//   unfinished_count, unfinished  finished runs that ended before 98 % of their planned steps or with over 15 % of their peak learning rate, kMostOffLaw at most:
//     {"run", "name", "completed_step_share", "final_learning_rate_share"}; none in a study of constant rates
//
//   calibration  of the forecasts that were made for readers of runs under way and whose truth has come, the first of each tenth of a run:
//     {"count", "held_share" (of the truths, inside the intervals), "mean_absolute_z", "median_absolute_error" (of ln L),
//      "points": the newest kMostRecord [{"run", "name", "method", "progress", "forecast" (nats/token), "loss", "z"}]}; null before the first
//
// Figures have six significant digits.
nlohmann::ordered_json ForecastsDocument(const ForecastsInput& input);

inline constexpr size_t kMostForecasts = 100;
inline constexpr size_t kMostOffLaw = 20;
inline constexpr size_t kMostRecord = 40;

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_FORECASTS_DOCUMENT_H_
