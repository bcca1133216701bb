#ifndef ISOFLOP_CORE_ADVICE_MORE_COMPUTE_H_
#define ISOFLOP_CORE_ADVICE_MORE_COMPUTE_H_

#include <string>
#include <vector>

#include "core/advice/law_ensemble.h"

namespace isoflop {

// One use of more compute for a run.
struct ComputeOption {
  // "new_data": N on k D, all new. "second_epoch": N on k D of which D are unique. "bigger_model": k N on D, trained from the start.
  // "start_again": the best split of k C, trained from the start.
  std::string kind;
  double parameter_count = 0;
  double token_count = 0;
  Interval loss_change;  // Against the run's own predicted loss, nats/token; negative is better. Bounds over replicas.
};

struct MoreCompute {
  double parameter_count = 0;  // The run: N on D, seen once.
  double token_count = 0;
  double compute_factor = 2;  // k: all options cost k C, of which the last two cannot use what the run has cost.
  std::vector<ComputeOption> options;
  std::string winner;    // Kind of the greatest drop among "new_data", "second_epoch" and "bigger_model".
  bool decided = false;  // The winner beats each other one of the three in 97.5 % of the replicas; false without replicas.
  Interval new_data_over_bigger_model;  // Drop by new data over drop by a bigger model.
  Interval second_epoch_over_new_data;  // What of the drop by new data a second epoch gives.
  std::string assumption;
};

// Under the ensemble's law; repeats fade with its R_D. Every figure is rounded by RoundResult.
MoreCompute SpendMoreCompute(const LawEnsemble& ensemble, double parameter_count, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_MORE_COMPUTE_H_
