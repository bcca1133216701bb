#ifndef ISOFLOP_CORE_ADVICE_CALIBRATION_H_
#define ISOFLOP_CORE_ADVICE_CALIBRATION_H_

#include <optional>
#include <vector>

#include "core/advice/log_loss_forecast.h"

namespace isoflop {

// A forecast that was made, and the loss that came.
struct ScoredForecast {
  LogLossForecast forecast;
  double multiple = 0;    // Of its interval.
  double final_loss = 0;  // Nats/token.

  double z() const;       // (ln final - ln forecast) / sd.
  bool held() const;      // Whether the interval held the truth.
};

// How far a study's forecasts can be believed. Well calibrated intervals of 95 % hold 95 % of the truths; with normal errors and true standard
// deviations the mean |z| is sqrt(2 / pi) = .798, and a larger one says that forecasts are surer than they should be.
struct Calibration {
  int count = 0;
  double held_share = 0;
  double mean_absolute_z = 0;
  double median_absolute_error = 0;  // Of ln L.
};

// Nothing of no forecasts.
std::optional<Calibration> Calibrate(const std::vector<ScoredForecast>& scored);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_CALIBRATION_H_
