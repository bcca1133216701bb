#include "core/advice/serving_choice.h"

#include "core/advice/frontier_law.h"
#include "core/base/significant_digits.h"

namespace isoflop {

ServingChoice AdviseServing(const LawEnsemble& ensemble, const CostModel& model, double loss_nats_per_token) {
  const RunPrices flops = {.served_token_count = *model.served_token_count};
  const auto cheapest = [&](const RepeatedDataLaw& law) { return ComputeCheapestForLoss(law.base, flops, loss_nats_per_token); };
  const PricedRun best = cheapest(ensemble.estimate);
  const auto of = [&](const Figure& figure) { return IntervalOf(ensemble, best.bill.training, figure); };
  ServingChoice choice{.loss_nats_per_token = RoundResult(loss_nats_per_token), .served_token_count = *model.served_token_count};
  choice.parameter_count = of([&](const RepeatedDataLaw& law) { return cheapest(law).parameter_count; });
  choice.token_count = of([&](const RepeatedDataLaw& law) { return cheapest(law).token_count; });
  choice.training_flops = of([&](const RepeatedDataLaw& law) { return cheapest(law).bill.training; });
  choice.life_flops = of([&](const RepeatedDataLaw& law) { return cheapest(law).bill.total(); });
  choice.saved_share = of([&](const RepeatedDataLaw& law) {
    const OptimalSplit split = ComputeOptimalSplit(ComputeAllocationExponents(law.base),
                                                   ComputeEquivalent(ComputeFrontierLaw(law.base), loss_nats_per_token));
    return 1 - cheapest(law).bill.total() / ComputeBill(flops, split.parameter_count, split.token_count).total();
  });
  if (choice.parameter_count.estimate) choice.life_price = CostOf(model, best.parameter_count, best.token_count).total_price;
  return choice;
}

}  // namespace isoflop
