#ifndef ISOFLOP_CORE_ADVICE_MARGIN_TABLE_H_
#define ISOFLOP_CORE_ADVICE_MARGIN_TABLE_H_

#include <optional>
#include <string>
#include <vector>

#include "core/advice/cost_model.h"
#include "core/advice/law_ensemble.h"

namespace isoflop {

// A little more of one thing, and what it buys a run. Every figure is rounded by RoundResult.
struct MarginRow {
  // "parameters", "tokens" (new ones), "epochs" (repeats; instead of tokens where the data is used up), "unique_tokens" (at the same compute),
  // "better_data" (each token worth 1 % more, at the same compute), "compute" (on whichever of size and tokens gains more; at the best split the frontier),
  // "gpus" (one more, for the same days), "days" (one more), "money" (1 % more of the bill, split at its best).
  std::string kind;
  double added_share = 0;        // Of itself: .01, or 1 / count.
  Interval loss_change;          // Nats/token; negative is better. Bounds over replicas.
  double added_flops = 0;
  std::optional<double> added_price;
  std::optional<double> price_per_hundredth;  // Of a nat/token at this rate.
  // FLOPs that, spent as "compute", would buy the same; the price of these is what the thing is worth paying for. Absent where it is compute itself.
  Interval worth_flops;
  std::optional<double> worth_price;
};

// For a run of N parameters on D tokens, repeated where `model.unique_token_count` is below D.
// Formulas: core/advice/marginal_value.h, repeated_data.h, run_bill.h, device_budget.h.
std::vector<MarginRow> ComputeMarginTable(const LawEnsemble& ensemble, const CostModel& model, double parameter_count, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_MARGIN_TABLE_H_
