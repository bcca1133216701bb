#include "plugin/service/next_runs_request.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

absl::Status CheckPositive(int index, const char* field, double value) {
  if (std::isfinite(value) && value > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("candidates[", index, "].", field, " must be positive and finite, got ", value));
}

}  // namespace

absl::StatusOr<NextRunsRequest> NextRunsRequestOf(const v1::ProposeNextRunsRequest& message) {
  if (message.candidates_size() > kMostCandidateRuns) {
    return absl::InvalidArgumentError(absl::StrCat("candidates must be at most ", kMostCandidateRuns, ", got ", message.candidates_size()));
  }
  NextRunsRequest request;
  if (message.has_target_flops()) request.target_flops = message.target_flops();
  if (message.has_sweep_flops()) request.sweep_flops = message.sweep_flops();
  if (message.has_precision()) request.precision = message.precision();
  if (message.run_count() != 0) request.run_count = message.run_count();
  for (int i = 0; i < message.candidates_size(); ++i) {
    const v1::CandidateRun& candidate = message.candidates(i);
    const double n = candidate.parameter_count(), d = candidate.token_count();
    RETURN_IF_ERROR(CheckPositive(i, "parameter_count", n));
    RETURN_IF_ERROR(CheckPositive(i, "token_count", d));
    const double flops = candidate.has_training_flops() ? candidate.training_flops() : TrainingFlops(n, d);
    RETURN_IF_ERROR(CheckPositive(i, "training_flops", flops));
    request.candidates.push_back({n, d, flops, candidate.name()});
  }
  return request;
}

}  // namespace isoflop
