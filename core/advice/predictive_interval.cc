#include "core/advice/predictive_interval.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/fit/percentile.h"

namespace isoflop {
namespace {

// The point below which the mixture of N(centre_k, sd^2) holds `probability`: Newton's method on the smooth distribution function, from where a normal
// distribution of the mixture's mean and variance has it, `z` standard deviations off, and kept within a bracket that every step narrows. Newton steps
// square the error, so that one of 1e-6 sd leaves about 1e-12 sd.
double MixtureQuantile(const std::vector<double>& centres, double sd, double probability, double z) {
  const auto count = static_cast<double>(centres.size());
  double sum = 0, square_sum = 0;
  for (double centre : centres) sum += centre;
  const double mean = sum / count;
  for (double centre : centres) square_sum += (centre - mean) * (centre - mean);
  double low = *std::min_element(centres.begin(), centres.end()) - 8 * sd;
  double high = *std::max_element(centres.begin(), centres.end()) + 8 * sd;
  double x = mean + z * std::sqrt(square_sum / count + sd * sd);
  if (!(x > low && x < high)) x = Quantile(centres, probability);  // Also where a replica's loss is infinite.
  for (int iteration = 0; iteration < 100; ++iteration) {
    double below = 0, density = 0;
    for (double centre : centres) {
      const double off = (x - centre) / sd;
      below += 0.5 * std::erfc(-off * std::numbers::sqrt2 / 2);
      density += std::exp(-0.5 * off * off);
    }
    const double excess = below / count - probability;
    density /= count * sd * std::sqrt(2 * std::numbers::pi);
    (excess > 0 ? high : low) = x;
    const double newton = x - excess / density;
    const bool bracketed = newton > low && newton < high;
    const double next = bracketed ? newton : 0.5 * (low + high);
    const double moved = std::abs(next - x);
    x = next;
    if (moved < (bracketed ? 1e-6 * sd : 1e-13 * (1 + std::abs(x)))) break;
  }
  return x;
}

}  // namespace

std::pair<double, double> NewRunInterval(const std::vector<double>& replica_losses, double log_loss_standard_deviation) {
  std::vector<double> log_losses;
  log_losses.reserve(replica_losses.size());
  for (double loss : replica_losses) log_losses.push_back(std::log(loss));
  if (!(log_loss_standard_deviation > 0)) {
    const auto [low, high] = CentralInterval(std::move(log_losses));
    return {std::exp(low), std::exp(high)};
  }
  constexpr double kNormalQuantile = 1.96;
  return {std::exp(MixtureQuantile(log_losses, log_loss_standard_deviation, 0.025, -kNormalQuantile)),
          std::exp(MixtureQuantile(log_losses, log_loss_standard_deviation, 0.975, kNormalQuantile))};
}

}  // namespace isoflop
