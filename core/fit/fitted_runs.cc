#include "core/fit/fitted_runs.h"

namespace isoflop {

std::vector<FittedRun> FittedRunsOf(const std::vector<Observation>& sorted) {
  std::vector<FittedRun> runs;
  runs.reserve(sorted.size());
  for (const Observation& o : sorted) {
    runs.push_back({o.parameter_count, o.token_count, o.training_flops, o.unique_token_count, o.loss_nats_per_token, o.weight});
  }
  return runs;
}

std::vector<Observation> ObservationsOf(const std::vector<FittedRun>& runs) {
  std::vector<Observation> observations;
  observations.reserve(runs.size());
  for (const FittedRun& run : runs) {
    observations.push_back({.parameter_count = run.parameter_count,
                            .token_count = run.token_count,
                            .training_flops = run.training_flops,
                            .loss_nats_per_token = run.loss_nats_per_token,
                            .unique_token_count = run.unique_token_count,
                            .weight = run.weight});
  }
  return observations;
}

}  // namespace isoflop
