#ifndef ISOFLOP_CORE_ADVICE_SIZE_PENALTY_H_
#define ISOFLOP_CORE_ADVICE_SIZE_PENALTY_H_

#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/allocation.h"
#include "core/fit/fit.h"

namespace isoflop {

// What a model of another size gives up at one budget:
//
//   penalty(N) = L(N, C / (6 N)) - L(N*, C / (6 N*))   in nats/token,
//
// with N* the best size at the estimates. Its bounds are the central 95 % of the same difference over the replicas, N* kept: they are 0 at N*
// itself and may fall below 0 beside it, as a replica's own best size is another. For L = E + A / N^alpha + B / D^beta and N = k N*:
//
//   penalty = A N*^-alpha (k^-alpha - 1) + B D*^-beta (k^beta - 1)
struct SizePenalty {
  double parameter_count = 0;
  Interval penalty_nats_per_token;
};

// One other size in full.
struct OtherSize {
  double size_ratio = 0;  // N / N*; also what serving a token costs beside the best size, as that takes 2 N FLOPs.
  double parameter_count = 0;
  double token_count = 0;
  double tokens_per_parameter = 0;
  Interval penalty_nats_per_token;
  bool within_noise = false;  // The penalty is within one run-noise standard deviation in log loss.
  bool as_good = false;       // It is within the tolerance (core/advice/as_good.h).
};

struct OtherSizes {
  Advice best;                      // At this budget.
  double noise_nats_per_token = 0;  // One run-noise standard deviation, at the best loss.
  double tolerance_nats_per_token = 0;  // What a size may give up and be as good, there.
  std::vector<SizePenalty> valley;  // By size, ascending, in equal ratios around the best; past the sizes that are as good on both sides.
  std::vector<OtherSize> sizes;     // N / N* = 1/4, 1/2, 1, 2.
};

// Both lists are empty where AdviseAllocation gives no point. Codes as AdviseAllocation. Every figure is rounded by RoundResult.
absl::StatusOr<OtherSizes> CompareSizes(const Fit& fit, double budget_flops);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_SIZE_PENALTY_H_
