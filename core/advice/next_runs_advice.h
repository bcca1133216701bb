#ifndef ISOFLOP_CORE_ADVICE_NEXT_RUNS_ADVICE_H_
#define ISOFLOP_CORE_ADVICE_NEXT_RUNS_ADVICE_H_

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/next_runs.h"
#include "core/advice/precision_reach.h"
#include "core/fit/fit.h"

namespace isoflop {

struct NextRunsRequest {
  std::optional<double> target_flops;    // Whose best loss and size are to be known better; by default ten times the dearest run.
  std::optional<double> sweep_flops;     // To spend; absent: one by one.
  int run_count = 6;                     // At most, 1 to kMostNextRuns. With a sweep, the last tests the law at the frontier.
  double precision = kWantedPrecision;   // Wanted of ln L at the target.
  std::vector<CandidateRun> candidates;  // Empty: CandidateGrid, up to the target, but no less than the dearest run and no more than all runs.
};

inline constexpr double kUsualDesignTarget = 10;  // Times the dearest run.
inline constexpr int kMostNextRuns = 100;
inline constexpr size_t kMostSelectableRuns = 7;  // Up to which the answer after every selection of runs is told.

// What to launch next for one study. Every figure is rounded by RoundResult.
struct NextRunsAdvice {
  double spent_flops = 0;             // By the runs so far.
  std::optional<double> sweep_flops;
  double median_token_parameter_ratio = 0;  // D/N of the runs so far.
  double prior_weight = 0;                  // Of the weak prior in the plan, as in DesignFit.
  // Absent below kLeastPlannedRuns runs, where `first_runs` stand instead. Its training_flops leave out the runs at the frontier of a sweep, which come
  // on top of it.
  std::optional<NextRunsPlan> plan;
  TargetIntervals after;  // Once all runs of the plan are done that are counted in its training_flops.
  // Shape [2^runs]: the answer once those runs are done whose bits are set in the index, run i being bit i. Empty for more than kMostSelectableRuns.
  std::vector<TargetIntervals> after_selection;
  // Whether the precision can be had for the sweep, or, one by one, for as much again as has been spent. Absent with the plan.
  std::optional<PrecisionReach> reach;
  std::vector<CandidateRun> first_runs;
};

inline constexpr size_t kLeastPlannedRuns = 7;  // The parameters of a law + 2.

// From the runs of a fit, whose law is one of kDesignLaws, under the weak prior of FitForDesign. With a sweep the plan ends with one run at the frontier, or is empty where
// no candidate costs as little.
// FailedPrecondition where the fit lacks its runs, its law is another, or no candidates are given and none lies near its best splits; else codes as FitForDesign and PlanNextRuns.
absl::StatusOr<NextRunsAdvice> AdviseNextRuns(const Fit& fit, const NextRunsRequest& request);

// Why the run teaches something, for people: "short run of a big model".
std::string_view ReasonFor(const NextRun& run);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_NEXT_RUNS_ADVICE_H_
