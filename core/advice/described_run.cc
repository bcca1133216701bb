#include "core/advice/described_run.h"

#include "core/advice/frontier_law.h"
#include "core/base/significant_digits.h"
#include "core/quantity/training_flops.h"

namespace isoflop {

double LossOfRun(const RepeatedDataLaw& law, const CostModel& model, double parameter_count, double token_count) {
  return PredictLoss(law, parameter_count, token_count, model.unique_token_count.value_or(token_count));
}

double LeastLossOf(const RepeatedDataLaw& law, double training_flops) { return LeastLoss(ComputeFrontierLaw(law.base), training_flops); }

DescribedRun DescribeRun(const LawEnsemble& ensemble, const CostModel& model, double parameter_count, double token_count) {
  const double flops = TrainingFlops(parameter_count, token_count);
  const auto loss = [&](const RepeatedDataLaw& law) { return LossOfRun(law, model, parameter_count, token_count); };
  const auto equivalent = [&](const RepeatedDataLaw& law) { return ComputeEquivalent(ComputeFrontierLaw(law.base), loss(law)); };
  DescribedRun run{.parameter_count = RoundResult(parameter_count),
                 .token_count = RoundResult(token_count),
                 .tokens_per_parameter = RoundResult(token_count / parameter_count),
                 .training_flops = RoundResult(flops)};
  if (model.unique_token_count) run.epoch_count = RoundResult(token_count / *model.unique_token_count);
  run.loss_nats_per_token = NewRunLossOf(ensemble, flops, loss);
  run.penalty_nats_per_token =
      IntervalOf(ensemble, flops, [&](const RepeatedDataLaw& law) { return loss(law) - LeastLossOf(law, flops); });
  run.within_noise = run.penalty_nats_per_token.estimate &&
                     WithinNoise(ensemble, loss(ensemble.estimate), *run.penalty_nats_per_token.estimate);
  run.as_good = run.penalty_nats_per_token.estimate && IsAsGood(ensemble, loss(ensemble.estimate), LeastLossOf(ensemble.estimate, flops));
  run.compute_equivalent = IntervalOf(ensemble, flops, equivalent);
  run.wasted_share = IntervalOf(ensemble, flops, [&](const RepeatedDataLaw& law) { return 1 - equivalent(law) / flops; });
  run.cost = CostOf(model, parameter_count, token_count);
  return run;
}

}  // namespace isoflop
