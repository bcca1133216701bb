#include "core/advice/token_limited.h"

#include "core/advice/marginal_value.h"
#include "core/quantity/training_flops.h"

namespace isoflop {

TokenLimitedRun ComputeTokenLimitedRun(const AdditiveLaw& law, double training_flops, double greatest_token_count) {
  const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents(law), training_flops);
  const bool binds = best.token_count > greatest_token_count;
  const double tokens = binds ? greatest_token_count : best.token_count;
  const double size = binds ? training_flops / (kFlopsPerParameterToken * tokens) : best.parameter_count;
  const MarginalValue margin = ComputeMarginalValue(law, size, tokens);
  return {.parameter_count = size,
          .token_count = tokens,
          .loss_nats_per_token = PredictLoss(law, size, tokens),
          .loss_per_log_compute = margin.loss_per_log_parameters,
          .loss_per_log_limit = binds ? margin.loss_per_log_tokens - margin.loss_per_log_parameters : 0};
}

}  // namespace isoflop
