#ifndef ISOFLOP_PLUGIN_DOCUMENT_TRADE_OFFS_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_TRADE_OFFS_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/advice/trade_offs.h"

namespace isoflop {

// The run that `more_compute` is about, where it is one of the study's.
struct NamedRun {
  std::string run_id, run_name;  // Empty: the plan.
};

// Trade-offs as JSON (core/advice/trade_offs.h explains every figure). Below, I is {"estimate", "lower", "upper"}, 95 %, each a number or null;
// losses are nats/token, and a change of loss is negative where it is better; prices are in the currency of the question.
//
//   question      what was asked, by the names of `isoflop advise --help`; null where not given: budget_flops, bill, parameter_counts, token_counts,
//                 menu ([{"name", "parameter_count"}]), greatest_token_count, target_loss_nats_per_token, and the cost model: gpu_count, gpu_flops_per_sec, utilisation,
//                 gpu_price_per_hour, gpu_power_kw, electricity_price_per_kwh, price_per_billion_tokens, days, unique_token_count,
//                 served_token_count
//   verdict       the budget on new data: one object of `isoflop advise`
//   plan          {"parameter_count", "token_count", "tokens_per_parameter", "epoch_count" (D / U) or null, "loss_nats_per_token": I,
//                 "penalty_nats_per_token": I, "within_noise", "as_good", "training_flops", "compute_equivalent": I, "wasted_share": I, "cost": COST} or null
//                 COST: {"days", "training_price", "electricity_price", "data_price", "serving_price", "total_price"}, each a number or null
//   margin        [{"kind": "parameters" | "tokens" | "epochs" | "unique_tokens" | "better_data" | "compute" | "gpus" | "days" | "money",
//                 "added_share" (.01: 1 % more), "loss_change": I, "added_flops", "added_price", "price_per_hundredth", "worth_flops": I,
//                 "worth_price"}]
//   scale_up      {"compute_factor": 10, "parameter_factor": I, "token_factor": I, "reducible_loss_factor": I, "loss_nats_per_token": I,
//                 "halving_compute_factor": I} or null
//   fixed         of one size without tokens, or the other way round: {"parameter_count", "token_count" (the one that is fixed; the other null),
//                 "best": WAY and "loss_nats_per_token": I, where the other makes both the best split of their compute, "target": WAY or null, where it
//                 reaches the wanted loss} or null; WAY as below
//   alternatives  [{"same_compute": {"parameter_count", "token_count", "tokens_per_parameter", "epoch_count", "loss_nats_per_token": I,
//                 "penalty_nats_per_token": I, "within_noise", "as_good" (within the verdict's tolerance), "total_price"}, "same_loss": {"token_count": I, "training_flops": I,
//                 "compute_factor": I, "epoch_count", "days", "total_price"}}]; those of a menu have "name", "above_menu_best": I (loss above the menu's
//                 best at the same compute) and "as_good_as_menu_best" (within the tolerance) besides
//   menu_best     index of the alternative of least loss at the same compute, or null without a menu
//   more_compute  {"run_id", "run_name" (null: the plan), "parameter_count", "token_count", "compute_factor": 2, "options": [{"kind": "new_data" |
//                 "second_epoch" | "bigger_model" | "start_again", "parameter_count", "token_count", "loss_change": I}], "winner", "decided",
//                 "new_data_over_bigger_model": I, "second_epoch_over_new_data": I, "assumption"} or null
//   stopping      {"parameter_count", "token_count", "excess_over_converged": I, "reducible_excess": I, "longest_token_count": I,
//                 "longest_over_best": I, "restart_compute_factor": I} or null
//   target        {"loss_nats_per_token", "reachable", "reason", "least_compute": WAY, "least_price": WAY or null, "price": I, "data_suffices"} or
//                 null; WAY: {"parameter_count": I, "token_count": I, "training_flops": I, "cost": COST}
//   data_limited  {"unique_token_count", "parameter_count": I, "token_count": I, "epoch_count": I, "loss_nats_per_token": I, "loss_given_up": I,
//                 "loss_per_percent_unique_tokens": I, "loss_per_percent_compute": I, "break_even_price_per_billion_tokens": I,
//                 "break_even_flops_per_token": I, "choices": [{"epoch_count", "parameter_count", "token_count", "loss_nats_per_token": I}],
//                 "stronger_weight_decay", "source"} or null
//   serving       {"loss_nats_per_token", "served_token_count", "parameter_count": I, "token_count": I, "training_flops": I, "life_flops": I,
//                 "saved_share": I, "life_price"} or null
//   hyperparameters  {"learning_rate": {"best": I, "near_optimal": {"lower", "upper"} or null, "extrapolation_factor"}, "batch_token_count": likewise}
//                 of the plan, each where the study has a fit of it, or null
//   drift_weighted  {"weight_sum", and "plan" to "serving" as above}: the same plan and sizes by the law that trusts large runs more, resting on so many
//                 runs; null where no run above is past the largest one
//   sentences     {"margin", "scale_up", "more_compute", "stopping", "target", "data_limited", "serving"}: each part in words, or null, and of a menu
//                 "alternatives", of a fixed quantity "fixed"; what is past the largest run says what trusting large runs more changes
nlohmann::ordered_json TradeOffsObject(const TradeOffs& answer, const TradeOffsQuestion& question, const NamedRun& run);

// The same as a page of its own: with "schema_version" and "version" (of the law) before it, and four significant digits of each number past the
// question. Without "verdict", which the panel has already, and "drift_weighted": its sentences are there. "run_choices": [{"run_id", "run_name"}] are those for which more compute may be asked about.
nlohmann::ordered_json TradeOffsDocument(const TradeOffs& answer, const TradeOffsQuestion& question, const NamedRun& run,
                                         const std::vector<NamedRun>& run_choices, int64_t version);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_TRADE_OFFS_DOCUMENT_H_
