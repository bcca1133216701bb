#ifndef ISOFLOP_CORE_ADVICE_FORECAST_RECORD_H_
#define ISOFLOP_CORE_ADVICE_FORECAST_RECORD_H_

#include <string>
#include <vector>

#include "core/advice/forecast.h"

namespace isoflop {

// A forecast that was made of a run that has ended since.
struct PastForecast {
  std::string run_id;
  ForecastMethod method = ForecastMethod::kPowerLaw;
  double progress = 0;    // At which it was made.
  double absolute_z = 0;  // |ln final loss - ln forecast| / its standard deviation.
};

// Lets the study's own record say how far the interval of a forecast made at `progress` reaches: the multiple of core/advice/conformal.h, of the newest
// kMostPastForecasts runs whose forecasts are comparable, that is by the same method and from within kComparableProgress; one of a run counts, the nearest in
// progress. Forecasts are told from the runs of their time, so that the record holds them to what they could know; those of finished runs left
// out one by one (core/advice/residual_carry.h) know more. Leaves the forecast as it is where comparable ones are too few for the level.
// `record` is in order of time.
void ReachByRecord(const std::vector<PastForecast>& record, double progress, LossForecast& forecast, double level = kForecastLevel);

inline constexpr double kComparableProgress = 0.15;
inline constexpr size_t kMostPastForecasts = 200;

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_FORECAST_RECORD_H_
