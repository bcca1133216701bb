#include "plugin/document/advice_grid_document.h"

#include <cmath>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "plugin/document/json_values.h"
#include "plugin/document/table.h"

namespace isoflop {

using nlohmann::ordered_json;

namespace {

constexpr int kStepsADecade = 12;
constexpr int kDecadesASide = 3;
constexpr int kDigits = 4;
constexpr int kLossDigits = 6;

// The number that its two digits are read as, so that it prints the same.
double TwoDigits(double value) {
  double rounded = value;
  return absl::SimpleAtod(absl::StrFormat("%.1e", value), &rounded) ? rounded : value;
}

ordered_json EstimateObject(const Interval& interval) {
  return {{"estimate", interval.estimate ? ordered_json(RoundDrawn(*interval.estimate, kDigits)) : ordered_json(nullptr)}};
}

ordered_json StepObject(const Advice& advice) {
  ordered_json as_good = nullptr, drift_weighted = nullptr;
  if (const auto& range = advice.as_good_parameter_count) {
    as_good = {{"lower", RoundDrawn(range->first, kDigits)}, {"upper", RoundDrawn(range->second, kDigits)}};
  }
  if (const auto& weighted = advice.drift_weighted) {
    drift_weighted = {{"parameter_count", EstimateObject(weighted->parameter_count)},
                      {"token_count", EstimateObject(weighted->token_count)},
                      {"loss_nats_per_token", DrawnInterval(weighted->loss_nats_per_token, kLossDigits)}};
  }
  return {{"budget_flops", advice.budget_flops},
          {"parameter_count", DrawnInterval(advice.parameter_count, kDigits)},
          {"token_count", DrawnInterval(advice.token_count, kDigits)},
          {"as_good_parameter_count", std::move(as_good)},
          {"loss_nats_per_token", DrawnInterval(advice.loss_nats_per_token, kLossDigits)},
          {"extrapolation_factor", RoundDrawn(advice.extrapolation_factor, kDigits)},
          {"drift_weighted", std::move(drift_weighted)}};
}

}  // namespace

std::vector<double> GridBudgets(double largest_training_flops) {
  const double decade = std::floor(std::log10(largest_training_flops) + 1e-12);
  std::vector<double> budgets;
  for (int step = -kDecadesASide * kStepsADecade; step <= kDecadesASide * kStepsADecade; ++step) {
    budgets.push_back(TwoDigits(std::pow(10, decade + static_cast<double>(step) / kStepsADecade)));
  }
  return budgets;
}

absl::StatusOr<ordered_json> AdviceGridDocument(const Fit& fit) {
  if (!fit.region || !fit.region->training_flops) return absl::FailedPreconditionError("the fit has no runs");
  ordered_json grid = ordered_json::array();
  for (double budget : GridBudgets(fit.region->training_flops->second)) {
    ASSIGN_OR_RETURN(const Advice advice, AdviseAllocation(fit, budget));
    grid.push_back(StepObject(advice));
  }
  return ordered_json{{"schema_version", kSchemaVersion}, {"version", fit.version}, {"advice_grid", TableOf(grid)}};
}

}  // namespace isoflop
