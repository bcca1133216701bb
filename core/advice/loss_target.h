#ifndef ISOFLOP_CORE_ADVICE_LOSS_TARGET_H_
#define ISOFLOP_CORE_ADVICE_LOSS_TARGET_H_

#include <optional>
#include <string>

#include "core/advice/cost_model.h"
#include "core/advice/law_ensemble.h"

namespace isoflop {

// One way to a wanted loss: bounds over the replicas' own.
struct WayToLoss {
  Interval parameter_count, token_count, training_flops;
  RunCost cost;  // At the estimates.
};

// On new tokens, serving left out. Every figure is rounded by RoundResult.
struct LossTarget {
  double loss_nats_per_token = 0;
  bool reachable = false;  // Above the irreducible loss of the estimate.
  WayToLoss least_compute;
  // With the price of data (core/advice/run_bill.h); absent where compute or data have no price.
  std::optional<WayToLoss> least_price;
  Interval price;                       // Of that way.
  std::optional<bool> data_suffices;    // Whether U holds the tokens of the least price, else of the least compute, once each; absent where U is not known.
  std::string reason;                   // Where it is not reachable.
};
LossTarget AdviseLossTarget(const LawEnsemble& ensemble, const CostModel& model, double loss_nats_per_token);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_LOSS_TARGET_H_
