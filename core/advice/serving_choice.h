#ifndef ISOFLOP_CORE_ADVICE_SERVING_CHOICE_H_
#define ISOFLOP_CORE_ADVICE_SERVING_CHOICE_H_

#include <optional>

#include "core/advice/cost_model.h"
#include "core/advice/law_ensemble.h"

namespace isoflop {

// The cheapest model over its life at a wanted loss (core/advice/run_bill.h). Every figure is rounded by RoundResult.
struct ServingChoice {
  double loss_nats_per_token = 0;
  double served_token_count = 0;
  Interval parameter_count, token_count, training_flops;  // Bounds over the replicas' own.
  Interval life_flops;     // 6ND + 2N D_inf.
  Interval saved_share;    // Of the life's FLOPs, against the model that is cheapest to train to that loss.
  std::optional<double> life_price;  // Training and serving, where a FLOP has a price; the price of data too, where it has one.
};

// In FLOPs; data has no price in it. `model.served_token_count` must be there.
ServingChoice AdviseServing(const LawEnsemble& ensemble, const CostModel& model, double loss_nats_per_token);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_SERVING_CHOICE_H_
