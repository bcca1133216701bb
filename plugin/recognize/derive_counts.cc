#include "plugin/recognize/derive_counts.h"

#include <algorithm>

#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

void DeriveFromFlops(Observation& o) {
  if (!o.training_flops) return;
  if (!o.parameter_count && o.token_count) o.parameter_count = *o.training_flops / (kFlopsPerParameterToken * *o.token_count);
  if (!o.token_count && o.parameter_count) o.token_count = TokenCountForBudget(*o.training_flops, *o.parameter_count);
}

}  // namespace

void DeriveCounts(const std::vector<Quantity>& needed, Observation& o) {
  DeriveFromFlops(o);
  if (!o.token_count && o.step_count && o.batch_token_count) {
    o.token_count = *o.step_count * *o.batch_token_count;
    DeriveFromFlops(o);
  }
  const auto needs = [&](Quantity quantity) { return std::find(needed.begin(), needed.end(), quantity) != needed.end(); };
  if (!o.token_count) return;
  if (needs(Quantity::kStepCount) && !o.step_count && o.batch_token_count) o.step_count = *o.token_count / *o.batch_token_count;
  if (needs(Quantity::kBatchTokenCount) && !o.batch_token_count && o.step_count) o.batch_token_count = *o.token_count / *o.step_count;
}

}  // namespace isoflop
