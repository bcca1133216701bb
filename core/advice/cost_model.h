#ifndef ISOFLOP_CORE_ADVICE_COST_MODEL_H_
#define ISOFLOP_CORE_ADVICE_COST_MODEL_H_

#include <optional>

#include "absl/status/status.h"
#include "core/advice/device_budget.h"
#include "core/advice/run_bill.h"

namespace isoflop {

// What a team has and pays, as far as it says so. Prices in any one currency.
struct CostModel {
  std::optional<double> gpu_count;                  // At hand.
  std::optional<double> gpu_flops_per_sec;          // Of one.
  std::optional<double> utilisation;                // Of gpu_flops_per_sec, in (0, 1]; absent: 1, the figure is then the effective one.
  std::optional<double> gpu_price_per_hour;         // Of one.
  std::optional<double> gpu_power_kw;               // Of one, with its cooling.
  std::optional<double> electricity_price_per_kwh;  // Besides gpu_price_per_hour.
  std::optional<double> price_per_billion_tokens;   // Of new training tokens.
  std::optional<double> days;                       // Until the deadline.
  std::optional<double> unique_token_count;         // U: all the training data there is.
  std::optional<double> served_token_count;         // D_inf: over the model's life.
};

// InvalidArgument, naming the field, where a given one is not positive and finite (prices and power may be 0), or utilisation is over 1.
absl::Status CheckCostModel(const CostModel& model);

// The devices; nothing where the FLOP/s of one are not known. One device where the count is not known.
std::optional<Devices> DevicesOf(const CostModel& model);

// Money prices; nothing where neither the hour nor the electricity of a GPU has a price. Serving costs a FLOP what training does.
std::optional<RunPrices> PricesOf(const CostModel& model);

// gpu_count GPUs for `days`; nothing where one of them is not known.
std::optional<double> TrainingFlopsByDeadline(const CostModel& model);

// What one run takes, as far as the model tells.
struct RunCost {
  std::optional<double> days;            // On gpu_count GPUs.
  std::optional<double> training_price;  // Electricity included.
  std::optional<double> electricity_price;
  std::optional<double> data_price;      // Of the unique tokens that it uses.
  std::optional<double> serving_price;
  std::optional<double> total_price;     // Of training, data and serving; absent where training has no price.
};
RunCost CostOf(const CostModel& model, double parameter_count, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_COST_MODEL_H_
