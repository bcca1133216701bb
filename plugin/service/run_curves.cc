#include "plugin/service/run_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/status.h"
#include "core/fit/schedule_diagnostic.h"
#include "plugin/recognize/quantity_names.h"
#include "plugin/recognize/read_source.h"
#include "plugin/recognize/schedule.h"
#include "plugin/store/curve_thinner.h"

namespace isoflop {
namespace {

constexpr double kSameRatio = 1.01;

struct TimedPoint {
  double step = 0, value = 0, time_ms = 0;
};

// The last finite point of each StepInterval past step 0, in the quantity's unit.
std::vector<TimedPoint> PointsOf(const std::vector<StoredPoint>& stored, double unit) {
  std::vector<TimedPoint> points;
  for (const StoredPoint& point : stored) {
    if (!IsFinite(point) || point.step <= 0) continue;
    if (!points.empty() && StepInterval(static_cast<int64_t>(points.back().step)) == StepInterval(point.step)) points.pop_back();
    points.push_back({static_cast<double>(point.step), point.value * unit, static_cast<double>(point.time_ms)});
  }
  return points;
}

double ValueAt(const std::vector<TimedPoint>& points, double step) {
  const auto above = std::lower_bound(points.begin(), points.end(), step, [](const TimedPoint& a, double b) { return a.step < b; });
  if (above == points.begin()) return points.front().value;
  if (above == points.end()) return points.back().value;
  const TimedPoint& below = *(above - 1);
  return below.value + (above->value - below.value) * (step - below.step) / (above->step - below.step);
}

// `rates` may be empty.
LossCurve CurveOf(const std::vector<TimedPoint>& losses, const std::vector<TimedPoint>& rates) {
  LossCurve curve;
  for (const TimedPoint& loss : losses) {
    if (!(loss.value > 0)) continue;
    curve.steps.push_back(loss.step);
    curve.losses.push_back(loss.value);
    if (rates.size() > 1) curve.learning_rates.push_back(std::max(0.0, ValueAt(rates, loss.step)));
  }
  return curve;
}

absl::StatusOr<std::map<std::string, std::vector<TimedPoint>>> LoadMetric(RunStore& store, const std::string& study_id,
                                                                         const std::optional<std::string>& key, double unit) {
  std::map<std::string, std::vector<TimedPoint>> curves;
  if (!key) return curves;
  ASSIGN_OR_RETURN(const std::vector<MetricCurve> stored, store.LoadCurves(study_id, *key));
  for (const MetricCurve& curve : stored) curves[curve.run_id] = PointsOf(curve.points, unit);
  return curves;
}

absl::StatusOr<std::vector<TimedPoint>> LoadMetricOf(RunStore& store, const RunRecord& run, const std::optional<std::string>& key,
                                                     double unit) {
  if (!key || !run.metrics.contains(*key)) return std::vector<TimedPoint>();
  ASSIGN_OR_RETURN(const MetricCurve stored, store.LoadCurve(run.run_id, *key));
  return PointsOf(stored.points, unit);
}

std::optional<double> Slope(const std::vector<TimedPoint>& points) {
  if (points.size() < 2 || !(points.back().value > points.front().value)) return std::nullopt;
  return (points.back().value - points.front().value) / (points.back().step - points.front().step);
}

// The ratio that all agree on.
std::optional<double> Agreed(const std::vector<double>& ratios) {
  if (ratios.empty()) return std::nullopt;
  const auto [least, greatest] = std::minmax_element(ratios.begin(), ratios.end());
  return *greatest <= kSameRatio * *least ? std::optional(*least) : std::nullopt;
}

double PeakOf(const LossCurve& curve) {
  return curve.learning_rates.empty() ? 0 : *std::max_element(curve.learning_rates.begin(), curve.learning_rates.end());
}

// Planned N, D and steps.
void Plan(const RunRecord& record, const std::vector<QuantitySource>& mapping, const std::optional<double>& steps_per_token, RunningCurve& running) {
  const auto planned = [&](Quantity quantity) { return PlannedValue(record, mapping, quantity); };
  running.run.parameter_count = planned(Quantity::kParameterCount).value_or(0);
  running.run.token_count = planned(Quantity::kTokenCount).value_or(0);
  running.run.step_count = ReadSchedule(record).steps_planned.value_or(planned(Quantity::kStepCount).value_or(0));
  running.training_flops = planned(Quantity::kTrainingFlops);
  running.batch_token_count = planned(Quantity::kBatchTokenCount);
  const double tokens_a_step = running.tokens_per_step.value_or(running.batch_token_count.value_or(steps_per_token ? 1 / *steps_per_token : 0));
  if (!(tokens_a_step > 0)) return;
  if (running.run.step_count == 0) running.run.step_count = running.run.token_count / tokens_a_step;
  if (running.run.token_count == 0) running.run.token_count = running.run.step_count * tokens_a_step;
}

}  // namespace

std::optional<std::string> RateMetricOf(const RunRecord& run, const std::vector<QuantitySource>& mapping) {
  if (auto key = MetricOf(mapping, Quantity::kLearningRate)) return key;
  for (const auto& [key, metric] : run.metrics) {
    const KnownName* known = FindKnownName(key);
    if (known != nullptr && known->quantity == Quantity::kLearningRate && metric.point_count > 1) return key;
  }
  return std::nullopt;
}

absl::StatusOr<FinishedCurves> LoadFinishedCurves(RunStore& store, const std::string& study_id, const RecognizedStudy& recognized,
                                                   const std::optional<std::string>& rate_key) {
  const auto& mapping = recognized.mapping;
  ASSIGN_OR_RETURN(auto losses, LoadMetric(store, study_id, MetricOf(mapping, Quantity::kLoss), UnitOf(mapping, Quantity::kLoss)));
  ASSIGN_OR_RETURN(auto rates, LoadMetric(store, study_id, rate_key, 1));
  FinishedCurves finished;
  std::vector<double> ratios;
  for (const Observation& run : recognized.observations) {
    if (StoppedEarly(run)) continue;
    CurvedRun curved{.parameter_count = *run.parameter_count,
                     .token_count = *run.token_count,
                     .curve = CurveOf(losses[run.run_id], rates[run.run_id]),
                     .final_loss = *run.loss_nats_per_token};
    if (curved.curve.steps.size() < 2) continue;
    curved.step_count = curved.curve.steps.back();
    ratios.push_back(curved.step_count / curved.token_count);
    finished.learning_rates.push_back(run.learning_rate.value_or(PeakOf(curved.curve)));
    finished.run_ids.push_back(run.run_id);
    finished.run_names.push_back(run.run_name);
    finished.runs.push_back(std::move(curved));
  }
  finished.steps_per_token = Agreed(ratios);
  return finished;
}

absl::StatusOr<RunningCurve> LoadRunningCurve(RunStore& store, const RunRecord& record, const RecognizedStudy& recognized,
                                              const std::optional<double>& finished_steps_per_token) {
  const auto& mapping = recognized.mapping;
  const std::optional<std::string> loss_key = MetricOf(mapping, Quantity::kLoss);
  ASSIGN_OR_RETURN(const std::vector<TimedPoint> losses, LoadMetricOf(store, record, loss_key, UnitOf(mapping, Quantity::kLoss)));
  ASSIGN_OR_RETURN(const std::vector<TimedPoint> rates, LoadMetricOf(store, record, RateMetricOf(record, mapping), 1));
  ASSIGN_OR_RETURN(const std::vector<TimedPoint> tokens,
                   LoadMetricOf(store, record, MetricOf(mapping, Quantity::kTokenCount), UnitOf(mapping, Quantity::kTokenCount)));
  RunningCurve running;
  running.run.curve = CurveOf(losses, rates);
  running.tokens_per_step = Slope(tokens);
  Plan(record, mapping, finished_steps_per_token, running);
  running.learning_rate = PlannedValue(record, mapping, Quantity::kLearningRate);
  if (const double peak = PeakOf(running.run.curve); !running.learning_rate && peak > 0) running.learning_rate = peak;
  if (loss_key && record.metrics.contains(*loss_key)) {
    const MetricSummary& loss = record.metrics.at(*loss_key);
    running.ends_in_nan = std::isnan(loss.value);
    running.last_time_ms = loss.time_ms;
  }
  if (losses.size() > 1) {
    const TimedPoint& from = losses[losses.size() / 2 - (losses.size() == 2 ? 1 : 0)];
    const double milliseconds = losses.back().time_ms - from.time_ms;
    if (milliseconds > 0) running.seconds_per_step = milliseconds / 1000 / (losses.back().step - from.step);
  }
  return running;
}

}  // namespace isoflop
