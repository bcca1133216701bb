#include "plugin/document/forecasts_document.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

// To six significant digits: what is shown has fewer, and many runs must fit.
ordered_json Figure(double value) { return std::strtod(absl::StrFormat("%.6g", value).c_str(), nullptr); }

ordered_json Figure(const std::optional<double>& value) { return value ? Figure(*value) : ordered_json(nullptr); }

ordered_json KnownCount(double value) { return value > 0 ? Figure(value) : ordered_json(nullptr); }

const char* NameOf(RunningState state) {
  switch (state) {
    case RunningState::kOnLaw: return "ON_LAW";
    case RunningState::kAbove: return "ABOVE";
    case RunningState::kBelow: return "BELOW";
    case RunningState::kDiverged: return "DIVERGED";
    case RunningState::kUnfinished: return "UNFINISHED";
    case RunningState::kTooEarly: return "TOO_EARLY";
    case RunningState::kLengthUnknown: return "LENGTH_UNKNOWN";
    case RunningState::kUnjudged: break;
  }
  return "UNJUDGED";
}

// In which they are listed.
int RankOf(RunningState state) {
  switch (state) {
    case RunningState::kDiverged: return 0;
    case RunningState::kUnfinished: return 1;
    case RunningState::kAbove: return 2;
    case RunningState::kBelow: return 3;
    case RunningState::kOnLaw: return 4;
    case RunningState::kTooEarly: return 5;
    case RunningState::kUnjudged: return 6;
    case RunningState::kLengthUnknown: break;
  }
  return 7;
}

const char* NameOf(RunningCause cause) {
  switch (cause) {
    case RunningCause::kFlopsDisagree: return "FLOPS_DISAGREE";
    case RunningCause::kTokensDisagree: return "TOKENS_DISAGREE";
    case RunningCause::kSchedule: return "SCHEDULE";
    case RunningCause::kLearningRate: return "LEARNING_RATE";
    case RunningCause::kSize: break;
  }
  return "SIZE";
}

std::string MessageOf(const CauseFound& found) {
  switch (found.cause) {
    case RunningCause::kFlopsDisagree:
      return absl::StrFormat("Its logged compute is %.2g times 6 N D: check its N, its D and how compute is counted.", found.ratio);
    case RunningCause::kTokensDisagree:
      return absl::StrFormat("Its tokens grow by %.2g times its batch a step: check its batch size and its token count.", found.ratio);
    case RunningCause::kSchedule:
      return absl::StrFormat("Its steps are made, and its learning rate still stands at %.2g %% of its peak: its schedule is cut, and its loss will end higher than "
                             "that of finished runs.",
                             100 * found.ratio);
    case RunningCause::kLearningRate:
      return absl::StrFormat("Its peak learning rate is %.2g times that of the finished run nearest in size.", found.ratio);
    case RunningCause::kSize: break;
  }
  return found.ratio > 1 ? "It is ending as a run of half its size would: check its N." : "It is ending as a run of twice its size would: check its N.";
}

ordered_json CauseObject(const std::optional<CauseFound>& found) {
  if (!found) return nullptr;
  return {{"code", NameOf(found->cause)}, {"ratio", Figure(found->ratio)}, {"message", MessageOf(*found)}};
}

ordered_json RunObject(const std::string& run_id, const std::string& run_name) {
  if (run_id.empty()) return nullptr;
  return {{"run", run_id}, {"name", run_name}};
}

// The forecast divided by `unit`, less `offset`.
ordered_json ForecastObject(const std::optional<LossForecast>& forecast, double unit, double offset) {
  if (!forecast) return nullptr;
  const auto [lower, upper] = forecast->interval();
  return {{"estimate", Figure(forecast->estimate() / unit - offset)},
          {"lower", Figure(lower / unit - offset)},
          {"upper", Figure(upper / unit - offset)}};
}

