#include "plugin/service/curve_observations.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "core/quantity/quantity.h"
#include "plugin/recognize/read_source.h"
#include "plugin/store/curve_thinner.h"

namespace isoflop {
namespace {

// A metric in the quantity's own unit, by ascending step.
struct StepValue {
  int64_t step = 0;
  double value = 0;
};
using StepCurve = std::vector<StepValue>;
using CurvesByRun = std::map<std::string, StepCurve>;

// The last finite point of each StepInterval.
StepCurve LastOfIntervals(const std::vector<StoredPoint>& points, double unit) {
  StepCurve curve;
  for (const StoredPoint& point : points) {
    if (!IsFinite(point)) continue;
    if (!curve.empty() && StepInterval(curve.back().step) == StepInterval(point.step)) curve.pop_back();
    curve.push_back({point.step, point.value * unit});
  }
  return curve;
}

absl::StatusOr<CurvesByRun> LoadMetric(RunStore& store, const std::string& study_id, const std::vector<QuantitySource>& mapping, Quantity quantity) {
  CurvesByRun curves;
  const std::optional<std::string> key = MetricOf(mapping, quantity);
  if (!key.has_value()) return curves;
  ASSIGN_OR_RETURN(const std::vector<MetricCurve> stored, store.LoadCurves(study_id, *key));
  for (const MetricCurve& curve : stored) curves[curve.run_id] = LastOfIntervals(curve.points, UnitOf(mapping, quantity));
  return curves;
}

// On the line between the neighbours of `step`; nothing outside the curve.
std::optional<double> ValueAt(const StepCurve& curve, int64_t step) {
  const auto above = std::lower_bound(curve.begin(), curve.end(), step, [](const StepValue& a, int64_t b) { return a.step < b; });
  if (above == curve.end()) return std::nullopt;
  if (above->step == step) return above->value;
  if (above == curve.begin()) return std::nullopt;
  const StepValue& below = *(above - 1);
  return below.value + (above->value - below.value) * static_cast<double>(step - below.step) / static_cast<double>(above->step - below.step);
}

// Adds the points of one run. `tokens` may be empty.
void AddPoints(const Observation& run, const StepCurve& losses, const StepCurve& tokens, RecognizedStudy& study) {
  const double run_tokens = *run.token_count;
  int64_t left_out = 0;
  for (const StepValue& loss : losses) {
    const std::optional<double> d = tokens.size() > 1 ? ValueAt(tokens, loss.step)
                                                      : run_tokens * static_cast<double>(loss.step) / static_cast<double>(losses.back().step);
    if (!(d > 0.0 && loss.value > 0)) {
      ++left_out;
      continue;
    }
    Observation& point = study.observations.emplace_back();
    point = {.parameter_count = run.parameter_count, .token_count = d, .loss_nats_per_token = loss.value};
    if (run.training_flops) point.training_flops = *run.training_flops * (*d / run_tokens);
    point.run_id = point.run_group = run.run_id;
    point.run_name = run.run_name;
  }
  if (left_out == 0) return;
  study.excluded.push_back({.run_id = run.run_id,
                            .run_name = run.run_name,
                            .reason = "points of its curve without a positive loss, or without tokens known there",
                            .point_count = left_out});
}

}  // namespace

absl::StatusOr<RecognizedStudy> ObserveCurves(RunStore& store, const std::string& study_id, const RecognizedStudy& recognized) {
  ASSIGN_OR_RETURN(CurvesByRun losses, LoadMetric(store, study_id, recognized.mapping, Quantity::kLoss));
  ASSIGN_OR_RETURN(CurvesByRun tokens, LoadMetric(store, study_id, recognized.mapping, Quantity::kTokenCount));
  RecognizedStudy study = {.excluded = recognized.excluded, .convention = recognized.convention};
  bool has_curve = false;
  for (const Observation& run : recognized.observations) {
    const size_t count_before = study.observations.size();
    AddPoints(run, losses[run.run_id], tokens[run.run_id], study);
    has_curve |= study.observations.size() > count_before + 1;
    if (study.observations.size() <= kGreatestObservationCount) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("study: at most ", kGreatestObservationCount, " points of its curves are fitted in a call; narrow it by where"));
  }
  if (has_curve) return study;
  return absl::FailedPreconditionError("study: approach envelope needs training curves, and no run has two points of its loss at known tokens");
}

}  // namespace isoflop
