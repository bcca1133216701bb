#include "core/advice/template_forecast.h"

#include <cmath>

#include "core/fit/percentile.h"

namespace isoflop {
namespace {

constexpr double kUsualSpread = 0.028;  // Of ln ratio, for a whole run still to come.
constexpr double kUsualRuns = 4;        // What that is worth.

}  // namespace

LogLossForecast ForecastByTemplate(double fraction, double loss_so_far, const std::vector<double>& losses_so_far,
                                   const std::vector<double>& final_losses) {
  std::vector<double> log_ratios;
  for (size_t j = 0; j < final_losses.size(); ++j) log_ratios.push_back(std::log(final_losses[j] / losses_so_far[j]));
  const double median = Quantile(log_ratios, 0.5), n = static_cast<double>(log_ratios.size());
  const double usual = kUsualSpread * (1 - fraction);
  double sum = kUsualRuns * usual * usual;
  for (double log_ratio : log_ratios) sum += (log_ratio - median) * (log_ratio - median);
  return {std::log(loss_so_far) + median, std::sqrt(sum / (kUsualRuns - 1 + n) * (1 + 1 / n))};
}

}  // namespace isoflop
