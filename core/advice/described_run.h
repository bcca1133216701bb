#ifndef ISOFLOP_CORE_ADVICE_DESCRIBED_RUN_H_
#define ISOFLOP_CORE_ADVICE_DESCRIBED_RUN_H_

#include <optional>

#include "core/advice/cost_model.h"
#include "core/advice/law_ensemble.h"

namespace isoflop {

// One run and how well it uses its compute. Every figure is rounded by RoundResult.
struct DescribedRun {
  double parameter_count = 0;
  double token_count = 0;
  double tokens_per_parameter = 0;
  double training_flops = 0;
  std::optional<double> epoch_count;  // D / U where U is known; under 1: the share of the archive that it reads.
  Interval loss_nats_per_token;       // Bounds of one new run.
  Interval penalty_nats_per_token;    // Loss above the best split of the same compute on new tokens; bounds over replicas.
  bool within_noise = false;          // The penalty is within run noise.
  bool as_good = false;               // It is within the tolerance (core/advice/as_good.h).
  Interval compute_equivalent;        // C* (core/advice/frontier_law.h), FLOPs.
  Interval wasted_share;              // 1 - C* / C.
  RunCost cost;
};

// The run of N parameters on D tokens. With `model.unique_token_count` below D, the tokens repeat. All positive.
DescribedRun DescribeRun(const LawEnsemble& ensemble, const CostModel& model, double parameter_count, double token_count);

// The loss of that run under one law of the ensemble.
double LossOfRun(const RepeatedDataLaw& law, const CostModel& model, double parameter_count, double token_count);

// The loss of the best split of C on new tokens, as N and D of that law itself.
double LeastLossOf(const RepeatedDataLaw& law, double training_flops);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_DESCRIBED_RUN_H_
