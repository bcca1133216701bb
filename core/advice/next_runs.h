#ifndef ISOFLOP_CORE_ADVICE_NEXT_RUNS_H_
#define ISOFLOP_CORE_ADVICE_NEXT_RUNS_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/candidate_runs.h"
#include "core/advice/design_fit.h"

namespace isoflop {

// What a run is launched for.
enum class RunPurpose {
  kInformation,  // It narrows the answer at the target.
  kFrontier,     // It is among the dearest that can be afforded, and shows whether the law holds there: no cheaper run can.
};

// How the answer at the target stands: central 95 % intervals by the law alone, without run noise. [lower, upper]
struct TargetIntervals {
  std::pair<double, double> loss_nats_per_token;  // At the best split of the target.
  std::pair<double, double> parameter_count;      // Of that split.
};

// The answer sought: the loss at the best split of C_target, and at twice and half its size for the same compute.
class DesignTarget {
 public:
  // FailedPrecondition where the law has no best split there; InvalidArgument where `training_flops` is not positive and finite.
  static absl::StatusOr<DesignTarget> At(const DesignFit& fit, double training_flops);

  // By how much one more run lowers the summed variance of ln L over the three points t:
  //
  //   sum_t (J_t' M J)^2 / (s2 + J' M J),   J = d ln L / d theta at the run,
  //
  // which is exact for the linear model. `covariance` is M.
  double VarianceDrop(const FreeMatrix& covariance, const FreeVector& run, double log_loss_variance) const;

  // The summed variance of ln L over them.
  double SummedVariance(const FreeMatrix& covariance) const;

  // Standard deviation of ln L at the best split, and of ln N*.
  double LogLossDeviation(const FreeMatrix& covariance) const;
  double LogSizeDeviation(const FreeMatrix& covariance) const;

  TargetIntervals Intervals(const FreeMatrix& covariance) const;

  double training_flops() const { return training_flops_; }
  const OptimalSplit& best() const { return best_; }

 private:
  double training_flops_ = 0;
  OptimalSplit best_;
  double log_loss_ = 0;
  std::vector<FreeVector> gradients_;  // At the best split, then at twice and half its size.
  FreeVector size_gradient_;
};

// M with one more run: M - M J J' M / (s2 + J' M J), which needs no loss. Exact for the linear model (Sherman & Morrison 1950).
FreeMatrix CovarianceWithRun(const FreeMatrix& covariance, const FreeVector& run, double log_loss_variance);

struct NextRun {
  size_t candidate = 0;  // Index.
  CandidateRun run;
  RunPurpose purpose = RunPurpose::kInformation;
  double narrowing = 0;        // Share of the interval of ln L at the target that it takes away, those before it being done; in [0, 1].
  double size_narrowing = 0;   // Likewise of ln N*.
  double bits_per_flop = 0;    // log2 of how much narrower, a FLOP.
  double loss_nats_per_token = 0;                 // Expected,
  std::pair<double, double> loss_interval;        // with the 95 % interval of one new run.
  double best_parameter_count = 0;                // The best size for its compute.
};

struct NextRunsOptions {
  double target_flops = 0;            // C_target, FLOPs. Positive and finite.
  double spent_flops = 0;             // On the runs so far, FLOPs. Positive and finite.
  int64_t done_count = 0;             // Runs so far: one by one, each run that makes this a multiple of three is one at the frontier.
  std::optional<double> sweep_flops;  // To spend on new runs, FLOPs. Positive and finite.
  int run_count = 6;                  // At most; with a sweep too.
  double least_narrowing = 0;         // One by one, candidates that take away less than this share are passed over while others do not.
};

struct NextRunsPlan {
  double target_flops = 0;
  double training_flops = 0;  // Of all its runs.
  TargetIntervals before;
  std::vector<NextRun> runs;  // In order.
};

// Which of `candidates` to run next, each at most once. In order, each chosen as if those before it had been done:
//
//   one by one (no sweep): the greatest VarianceDrop a FLOP; every third run the greatest VarianceDrop among the candidates that cost a third to
//   one times the dearest that costs at most half of what has been spent: a smooth bend of the law hides in its five parameters, and only runs at
//   the frontier show it;
//   a sweep: the greatest VarianceDrop among those that cost at most what is left of the sweep, what has been spent, sweep included, and a share of the
//   sweep, which is 1, 1/2, 1/4 or 1/8, whichever leads to the least variance in the end.
//
// Codes as DesignTarget::At; InvalidArgument for no candidates or an option out of range.
absl::StatusOr<NextRunsPlan> PlanNextRuns(const DesignFit& fit, const std::vector<CandidateRun>& candidates, const NextRunsOptions& options);

// The answer at the plan's target once these of its runs are done: indices into `plan.runs`.
absl::StatusOr<TargetIntervals> IntervalsAfter(const DesignFit& fit, const NextRunsPlan& plan, const std::vector<size_t>& done);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_NEXT_RUNS_H_
