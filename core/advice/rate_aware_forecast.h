#ifndef ISOFLOP_CORE_ADVICE_RATE_AWARE_FORECAST_H_
#define ISOFLOP_CORE_ADVICE_RATE_AWARE_FORECAST_H_

#include <optional>
#include <vector>

#include "core/advice/log_loss_forecast.h"
#include "core/advice/rate_schedule.h"

namespace isoflop {

// What runs of one recipe share in
//
//   L(f) = L0 + A (S(f) / S(1))^-alpha + c L(1) m(f),   S(f) = integral of the rate up to fraction f,   m = the rate over its peak, averaged
//
// over the last `memory` of the run with exponential weights. Annealing lowers the loss by c L(1) as the rate goes from its peak to 0.
// Source: Tissue et al. 2024 (arXiv:2408.11029), whose annealing area is, up to scale, one minus such an average.
struct RateAwareConstants {
  double exponent = 0.6;        // alpha
  double annealed_share = 0.06; // c
  double memory = 0;            // In fractions of the run; 0: m is the rate itself.
};

// A finished or a running run: its curve up to now, and the schedule of the whole run.
struct ScheduledCurve {
  LossCurve curve;
  double step_count = 0;
  RateSchedule schedule;
};

// ln L(1), from L0 and A of the run's own by least squares of the relative error over its points past twice the warm-up and a tenth of the way so
// far. Nothing before twice the warm-up, or with fewer than 5 points.
std::optional<double> PredictRateAware(const ScheduledCurve& run, const RateAwareConstants& constants);

// The constants with which the curves of finished runs are followed best: alpha in .2 to 1, c in 0 to .12, memory in {0, .02, .05}. The generic
// ones, those in the struct above, without such runs.
RateAwareConstants ShareConstants(const std::vector<ScheduledCurve>& finished);

// With the constants that `finished` share, or the generic ones where there are none. The standard deviation is that of the same
// forecast of the finished runs from as far as `run` has come, with the generic one,
//
//   hypot(.02 (m(f) - m(1)), .02 (1 - f)),
//
// worth four runs. final_losses has shape [finished].
std::optional<LogLossForecast> ForecastRateAware(const ScheduledCurve& run, const std::vector<ScheduledCurve>& finished,
                                                 const std::vector<double>& final_losses);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_RATE_AWARE_FORECAST_H_
