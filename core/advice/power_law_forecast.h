#ifndef ISOFLOP_CORE_ADVICE_POWER_LAW_FORECAST_H_
#define ISOFLOP_CORE_ADVICE_POWER_LAW_FORECAST_H_

#include <optional>

#include "core/advice/log_loss_forecast.h"
#include "core/advice/loss_curve.h"

namespace isoflop {

// Where nothing but the curve so far is known: L(s) = c + K s^-a through its points past a fifth of the way so far, a in .05 to 1.5, c and K not
// negative, by least squares of the relative error, at `step_count`. It sees no annealing, so that it errs by percents: the standard deviation is
// .085 (1 - f). Nothing with fewer than 5 points.
std::optional<LogLossForecast> ForecastByPowerLaw(const LossCurve& curve, double step_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_POWER_LAW_FORECAST_H_
