#include "core/advice/forecast.h"

#include <algorithm>
#include <cmath>

#include "core/advice/conformal.h"
#include "core/advice/rate_aware_forecast.h"
#include "core/advice/rate_schedule.h"
#include "core/advice/residual_carry.h"
#include "core/advice/template_forecast.h"
#include "core/advice/power_law_forecast.h"
#include "core/fit/percentile.h"

namespace isoflop {
namespace {

constexpr size_t kLeastTemplates = 2;
constexpr size_t kMostSharing = 32;         // Finished runs that constants are shared with: each costs hundreds of small solves.
constexpr double kStillAtPeak = 0.99;       // Of the peak rate, where none of a run's kind has shown a decay,
constexpr double kUnseenDecay = 0.03;       // which may yet come: half of what it lowers ln L by.
constexpr double kMuchNoisier = 9;          // As variances: less is the estimates' own scatter.
constexpr double kLeastDeviation = 0.001;   // Of the fall-backs: what a last point may be off by.

double FractionOf(const CurvedRun& run) { return run.curve.steps.back() / run.step_count; }

double Distance(const CurvedRun& a, const CurvedRun& b) {
  return std::hypot(std::log(a.parameter_count / b.parameter_count), std::log(a.token_count / b.token_count));
}

bool HasSize(const CurvedRun& run) { return run.parameter_count > 0 && run.token_count > 0; }

bool IsSameSchedule(const CurvedRun& run, const CurvedRun& other) {
  const auto of_run = ScheduleOf(run.curve, run.step_count), of_other = ScheduleOf(other.curve, other.step_count);
  if (!of_run || !of_other) return !of_run && !of_other;
  return ShapeDistance(*of_run, *of_other) <= kSameShape;
}

// The nearest first where sizes are known; at most kMostComparedRuns.
std::vector<const CurvedRun*> Comparable(const CurvedRun& run, const std::vector<CurvedRun>& finished) {
  std::vector<const CurvedRun*> comparable;
  for (const CurvedRun& other : finished) {
    if (HasSize(other) && !other.curve.steps.empty() && other.final_loss > 0) comparable.push_back(&other);
  }
  if (HasSize(run)) {
    std::stable_sort(comparable.begin(), comparable.end(),
                     [&run](const CurvedRun* a, const CurvedRun* b) { return Distance(run, *a) < Distance(run, *b); });
  }
  if (comparable.size() > kMostComparedRuns) comparable.resize(kMostComparedRuns);
  return comparable;
}

// The variance that the run's own points bring to its loss so far beyond what those of the others brought to theirs, where it is much noisier.
double OwnVariance(const CurvedRun& run, const std::vector<const CurvedRun*>& others) {
  std::vector<double> variances;
  for (const CurvedRun* other : others) variances.push_back(EndVariance(CurveUntil(other->curve, FractionOf(run) * other->step_count)));
  if (variances.empty()) return 0;
  const double own = EndVariance(run.curve), usual = Quantile(std::move(variances), 0.5);
  return own > kMuchNoisier * usual ? own - usual : 0;
}

LossForecast Make(ForecastMethod method, LogLossForecast log_loss, double multiple, size_t compared_count) {
  log_loss.standard_deviation = std::max(log_loss.standard_deviation, kLeastDeviation);
  return {method, log_loss, multiple, static_cast<int>(compared_count)};
}

std::optional<LossForecast> CarryResiduals(const CurvedRun& run, const std::vector<const CurvedRun*>& same, double level) {
  const auto losses = LossesForCarry(run.curve, run.curve.steps.back());
  if (!losses || !HasSize(run)) return std::nullopt;
  std::vector<CarryRun> others;
  for (const CurvedRun* other : same) {
    const auto so_far = LossesForCarry(other->curve, FractionOf(run) * other->step_count);
    if (so_far) others.push_back({other->parameter_count, other->token_count, *so_far, other->final_loss});
  }
  const absl::StatusOr<ResidualCarry> carry = ResidualCarry::Fit(others);
  if (!carry.ok()) return std::nullopt;
  LogLossForecast log_loss = carry->Forecast(run.parameter_count, run.token_count, *losses);
  log_loss.standard_deviation = std::hypot(log_loss.standard_deviation, std::sqrt(OwnVariance(run, same)));
  LossForecast forecast{ForecastMethod::kResidualCarry, log_loss,
                        IntervalMultiple(carry->absolute_z(), level), static_cast<int>(others.size())};
  if (HasEnoughForMultiple(others.size(), level)) {
    forecast.multiple_source = MultipleSource::kLeaveOneOut;
    forecast.multiple_count = forecast.compared_count;
  }
  return forecast;
}

std::optional<LossForecast> ByTemplate(const CurvedRun& run, const std::vector<const CurvedRun*>& same, double level) {
  std::vector<double> so_far, finals;
  for (const CurvedRun* other : same) {
    const std::optional<double> loss = LossAtStep(other->curve, FractionOf(run) * other->step_count);
    if (!loss || so_far.size() >= kLeastCarryRuns) continue;
    so_far.push_back(*loss);
    finals.push_back(other->final_loss);
  }
  if (so_far.size() < kLeastTemplates) return std::nullopt;
  const double now = *LossAtStep(run.curve, run.curve.steps.back());
  LogLossForecast log_loss = ForecastByTemplate(FractionOf(run), now, so_far, finals);
  log_loss.standard_deviation = std::hypot(log_loss.standard_deviation, std::sqrt(OwnVariance(run, same)));
  return Make(ForecastMethod::kTemplate, log_loss, IntervalMultiple({}, level), so_far.size());
}

// What the run's rate will do: as that of the finished run nearest in shape, else as one of the usual forms.
std::optional<RateSchedule> PlannedSchedule(const CurvedRun& run, const std::vector<const CurvedRun*>& finished) {
  const std::optional<RateSchedule> so_far = ScheduleOf(run.curve, run.step_count);
  if (!so_far) return std::nullopt;
  double least = kSameShape;
  std::optional<RateSchedule> nearest;
  for (const CurvedRun* other : finished) {
    const std::optional<RateSchedule> schedule = ScheduleOf(other->curve, other->step_count);
    if (!schedule) continue;
    const double distance = ShapeDistance(*so_far, *schedule);
    if (!(distance < least)) continue;
    least = distance;
    nearest = ContinueAs(*so_far, *schedule);
  }
  return nearest ? nearest : ContinueByForm(*so_far);
}

std::optional<LossForecast> ByRate(const CurvedRun& run, const std::vector<const CurvedRun*>& finished, double level) {
  const std::optional<RateSchedule> planned = PlannedSchedule(run, finished);
  if (!planned) return std::nullopt;
  std::vector<ScheduledCurve> sharing;
  std::vector<double> finals;
  for (const CurvedRun* other : finished) {
    const std::optional<RateSchedule> schedule = ScheduleOf(other->curve, other->step_count);
    if (!schedule || sharing.size() >= kMostSharing) continue;
    sharing.push_back({other->curve, other->step_count, *schedule});
    finals.push_back(other->final_loss);
  }
  auto log_loss = ForecastRateAware({run.curve, run.step_count, *planned}, sharing, finals);
  if (!log_loss) return std::nullopt;
  if (sharing.empty() && planned->shares.back() > kStillAtPeak) {
    log_loss->standard_deviation = std::hypot(log_loss->standard_deviation, kUnseenDecay);
  }
  return Make(sharing.empty() ? ForecastMethod::kGenericRateAware : ForecastMethod::kRateAware, *log_loss, IntervalMultiple({}, level), sharing.size());
}

}  // namespace

double LossForecast::estimate() const { return std::exp(log_loss.log_loss); }

std::pair<double, double> LossForecast::interval() const {
  const double reach = multiple * log_loss.standard_deviation;
  return {std::exp(log_loss.log_loss - reach), std::exp(log_loss.log_loss + reach)};
}

std::optional<LossForecast> ForecastFinalLoss(const CurvedRun& run, const std::vector<CurvedRun>& finished, double level) {
  if (run.curve.steps.empty() || !(run.step_count >= run.curve.steps.back())) return std::nullopt;
  const std::vector<const CurvedRun*> comparable = Comparable(run, finished);
  std::vector<const CurvedRun*> same;
  for (const CurvedRun* other : comparable) {
    if (IsSameSchedule(run, *other)) same.push_back(other);
  }
  if (auto forecast = CarryResiduals(run, same, level)) return forecast;
  const std::optional<LossForecast> by_template = ByTemplate(run, same, level), by_rate = ByRate(run, comparable, level);
  if (by_template && by_rate) {
    return by_rate->log_loss.standard_deviation < by_template->log_loss.standard_deviation ? by_rate : by_template;
  }
  if (by_template || by_rate) return by_template ? by_template : by_rate;
  const auto log_loss = ForecastByPowerLaw(run.curve, run.step_count);
  if (!log_loss) return std::nullopt;
  return Make(ForecastMethod::kPowerLaw, *log_loss, IntervalMultiple({}, level), 0);
}

bool IsTooEarly(const CurvedRun& run) {
  if (run.curve.steps.empty() || FractionOf(run) < kEarlyFraction) return true;
  const std::optional<RateSchedule> schedule = ScheduleOf(run.curve, run.step_count);
  return schedule && schedule->warm_up == schedule->fractions.back();
}

}  // namespace isoflop
