#ifndef ISOFLOP_CORE_CHECK_CHEAPEST_REPEATED_RUN_H_
#define ISOFLOP_CORE_CHECK_CHEAPEST_REPEATED_RUN_H_

#include "core/advice/repeated_data.h"
#include "core/advice/run_bill.h"

namespace isoflop {

// The size and the tokens, of U unique ones, that reach loss L at the least bill (core/advice/run_bill.h):
//
//   min over ln N of M(N, D(N)),   D(N) = TokenCountForLoss(law, N, U, L)
//
// by golden-section search, to 1e-4 of ln N: the bill falls from infinity, where no number of repeats is enough, to one minimum, and rises. NaN where L <= E.
// All inputs positive.
OptimalSplit CheapestRepeatedRun(const RepeatedDataLaw& law, const RunPrices& prices, double unique_token_count, double loss_nats_per_token);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_CHEAPEST_REPEATED_RUN_H_
