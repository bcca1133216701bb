#include "core/fit/allocation_fit.h"

#include <cmath>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/intervals.h"
#include "core/fit/log_log_line.h"
#include "core/fit/poisson_weights.h"
#include "core/fit/region.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

absl::Status CheckQuantity(const Observation& o, Quantity quantity) {
  const std::optional<double>& value = ValueOf(o, quantity);
  if (value && *value > 0 && std::isfinite(*value)) return absl::OkStatus();
  const std::string where = o.line > 0 ? absl::StrFormat("line %d: ", o.line) : "";
  if (!value) return absl::InvalidArgumentError(absl::StrFormat("%s%s is needed and neither given nor derivable", where, QuantityName(quantity)));
  return absl::InvalidArgumentError(absl::StrFormat("%s%s must be positive and finite, got %g", where, QuantityName(quantity), *value));
}

}  // namespace

std::optional<AllocationExponents> FitAllocation(const std::vector<OptimalPair>& pairs) {
  std::vector<double> flops, sizes, tokens, weights;
  for (const OptimalPair& pair : pairs) {
    flops.push_back(pair.training_flops);
    sizes.push_back(pair.parameter_count);
    tokens.push_back(pair.token_count);
    weights.push_back(pair.weight);
  }
  const absl::StatusOr<LogLogLine> n = FitLogLogLine(flops, sizes, weights), d = FitLogLogLine(flops, tokens, weights);
  if (!n.ok() || !d.ok()) return std::nullopt;
  return AllocationExponents{n->exponent, d->exponent, n->coefficient, d->coefficient};
}

absl::StatusOr<std::vector<Observation>> CompleteAndSort(std::vector<Observation> observations) {
  for (Observation& o : observations) {
    o.training_flops = TrainingFlopsOf(o);
    if (o.training_flops && o.token_count && !o.parameter_count) o.parameter_count = TokenCountForBudget(*o.training_flops, *o.token_count);
    if (o.training_flops && o.parameter_count && !o.token_count) o.token_count = TokenCountForBudget(*o.training_flops, *o.parameter_count);
    for (Quantity quantity : {Quantity::kLoss, Quantity::kTrainingFlops, Quantity::kParameterCount, Quantity::kTokenCount}) {
      RETURN_IF_ERROR(CheckQuantity(o, quantity));
    }
    if (!(o.weight >= 0 && std::isfinite(o.weight))) {
      return absl::InvalidArgumentError(absl::StrFormat("weight must be finite and not negative, got %g", o.weight));
    }
  }
  return SortByContent(std::move(observations));
}

Fit FitWithoutLaw(const std::string& approach, const std::vector<Observation>& sorted, const AllocationOptions& options) {
  Fit fit{.approach = approach, .convention = options.convention, .loss = LossFunction::kSquared, .seed = options.seed};
  fit.observation_count = static_cast<int64_t>(sorted.size());
  fit.observations_hash = HashObservations(sorted);
  if (!sorted.empty()) fit.region = RegionOf(sorted);
  return fit;
}

absl::Status FillReplicas(const std::vector<Observation>& sorted, const AllocationOptions& options, const AllocationExponents& best,
                          const std::function<std::vector<OptimalPair>(const std::vector<double>&)>& refit, Fit& fit) {
  const std::vector<uint64_t> keys = ContentKeys(sorted);
  std::vector<AllocationExponents> replicas;
  for (int k = 0; k < options.replica_count; ++k) {
    if (options.cancelled && options.cancelled()) return absl::CancelledError("replicas were cancelled");
    const AllocationExponents replica =
        FitAllocation(refit(PoissonWeights(keys, options.seed, k))).value_or(AllocationExponents{NAN, NAN, NAN, NAN});
    replicas.push_back({RoundResult(replica.parameter_exponent), RoundResult(replica.token_exponent),
                        RoundResult(replica.parameter_coefficient), RoundResult(replica.token_coefficient)});
  }
  fit.allocation_replicas = std::move(replicas);
  fit.replica_count = options.replica_count;
  FillAllocation(best, fit.allocation_replicas, fit);
  return absl::OkStatus();
}

}  // namespace isoflop
