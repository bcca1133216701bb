#ifndef ISOFLOP_CORE_ADVICE_ALTERNATIVES_H_
#define ISOFLOP_CORE_ADVICE_ALTERNATIVES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/advice/described_run.h"

namespace isoflop {

// One size, at the compute of a budget and at one loss: "20 B on 40 % of the archive, 200 B on 4 %, or between". Every figure is rounded by RoundResult.
struct Alternative {
  std::string name;  // On the user's menu; may be empty.
  DescribedRun same_compute;
  // Of a menu: its loss above that of the menu's best at the same compute, bounds over replicas; and whether that is within the tolerance.
  Interval above_menu_best;
  bool as_good_as_menu_best = false;
  // Tokens with which the size reaches the loss, and the FLOPs of that; without estimate where it never does. Where U is known, tokens past it repeat.
  // Bounds over replicas.
  Interval same_loss_token_count;
  Interval same_loss_training_flops;
  Interval same_loss_compute_factor;  // Over the least compute that reaches it with new tokens.
  std::optional<double> same_loss_epoch_count;  // D / U, where U is known.
  RunCost same_loss_cost;
};

// In the order of `parameter_counts`, all positive.
std::vector<Alternative> CompareAlternatives(const LawEnsemble& ensemble, const CostModel& model, double training_flops,
                                             double loss_nats_per_token, const std::vector<double>& parameter_counts);

// Fills `above_menu_best` and `as_good_as_menu_best` of them, and returns which has the least loss at the same compute. At least one.
size_t CompareWithMenuBest(const LawEnsemble& ensemble, const CostModel& model, std::vector<Alternative>& alternatives);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_ALTERNATIVES_H_