const char* NameOf(MultipleSource source) {
  switch (source) {
    case MultipleSource::kRecord: return "RECORD";
    case MultipleSource::kLeaveOneOut: return "LEAVE_ONE_OUT";
    case MultipleSource::kUsual: break;
  }
  return "USUAL";
}

ordered_json IntervalSource(const std::optional<LossForecast>& forecast) {
  if (!forecast) return nullptr;
  return {{"multiple", Figure(forecast->multiple)}, {"source", NameOf(forecast->multiple_source)}, {"count", forecast->multiple_count}};
}

ordered_json EtaOf(const RunForecast& run) {
  if (!run.remaining_sec || run.last_time_ms == 0) return nullptr;
  const absl::Time end = absl::FromUnixMillis(run.last_time_ms) + absl::Seconds(*run.remaining_sec);
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", end, absl::UTCTimeZone());
}

ordered_json ForecastOfRun(const RunForecast& run) {
  const bool forecast = run.forecast.has_value();
  return {{"run", run.run_id},
          {"name", run.run_name},
          {"state", NameOf(run.state)},
          {"parameter_count", KnownCount(run.parameter_count)},
          {"token_count", KnownCount(run.token_count)},
          {"progress", Figure(run.progress)},
          {"forecast", ForecastObject(run.forecast, 1, 0)},
          {"method", forecast ? ordered_json(NameOf(run.forecast->method)) : ordered_json(nullptr)},
          {"compared_run_count", forecast ? ordered_json(run.forecast->compared_count) : ordered_json(nullptr)},
          {"interval", IntervalSource(run.forecast)},
          {"law_loss", Figure(run.law_loss)},
          {"shift", run.law_loss ? ForecastObject(run.forecast, *run.law_loss, 1) : ordered_json(nullptr)},
          {"cause", CauseObject(run.cause)},
          {"neighbour_run", RunObject(run.neighbour_run_id, run.neighbour_run_name)},
          {"remaining_flops", Figure(run.remaining_flops)},
          {"remaining_sec", Figure(run.remaining_sec)},
          {"eta", EtaOf(run)}};
}

ordered_json OffLawArray(std::vector<RunOffLaw> runs) {
  std::erase_if(runs, [](const RunOffLaw& run) { return !(std::abs(run.off.z) > kNoteZ); });
  std::stable_sort(runs.begin(), runs.end(), [](const RunOffLaw& a, const RunOffLaw& b) { return std::abs(a.off.z) > std::abs(b.off.z); });
  if (runs.size() > kMostOffLaw) runs.resize(kMostOffLaw);
  ordered_json array = ordered_json::array();
  for (const RunOffLaw& run : runs) {
    array.push_back({{"run", run.run_id},
                     {"name", run.run_name},
                     {"shift", Figure(run.off.log_loss_shift)},
                     {"z", Figure(run.off.z)},
                     {"severity", std::abs(run.off.z) > kWarnZ ? "WARNING" : "INFO"}});
  }
  return array;
}

ordered_json CutArray(const std::vector<CutRun>& runs) {
  ordered_json array = ordered_json::array();
  for (size_t i = 0; i < std::min(runs.size(), kMostOffLaw); ++i) {
    array.push_back({{"run", runs[i].run_id},
                     {"name", runs[i].run_name},
                     {"completed_step_share", Figure(runs[i].completed_step_share)},
                     {"final_learning_rate_share", Figure(runs[i].final_learning_rate_share)}});
  }
  return array;
}

