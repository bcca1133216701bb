#ifndef ISOFLOP_CORE_ADVICE_PRECISION_REACH_H_
#define ISOFLOP_CORE_ADVICE_PRECISION_REACH_H_

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/next_runs.h"

namespace isoflop {

enum class PrecisionState {
  kReached,         // The runs so far suffice,
  kWithinBudget,    // or the budget may,
  kDrifting,        // but for trusting large runs more (core/fit/drift.h): that moves ln L by more than is wanted, and by more than the law's own interval.
  kTooFar,          // nor past kFarthestTarget times the runs, where no interval of a law holds,
  kSplitUnknown,    // nor where the best size is not known to a factor of kWidestSize: the interval is that of the loss near one split.
  kNoiseLimited,    // No choice of candidates for the budget suffices; with less run noise, or repeated runs, one would.
  kBudgetLimited,   // Nor would a hundredth of the noise: the runs that the budget allows tell too little, or it allows none.
};

// Whether the loss at a target can be known as well as is wanted. A precision is half the central 95 % interval of ln L at the best split of the
// target, by the law alone: 1.96 sqrt(c' M c), c = d ln L / d theta there.
struct PrecisionReach {
  PrecisionState state = PrecisionState::kReached;
  double wanted = 0;
  double now = 0;                    // By the runs so far.
  double budget_flops = 0;           // For new runs.
  double best = 0;                   // No choice of candidates for the budget, each run once, leads to a smaller one.
  double size_factor = 1;            // Between the ends of the 95 % interval of the best size.
  double log_loss_noise = 0;         // sqrt(s2): standard deviation of one run's ln L.
  double dearest_flops = 0;          // Of the candidates that the budget allows; 0: none.
  std::optional<double> drift;       // By how much trusting large runs more moves ln L there.
  // Where it is noise-limited, about what would do: a budget of `needed_flops`, or new runs of `enough_noise`.
  std::optional<double> needed_flops, enough_noise;
};

inline constexpr double kWidestSize = 10;
inline constexpr double kWantedPrecision = 0.01;  // Of ln L, where nobody says: what published pools of runs can reach (1 %).

// Over all designs 0 <= w_i <= 1, the share of candidate i that is run, each of at most the budget's cost, and sum w_i cost_i <= budget,
//
//   c' (M^-1 + sum_i w_i J_i J_i' / s2)^-1 c
//
// is convex and least where the steps of Frank and Wolfe (1956) lead; their gap bounds it from below, and `best` is that bound, to 1 %. It holds for every
// choice of candidates, each run once, as w_i of 0 and 1 are among the shares. The same design k times over tells as much as runs of 1 / sqrt(k) of the
// noise, whence `needed_flops` and `enough_noise`.
//
// InvalidArgument where `wanted` is not in (0, 1) or `budget_flops` is not positive and finite; else as DesignTarget::At.
struct PrecisionQuestion {
  double target_flops = 0;
  double wanted = kWantedPrecision;
  double budget_flops = 0;
  std::pair<double, double> runs_flops = {0, INFINITY};  // Of the cheapest and the dearest run so far.
  std::optional<double> drift;                           // As in PrecisionReach.
};
absl::StatusOr<PrecisionReach> ReachPrecision(const DesignFit& fit, const std::vector<CandidateRun>& candidates, const PrecisionQuestion& question);

inline constexpr double kFarthestTarget = 100;  // Times the dearest run, or under the cheapest: as EXTRAPOLATION in core/fit/diagnostic.h.

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_PRECISION_REACH_H_
