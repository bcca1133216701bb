#include "core/fit/poisson_weights.h"

#include <array>
#include <cmath>

#include "core/fit/mix.h"

namespace isoflop {
namespace {

constexpr int kGreatestWeight = 20;  // Beyond it lies 1e-20 of the distribution.
constexpr double kUniformUnit = 0x1p-53;  // Of a draw in [0, 1) with 53 bits.

// P(weight <= k) of the Poisson distribution of mean 1. Shape [kGreatestWeight].
std::array<double, kGreatestWeight> CumulativeProbabilities() {
  std::array<double, kGreatestWeight> cumulative{};
  double probability = std::exp(-1.0);
  for (int k = 0; k < kGreatestWeight; ++k) {
    cumulative[k] = probability + (k > 0 ? cumulative[k - 1] : 0);
    probability /= k + 1;
  }
  return cumulative;
}

}  // namespace

std::vector<double> PoissonWeights(const std::vector<uint64_t>& keys, uint64_t seed, uint64_t replica) {
  static const std::array<double, kGreatestWeight> kCumulative = CumulativeProbabilities();
  const uint64_t stream = Mix(Mix(0, seed), replica);
  std::vector<double> weights;
  weights.reserve(keys.size());
  for (uint64_t key : keys) {
    const double uniform = kUniformUnit * static_cast<double>(Mix(stream, key) >> 11);
    int weight = 0;
    while (weight < kGreatestWeight && uniform >= kCumulative[weight]) ++weight;
    weights.push_back(weight);
  }
  return weights;
}

}  // namespace isoflop
