#include "core/advice/cost_model.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

absl::Status CheckField(const char* name, const std::optional<double>& value, bool may_be_zero) {
  if (!value || (std::isfinite(*value) && (*value > 0 || (may_be_zero && *value == 0)))) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s must be %s and finite, got %g", name, may_be_zero ? "0 or more" : "positive", *value));
}

}  // namespace

absl::Status CheckCostModel(const CostModel& model) {
  RETURN_IF_ERROR(CheckField("gpu_count", model.gpu_count, false));
  RETURN_IF_ERROR(CheckField("gpu_flops_per_sec", model.gpu_flops_per_sec, false));
  RETURN_IF_ERROR(CheckField("utilisation", model.utilisation, false));
  if (model.utilisation && *model.utilisation > 1) {
    return absl::InvalidArgumentError(absl::StrFormat("utilisation must be at most 1, got %g", *model.utilisation));
  }
  RETURN_IF_ERROR(CheckField("gpu_price_per_hour", model.gpu_price_per_hour, true));
  RETURN_IF_ERROR(CheckField("gpu_power_kw", model.gpu_power_kw, true));
  RETURN_IF_ERROR(CheckField("electricity_price_per_kwh", model.electricity_price_per_kwh, true));
  RETURN_IF_ERROR(CheckField("price_per_billion_tokens", model.price_per_billion_tokens, true));
  RETURN_IF_ERROR(CheckField("days", model.days, false));
  RETURN_IF_ERROR(CheckField("unique_token_count", model.unique_token_count, false));
  return CheckField("served_token_count", model.served_token_count, false);
}

std::optional<Devices> DevicesOf(const CostModel& model) {
  if (!model.gpu_flops_per_sec) return std::nullopt;
  return Devices{.count = model.gpu_count.value_or(1),
                 .flops_per_sec = *model.gpu_flops_per_sec,
                 .utilisation = model.utilisation.value_or(1),
                 .price_per_hour = model.gpu_price_per_hour.value_or(0),
                 .power_kw = model.gpu_power_kw.value_or(0),
                 .electricity_price_per_kwh = model.electricity_price_per_kwh.value_or(0)};
}

std::optional<RunPrices> PricesOf(const CostModel& model) {
  const std::optional<Devices> devices = DevicesOf(model);
  if (!devices || !(PricePerTrainingFlop(*devices) > 0)) return std::nullopt;
  const double price = PricePerTrainingFlop(*devices);
  return RunPrices{.per_training_flop = price,
                   .per_token = model.price_per_billion_tokens.value_or(0) / 1e9,
                   .per_serving_flop = price,
                   .served_token_count = model.served_token_count.value_or(0)};
}

std::optional<double> TrainingFlopsByDeadline(const CostModel& model) {
  const std::optional<Devices> devices = DevicesOf(model);
  if (!devices || !model.gpu_count || !model.days) return std::nullopt;
  return TrainingFlopsOfDays(*devices, *model.days);
}

RunCost CostOf(const CostModel& model, double parameter_count, double token_count) {
  RunCost cost;
  const double flops = TrainingFlops(parameter_count, token_count);
  const double new_tokens = std::min(token_count, model.unique_token_count.value_or(token_count));
  if (model.price_per_billion_tokens) cost.data_price = RoundResult(new_tokens * *model.price_per_billion_tokens / 1e9);
  const std::optional<Devices> devices = DevicesOf(model);
  if (devices && model.gpu_count) cost.days = RoundResult(DaysOfTrainingFlops(*devices, flops));
  if (devices && model.gpu_power_kw && model.electricity_price_per_kwh) cost.electricity_price = RoundResult(ElectricityPrice(*devices, flops));
  const std::optional<RunPrices> prices = PricesOf(model);
  if (!prices) return cost;
  const RunBill bill = ComputeBill(*prices, parameter_count, token_count);
  cost.training_price = RoundResult(bill.training);
  if (model.served_token_count) cost.serving_price = RoundResult(bill.serving);
  cost.total_price = RoundResult(bill.training + bill.serving + cost.data_price.value_or(0));
  return cost;
}

}  // namespace isoflop
