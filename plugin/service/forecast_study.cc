#include "plugin/service/forecast_study.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

#include "core/advice/loss_at.h"
#include "core/fit/intervals.h"
#include "core/fit/schedule_diagnostic.h"
#include "core/quantity/training_flops.h"
#include "plugin/recognize/read_source.h"

namespace isoflop {
namespace {

// The law's loss at (N, D), where the law tells it.
std::optional<double> LawLoss(const StudyView& view, double parameter_count, double token_count) {
  if (view.law == nullptr || !(parameter_count > 0 && token_count > 0)) return std::nullopt;
  const Fit& fit = view.law->fit;
  const absl::StatusOr<const Law*> law = LawInSizeAndTokens(fit);
  if (!law.ok()) return std::nullopt;
  std::vector<double> values;
  for (const FittedParameter& parameter : fit.parameters) values.push_back(*parameter.value.estimate);
  return LossAt(**law, CoordinatesOf(**law, values), parameter_count, token_count);
}

// Of the finished run nearest in (ln N, ln D); nothing where there is none.
std::optional<size_t> NearestTo(const CurvedRun& run, const FinishedCurves& finished) {
  if (!(run.parameter_count > 0 && run.token_count > 0)) return std::nullopt;
  std::optional<size_t> nearest;
  double least = INFINITY;
  for (size_t i = 0; i < finished.runs.size(); ++i) {
    const double distance = std::hypot(std::log(run.parameter_count / finished.runs[i].parameter_count),
                                       std::log(run.token_count / finished.runs[i].token_count));
    if (!(distance < least)) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}

RunningState StateOf(const RunningCurve& running, const RunForecast& said, const StudyView& view, bool ends_hot) {
  if (running.ends_in_nan || HasDiverged(running.run.curve)) return RunningState::kDiverged;
  if (!(running.run.step_count > 0)) return RunningState::kLengthUnknown;
  if (ends_hot) return RunningState::kUnfinished;
  if (IsTooEarly(running.run)) return RunningState::kTooEarly;
  if (!said.forecast || !said.law_loss) return RunningState::kUnjudged;
  return CompareWithLaw(*said.forecast, *said.law_loss, view.law->fit.log_loss_standard_deviation.value_or(0));
}

std::optional<CauseFound> CauseOf(const RunningCurve& running, const RunForecast& said, const StudyView& view, double usual_learning_rate,
                                  const std::optional<double>& hot_end) {
  const CurvedRun& run = running.run;
  RunLog log{.parameter_count = run.parameter_count,
             .token_count = run.token_count,
             .training_flops = running.training_flops,
             .tokens_per_step = running.tokens_per_step,
             .batch_token_count = running.batch_token_count,
             .hot_end = hot_end,
             .learning_rate = running.learning_rate};
  if (usual_learning_rate > 0) log.usual_learning_rate = usual_learning_rate;
  return FindCause(log, said.state, said.forecast, LawLoss(view, run.parameter_count / 2, run.token_count).value_or(0),
                   LawLoss(view, run.parameter_count * 2, run.token_count).value_or(0));
}

}  // namespace

std::vector<PastForecast> PastOf(const std::vector<RunRecordOfForecast>& record) {
  std::vector<PastForecast> past;
  for (const RunRecordOfForecast& one : record) past.push_back({one.run_id, one.method, one.progress, std::abs(one.scored.z())});
  return past;
}

RunForecast ForecastRun(const RunRecord& record, const RunningCurve& running, const FinishedCurves& finished, const StudyView& view,
                        const std::vector<PastForecast>& past) {
  const CurvedRun& run = running.run;
  RunForecast said{.run_id = record.run_id, .run_name = record.run_name, .parameter_count = run.parameter_count, .token_count = run.token_count};
  said.law_loss = LawLoss(view, run.parameter_count, run.token_count);
  said.last_time_ms = running.last_time_ms;
  if (run.step_count > 0 && !run.curve.steps.empty()) {
    const double made = run.curve.steps.back();
    said.progress = std::min(1.0, made / run.step_count);
    const double flops = running.training_flops.value_or(TrainingFlops(run.parameter_count, run.token_count));
    if (flops > 0) said.remaining_flops = flops * (1 - *said.progress);
    if (running.seconds_per_step) said.remaining_sec = *running.seconds_per_step * std::max(0.0, run.step_count - made);
  }
  if (run.step_count > 0 && !IsTooEarly(run) && !running.ends_in_nan) said.forecast = ForecastFinalLoss(run, finished.runs);
  if (said.forecast) ReachByRecord(past, *said.progress, *said.forecast);
  const std::optional<double> hot_end = HotEnd(run, finished.runs);
  said.state = StateOf(running, said, view, hot_end.has_value());
  if (said.state == RunningState::kDiverged) said.forecast.reset();
  const std::optional<size_t> nearest = NearestTo(run, finished);
  if (nearest) {
    said.neighbour_run_id = finished.run_ids[*nearest];
    said.neighbour_run_name = finished.run_names[*nearest];
  }
  said.cause = CauseOf(running, said, view, nearest ? finished.learning_rates[*nearest] : 0, hot_end);
  return said;
}

std::optional<Prediction> PredictionOf(const RunForecast& said, const StudyView& view) {
  if (!said.forecast || !said.progress || !(*said.progress < 1)) return std::nullopt;
  return Prediction{.study_id = view.study_id,
                    .run_id = said.run_id,
                    .tenth = static_cast<int>(10 * *said.progress),
                    .time_ms = said.last_time_ms,
                    .law_version = view.version(),
                    .method = NameOf(said.forecast->method),
                    .progress = *said.progress,
                    .log_loss = said.forecast->log_loss.log_loss,
                    .standard_deviation = said.forecast->log_loss.standard_deviation,
                    .multiple = said.forecast->multiple};
}

std::vector<RunRecordOfForecast> ScorePredictions(std::vector<Prediction> predictions, const RecognizedStudy& recognized) {
  std::unordered_map<std::string, const Observation*> truths;
  for (const Observation& run : recognized.observations) truths[run.run_id] = &run;
  std::stable_sort(predictions.begin(), predictions.end(), [](const Prediction& a, const Prediction& b) { return a.time_ms < b.time_ms; });
  std::vector<RunRecordOfForecast> record;
  for (const Prediction& prediction : predictions) {
    const auto truth = truths.find(prediction.run_id);
    const std::optional<ForecastMethod> method = MethodNamed(prediction.method);
    if (truth == truths.end() || !method) continue;
    record.push_back({.run_id = prediction.run_id,
                      .run_name = truth->second->run_name,
                      .method = *method,
                      .progress = prediction.progress,
                      .scored = {.forecast = {prediction.log_loss, prediction.standard_deviation},
                                 .multiple = prediction.multiple,
                                 .final_loss = *truth->second->loss_nats_per_token}});
  }
  return record;
}

std::vector<CutRun> FindCutRuns(const RecognizedStudy& recognized) {
  const std::vector<Observation>& runs = recognized.observations;
  std::vector<CutRun> cut;
  if (std::all_of(runs.begin(), runs.end(), [](const Observation& run) { return HasConstantRate(run) && !StoppedEarly(run); })) return cut;
  for (const Observation& run : runs) {
    if (StoppedEarly(run) || EndedHot(run)) cut.push_back({run.run_id, run.run_name, run.completed_step_share, run.final_learning_rate_share});
  }
  std::sort(cut.begin(), cut.end(), [](const CutRun& a, const CutRun& b) { return std::tie(a.run_name, a.run_id) < std::tie(b.run_name, b.run_id); });
  return cut;
}

std::optional<double> PlannedFlops(const RunRecord& run, const std::vector<QuantitySource>& mapping) {
  if (const auto flops = PlannedValue(run, mapping, Quantity::kTrainingFlops)) return flops;
  const auto n = PlannedValue(run, mapping, Quantity::kParameterCount), d = PlannedValue(run, mapping, Quantity::kTokenCount);
  return n && d ? std::optional(TrainingFlops(*n, *d)) : std::nullopt;
}

Examined ExamineFinishedRuns(const RecognizedStudy& recognized) {
  std::vector<Observation> runs = recognized.observations;
  if (runs.size() > kMostExamined) {
    std::nth_element(runs.begin(), runs.begin() + kMostExamined, runs.end(),
                     [](const Observation& a, const Observation& b) { return TrainingFlopsOf(a).value_or(0) > TrainingFlopsOf(b).value_or(0); });
    runs.resize(kMostExamined);
  }
  const absl::StatusOr<OffLawReport> report = FindOffLaw(runs);
  if (!report.ok()) return {};
  Examined examined{.smallest_visible_shift = report->smallest_visible_shift};
  for (size_t i = 0; i < runs.size(); ++i) examined.runs.push_back({runs[i].run_id, runs[i].run_name, report->runs[i]});
  return examined;
}

}  // namespace isoflop
