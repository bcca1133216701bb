#ifndef ISOFLOP_CORE_ADVICE_HYPERPARAMETERS_H_
#define ISOFLOP_CORE_ADVICE_HYPERPARAMETERS_H_

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"

namespace isoflop {

// A hyperparameter for a planned run, by its own law (core/law/tuned_by_size.h, core/law/tuned_by_compute.h). Every figure is rounded by RoundResult.
struct HyperparameterAdvice {
  Quantity quantity = Quantity::kLearningRate;  // Or kBatchTokenCount, in tokens.
  Interval best;  // What the law predicts; bounds over replicas. Past 100 times the largest run: the band only.
  // Values that cost at most kNearOptimalLoss of the loss, as the study's own cells show; absent where they do not, and past 100 times the largest run.
  std::optional<std::pair<double, double>> near_optimal;
  double extrapolation_factor = 0;  // 6 N D over the compute of the largest run.
};

// The laws of a hyperparameter: by N and D, and by C alone.
inline constexpr const char* kHyperparameterLaws[] = {"learning_rate", "learning_rate_by_compute", "batch_size", "batch_size_by_compute"};

// FailedPrecondition where the fit is not of a hyperparameter, or has no parameters or no region of compute.
absl::Status CheckHyperparameterFit(const Fit& fit);

// Likewise; InvalidArgument where N or D is not positive and finite.
absl::StatusOr<HyperparameterAdvice> AdviseHyperparameter(const Fit& fit, double parameter_count, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_HYPERPARAMETERS_H_
