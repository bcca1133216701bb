#include "core/check/plan_cost.h"

#include "core/base/significant_digits.h"
#include "core/quantity/training_flops.h"

namespace isoflop {

RunCost CostOfPlan(const PlannedRun& run, const std::optional<double>& parameter_count, const std::optional<double>& training_flops) {
  if (!training_flops) return {};
  // Only the product counts where one of the two is not known.
  const double tokens = run.token_count.value_or(1);
  CostModel model = run.cost_model;
  if (!run.token_count) model.price_per_billion_tokens.reset();
  model.served_token_count.reset();
  RunCost cost = CostOf(model, TokenCountForBudget(*training_flops, tokens), tokens);
  const std::optional<RunPrices> prices = PricesOf(run.cost_model);
  if (!prices || !parameter_count || !run.cost_model.served_token_count) return cost;
  cost.serving_price = RoundResult(ComputeBill(*prices, *parameter_count, tokens).serving);
  cost.total_price = RoundResult(*cost.total_price + *cost.serving_price);
  return cost;
}

}  // namespace isoflop
