#include "core/advice/calibration.h"

#include <cmath>

#include "core/fit/percentile.h"

namespace isoflop {

double ScoredForecast::z() const { return (std::log(final_loss) - forecast.log_loss) / forecast.standard_deviation; }

bool ScoredForecast::held() const { return std::abs(z()) <= multiple; }

std::optional<Calibration> Calibrate(const std::vector<ScoredForecast>& scored) {
  if (scored.empty()) return std::nullopt;
  Calibration calibration{.count = static_cast<int>(scored.size())};
  std::vector<double> errors;
  for (const ScoredForecast& one : scored) {
    calibration.held_share += one.held() / static_cast<double>(scored.size());
    calibration.mean_absolute_z += std::abs(one.z()) / static_cast<double>(scored.size());
    errors.push_back(std::abs(std::log(one.final_loss) - one.forecast.log_loss));
  }
  calibration.median_absolute_error = Quantile(std::move(errors), 0.5);
  return calibration;
}

}  // namespace isoflop
