#ifndef ISOFLOP_CORE_ADVICE_TRADE_OFFS_H_
#define ISOFLOP_CORE_ADVICE_TRADE_OFFS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/allocation.h"
#include "core/advice/alternatives.h"
#include "core/advice/data_limited.h"
#include "core/advice/hyperparameters.h"
#include "core/advice/loss_target.h"
#include "core/advice/margin_table.h"
#include "core/advice/more_compute.h"
#include "core/advice/described_run.h"
#include "core/advice/fixed_choice.h"
#include "core/advice/serving_choice.h"
#include "core/advice/stopping_advice.h"
#include "core/quantity/architecture.h"

namespace isoflop {

// A model to choose among: its size in the fit's convention, or the network that it is counted from.
struct MenuModel {
  std::string name;  // May be empty.
  std::optional<double> parameter_count;
  std::optional<Architecture> architecture;  // Only where parameter_count is absent.
};

// What a lead asks. The budget is the first of these that is given: `budget_flops`; 6 N D of one size and one token count; `bill`, split at its best
// between compute and data; gpu_count GPUs for `days`; what makes the one size, or the one token count, the best of its compute.
struct TradeOffsQuestion {
  std::optional<double> budget_flops;
  std::optional<double> bill;             // Money for training, data and serving together.
  std::vector<double> parameter_counts;   // One: N is fixed. Several: a menu of sizes.
  std::vector<double> token_counts;       // Likewise.
  std::vector<MenuModel> menu;            // A menu of models, besides at most one size and one token count.
  std::optional<double> greatest_token_count;  // What a rate of tokens, or the largest useful batch, lets through before the deadline.
  std::optional<double> target_loss_nats_per_token;
  std::optional<OptimalSplit> run;        // For more_compute; absent: the plan.
  CostModel model;
  std::vector<const Fit*> hyperparameter_fits;  // Of learning_rate and batch_size; may be empty.
};

// What k = 10 times the compute multiplies; bounds over replicas.
struct ScaleUpAdvice {
  double compute_factor = 10;
  Interval parameter_factor, token_factor, reducible_loss_factor;
  Interval loss_nats_per_token;     // At k times the budget; bounds of one new run.
  Interval halving_compute_factor;  // How many times the compute halves L - E.
};

// What follows from one law. Every figure is rounded by RoundResult; all is empty past 100 times the largest run.
struct TradeOffParts {
  // With U, the plan, its margin and the alternatives are by the law of repeated data (core/advice/law_ensemble.h, WithFadingSizes).
  // The plan: the fixed N or D; else the best for the bill; else the best on U unique tokens; else the best split on at most `greatest_token_count`.
  std::optional<DescribedRun> plan;
  std::vector<MarginRow> margin;  // Of the plan.
  std::optional<ScaleUpAdvice> scale_up;
  std::optional<FixedChoice> fixed;       // Where one of N and D is fixed, and not both.
  std::vector<Alternative> alternatives;  // Of the menu, or 1/4 to 4 times the best size; same loss: the target, else the best of the budget.
  std::optional<size_t> menu_best;        // The alternative of least loss at the same compute, where there is a menu.
  std::optional<MoreCompute> more_compute;
  std::optional<StoppingAdvice> stopping;
  std::optional<LossTarget> target;         // Where a target loss is given.
  std::optional<DataLimited> data_limited;  // Where U is known.
  std::optional<ServingChoice> serving;     // Where the tokens to be served are known; at the target, else the best loss of the budget.
};

struct TradeOffs : TradeOffParts {
  Advice advice;  // At the budget, on new data. Past 100 times the largest run its band is all there is.
  std::vector<HyperparameterAdvice> hyperparameters;  // Of the plan, one a fit.
  // The same of the same plan, sizes and run, and the best of the same budget, by the law that trusts large runs more (core/fit/drift.h), whose
  // interval rests on fewer runs: where any run in the parts above is past the largest one.
  std::optional<TradeOffParts> drift_weighted;
  double drift_weight_sum = 0;  // How many runs that rests on.
};

// InvalidArgument, naming the field, for a question without a budget, with two menus, or with a value that is not positive and finite;
// FailedPrecondition where the fit's law has no trade-offs (core/advice/law_ensemble.h), or a fit of hyperparameters is not one.
absl::StatusOr<TradeOffs> WeighTradeOffs(const Fit& fit, const TradeOffsQuestion& question);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_TRADE_OFFS_H_
