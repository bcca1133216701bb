#ifndef ISOFLOP_CORE_ADVICE_TEMPLATE_FORECAST_H_
#define ISOFLOP_CORE_ADVICE_TEMPLATE_FORECAST_H_

#include <vector>

#include "core/advice/log_loss_forecast.h"

namespace isoflop {

// For a few finished runs of the same schedule: the final loss is as many times the loss at fraction f as the median of theirs,
//
//   forecast = x(f) median(final_j / x_j(f)),
//   sd^2 = (4 (.028 (1 - f))^2 + sum (ln ratio_j - ln median)^2) / (3 + n) (1 + 1 / n)
//
// .028 (1 - f) is how far such ratios differ between sizes and lengths of published runs. Shapes [run_count], one at least; losses positive; f in
// (0, 1].
LogLossForecast ForecastByTemplate(double fraction, double loss_so_far, const std::vector<double>& losses_so_far,
                                   const std::vector<double>& final_losses);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_TEMPLATE_FORECAST_H_