ordered_json CalibrationObject(const std::vector<RunRecordOfForecast>& record) {
  std::vector<ScoredForecast> scored;
  for (const RunRecordOfForecast& one : record) scored.push_back(one.scored);
  const std::optional<Calibration> calibration = Calibrate(scored);
  if (!calibration) return nullptr;
  ordered_json points = ordered_json::array();
  for (size_t i = record.size() > kMostRecord ? record.size() - kMostRecord : 0; i < record.size(); ++i) {
    const RunRecordOfForecast& one = record[i];
    points.push_back({{"run", one.run_id},
                      {"name", one.run_name},
                      {"method", NameOf(one.method)},
                      {"progress", Figure(one.progress)},
                      {"forecast", Figure(std::exp(one.scored.forecast.log_loss))},
                      {"loss", Figure(one.scored.final_loss)},
                      {"z", Figure(one.scored.z())}});
  }
  return {{"count", calibration->count},
          {"held_share", Figure(calibration->held_share)},
          {"mean_absolute_z", Figure(calibration->mean_absolute_z)},
          {"median_absolute_error", Figure(calibration->median_absolute_error)},
          {"points", std::move(points)}};
}

int64_t CountOf(const std::vector<RunForecast>& runs, std::initializer_list<RunningState> states) {
  return std::count_if(runs.begin(), runs.end(), [&](const RunForecast& run) {
    return std::find(states.begin(), states.end(), run.state) != states.end();
  });
}

ordered_json Stoppable(const std::vector<RunForecast>& runs) {
  int64_t count = 0;
  double flops = 0;
  for (const RunForecast& run : runs) {
    if (run.state != RunningState::kAbove && run.state != RunningState::kDiverged) continue;
    ++count;
    flops += run.remaining_flops.value_or(0);
  }
  return {{"run_count", count}, {"remaining_flops", Figure(flops)}};
}

}  // namespace

const char* NameOf(ForecastMethod method) {
  switch (method) {
    case ForecastMethod::kResidualCarry: return "RESIDUAL_CARRY";
    case ForecastMethod::kTemplate: return "TEMPLATE";
    case ForecastMethod::kRateAware: return "RATE_AWARE";
    case ForecastMethod::kGenericRateAware: return "GENERIC_RATE_AWARE";
    case ForecastMethod::kPowerLaw: break;
  }
  return "POWER_LAW";
}

std::optional<ForecastMethod> MethodNamed(const std::string& name) {
  for (ForecastMethod method : {ForecastMethod::kResidualCarry, ForecastMethod::kTemplate, ForecastMethod::kRateAware, ForecastMethod::kGenericRateAware,
                                ForecastMethod::kPowerLaw}) {
    if (name == NameOf(method)) return method;
  }
  return std::nullopt;
}

ordered_json ForecastsDocument(const ForecastsInput& input) {
  std::vector<RunForecast> runs = input.runs;
  std::sort(runs.begin(), runs.end(), [](const RunForecast& a, const RunForecast& b) {
    return std::tuple(RankOf(a.state), a.run_name, a.run_id) < std::tuple(RankOf(b.state), b.run_name, b.run_id);
  });
  ordered_json forecasts = ordered_json::array();
  for (const RunForecast& run : runs) forecasts.push_back(ForecastOfRun(run));
  return {{"schema_version", kSchemaVersion},
          {"version", input.version},
          {"level", kForecastLevel},
          {"noise", {{"log_loss_standard_deviation", Figure(input.log_loss_standard_deviation)}}},
          {"smallest_visible_shift", Figure(input.smallest_visible_shift)},
          {"running_count", static_cast<int64_t>(runs.size()) + input.left_out_count},
          {"off_law_count", CountOf(runs, {RunningState::kAbove, RunningState::kBelow})},
          {"broken_count", CountOf(runs, {RunningState::kDiverged})},
          {"stoppable", Stoppable(runs)},
          {"left_out_count", input.left_out_count},
          {"left_out_flops", Figure(input.left_out_flops)},
          {"forecasts", std::move(forecasts)},
          {"off_law", OffLawArray(input.off_law)},
          {"unfinished_count", static_cast<int64_t>(input.cut.size())},
          {"unfinished", CutArray(input.cut)},
          {"calibration", CalibrationObject(input.record)}};
}

}  // namespace isoflop
