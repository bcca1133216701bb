#ifndef ISOFLOP_CORE_ADVICE_LOG_LOSS_FORECAST_H_
#define ISOFLOP_CORE_ADVICE_LOG_LOSS_FORECAST_H_

namespace isoflop {

// A forecast of ln of a final loss, in nats/token. Its interval reaches a multiple of the standard deviation to either side
// (core/advice/conformal.h).
struct LogLossForecast {
  double log_loss = 0;
  double standard_deviation = 0;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_LOG_LOSS_FORECAST_H_
