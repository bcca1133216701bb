#include "core/fit/near_optimal.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/significant_digits.h"
#include "core/fit/percentile.h"

namespace isoflop {
namespace {

constexpr size_t kFewestCells = 3;

}  // namespace

std::optional<NearOptimalBand> FindNearOptimalBand(const Prepared& evidence, const Theta& theta) {
  std::vector<double> lowest, highest;
  for (size_t i = 0; i < evidence.near_best_responses.size(); ++i) {
    const std::vector<double>& responses = evidence.near_best_responses[i];
    if (responses.size() < 2) continue;
    const double predicted = evidence.law->PredictLog(evidence.inputs[i], theta, nullptr, nullptr);
    const auto [least, greatest] = std::minmax_element(responses.begin(), responses.end());
    lowest.push_back(*least - predicted);
    highest.push_back(*greatest - predicted);
  }
  if (lowest.size() < kFewestCells) return std::nullopt;
  const auto cell_count = static_cast<int64_t>(lowest.size());
  return NearOptimalBand{.lower_factor = RoundResult(std::exp(Quantile(std::move(lowest), 0.5))),
                         .upper_factor = RoundResult(std::exp(Quantile(std::move(highest), 0.5))),
                         .cell_count = cell_count};
}

}  // namespace isoflop
