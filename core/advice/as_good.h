#ifndef ISOFLOP_CORE_ADVICE_AS_GOOD_H_
#define ISOFLOP_CORE_ADVICE_AS_GOOD_H_

#include <optional>

#include "absl/status/status.h"
#include "core/fit/fit.h"

namespace isoflop {

// What a run may lose beside the best one and still count as good: the share of the loss that a team has set (Fit::as_good_tolerance), else one
// run-noise standard deviation, which one run cannot show.
//
//   L is as good as L*  where  ln(L / L*) <= ln(1 + loss_share);   loss_share = e^s - 1 for run noise s.
struct AsGoodTolerance {
  double loss_share = 0;  // Positive. Rounded by RoundResult.
  bool is_set = false;    // By the team; else it is run noise.
};

// A share over this is no tolerance: .5, say, was meant in percent.
inline constexpr double kGreatestTolerance = 0.1;

// InvalidArgument for a tolerance out of (0, kGreatestTolerance].
absl::Status CheckTolerance(double loss_share);

// Nothing where none is set and run noise is 0 or not known.
std::optional<AsGoodTolerance> ToleranceOf(const Fit& fit);

// The greatest ln(L / L*) that is as good; 0 where ToleranceOf is nothing.
double AsGoodLogLoss(const Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_AS_GOOD_H_
