#include "core/check/cheapest_repeated_run.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace isoflop {
namespace {

constexpr double kWidest = 12;  // ln N is sought this far above the size that would need endless new tokens.
constexpr double kTolerance = 1e-4;
constexpr double kGolden = std::numbers::phi - 1;

}  // namespace

OptimalSplit CheapestRepeatedRun(const RepeatedDataLaw& law, const RunPrices& prices, double unique_token_count, double loss) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const double reducible = loss - law.base.irreducible_loss;
  if (!(reducible > 0)) return {kNone, kNone};
  const auto bill = [&](double log_size) {
    const double n = std::exp(log_size), d = TokenCountForLoss(law, n, unique_token_count, loss);
    return std::isfinite(d) ? ComputeBill(prices, n, d).total() : INFINITY;
  };
  double low = std::log(law.base.parameter_loss_coefficient / reducible) / law.base.parameter_loss_exponent, high = low + kWidest;
  double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
  double left_bill = bill(left), right_bill = bill(right);
  while (high - low > kTolerance) {
    if (left_bill < right_bill) {
      high = right;
      right = left;
      right_bill = left_bill;
      left = high - kGolden * (high - low);
      left_bill = bill(left);
    } else {  // Also where neither reaches the loss: the size must grow.
      low = left;
      left = right;
      left_bill = right_bill;
      right = low + kGolden * (high - low);
      right_bill = bill(right);
    }
  }
  const double n = std::exp(0.5 * (low + high));
  return {n, TokenCountForLoss(law, n, unique_token_count, loss)};
}

}  // namespace isoflop
