#ifndef ISOFLOP_CORE_FIT_ALLOCATION_FIT_H_
#define ISOFLOP_CORE_FIT_ALLOCATION_FIT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "core/fit/isoflop_minimum.h"

namespace isoflop {

// Of the approaches that give an allocation without a law.
struct AllocationOptions {
  IsoflopMinimum minimum = IsoflopMinimum::kParabola;  // For isoflop.
  int replica_count = kDefaultReplicaCount;
  uint64_t seed = 1;
  ParameterConvention convention = ParameterConvention::kTotal;
  std::function<bool()> cancelled = nullptr;  // Asked between replicas; may be empty.
};

// The best split of one budget, as found from runs.
struct OptimalPair {
  double training_flops = 0;
  double parameter_count = 0;
  double token_count = 0;
  double weight = 1;
};

// The log-log lines N_opt and D_opt against C; nothing with fewer than two distinct C of positive weight.
std::optional<AllocationExponents> FitAllocation(const std::vector<OptimalPair>& pairs);

// The observations sorted by content, each with C, N, D and loss: C from 6ND, and one of N and D from C and the other. InvalidArgument names
// the line and what is missing or not positive and finite.
absl::StatusOr<std::vector<Observation>> CompleteAndSort(std::vector<Observation> observations);

// A fit of that approach with everything that the evidence alone says.
Fit FitWithoutLaw(const std::string& approach, const std::vector<Observation>& sorted, const AllocationOptions& options);

// Adds replicas and the allocation law with its intervals. `refit` takes Poisson weights, shape [observation_count], and returns the pairs that
// they leave. Cancelled, leaving `fit` untouched, when `options.cancelled` answered true.
absl::Status FillReplicas(const std::vector<Observation>& sorted, const AllocationOptions& options, const AllocationExponents& best,
                          const std::function<std::vector<OptimalPair>(const std::vector<double>&)>& refit, Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_ALLOCATION_FIT_H_
