#ifndef ISOFLOP_CORE_ADVICE_FORECAST_H_
#define ISOFLOP_CORE_ADVICE_FORECAST_H_

#include <optional>
#include <utility>
#include <vector>

#include "core/advice/log_loss_forecast.h"
#include "core/advice/loss_curve.h"

namespace isoflop {

// A run with what its tracker holds of it.
struct CurvedRun {
  double parameter_count = 0;  // N
  double token_count = 0;      // D of the whole run, as planned where it has not ended.
  double step_count = 0;       // Steps of the whole run, in the unit of the curve's.
  LossCurve curve;
  double final_loss = 0;       // Of a finished run.
};

// How a forecast was made. Residuals are carried where they can be; of the next two the one of the lesser standard deviation is taken, as the
// finished runs themselves tell which follows them better; the power law is what remains. The last value itself is never a forecast.
enum class ForecastMethod {
  kResidualCarry,     // core/advice/residual_carry.h: kLeastCarryRuns finished runs of the same schedule.
  kTemplate,          // core/advice/template_forecast.h: two of them.
  kRateAware,         // core/advice/rate_aware_forecast.h, with constants shared by finished runs of any schedule.
  kGenericRateAware,  // The same with constants of published runs. Where the rate still stands at its peak, a decay may yet come: the deviation says so.
  kPowerLaw,          // core/advice/power_law_forecast.h.
};

// Where the multiple of an interval comes from (core/advice/conformal.h).
enum class MultipleSource {
  kUsual,        // Of too few forecasts: 2.6 at 95 %.
  kLeaveOneOut,  // How far the finished runs lie from what the others say of them.
  kRecord,       // How far the study's past forecasts missed (core/advice/forecast_record.h).
};

struct LossForecast {
  ForecastMethod method = ForecastMethod::kPowerLaw;
  LogLossForecast log_loss;
  double multiple = 0;       // Of the standard deviation, to either side, for the interval at the level asked for.
  int compared_count = 0;    // Finished runs that it rests on.
  MultipleSource multiple_source = MultipleSource::kUsual;
  int multiple_count = 0;    // Misses that the multiple rests on.

  double estimate() const;                    // Nats/token.
  std::pair<double, double> interval() const;
};

inline constexpr double kForecastLevel = 0.95;  // Of every interval that is shown.

// The final loss of a run that has come to the last step of its curve. Of finished runs the kMostComparedRuns nearest in (ln N, ln D) count; N or D
// of 0 is not known, and rules the first method out. Runs are of the same schedule where ShapeDistance is within kSameShape, or where no rate of either is known.
// Nothing where the curve has too few points for any method, or step_count is not known or passed.
std::optional<LossForecast> ForecastFinalLoss(const CurvedRun& run, const std::vector<CurvedRun>& finished, double level = kForecastLevel);

// Whether it is too early to tell: before 8 % of the steps, or before the end of warm-up (its rate still rises).
bool IsTooEarly(const CurvedRun& run);

inline constexpr double kEarlyFraction = 0.08;
inline constexpr size_t kMostComparedRuns = 256;

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_FORECAST_H_
