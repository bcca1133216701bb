#include "core/advice/as_good.h"

#include <cmath>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"

namespace isoflop {

absl::Status CheckTolerance(double loss_share) {
  if (loss_share > 0 && loss_share <= kGreatestTolerance) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("tolerance must be a share of the loss in (0, %g], got %g", kGreatestTolerance, loss_share));
}

std::optional<AsGoodTolerance> ToleranceOf(const Fit& fit) {
  const double log_loss = AsGoodLogLoss(fit);
  if (log_loss <= 0) return std::nullopt;
  return AsGoodTolerance{.loss_share = RoundResult(std::expm1(log_loss)), .is_set = fit.as_good_tolerance.has_value()};
}

double AsGoodLogLoss(const Fit& fit) {
  return fit.as_good_tolerance ? std::log1p(*fit.as_good_tolerance) : fit.log_loss_standard_deviation.value_or(0);
}

}  // namespace isoflop
