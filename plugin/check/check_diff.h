#ifndef ISOFLOP_PLUGIN_CHECK_CHECK_DIFF_H_
#define ISOFLOP_PLUGIN_CHECK_CHECK_DIFF_H_

#include <optional>
#include <string_view>
#include <vector>

#include "plugin/check/checked_run.h"
#include "plugin/plan/plan_problem.h"

namespace isoflop {

enum class PlanChangeKind { kAdded, kRemoved, kChanged, kUnchanged };

// "added", "removed", "changed" or "unchanged".
std::string_view PlanChangeName(PlanChangeKind kind);

// One run as it was and as it is, told by its file and its name.
struct PlanChange {
  PlanChangeKind kind = PlanChangeKind::kUnchanged;
  std::optional<size_t> before;  // Index into CheckDiff::before,
  std::optional<size_t> after;   // and into the runs as they are.

  // Findings that no waiver covers: new ones, those that are gone, those that a waiver covers now, and those that stay. A removed run's are gone.
  std::vector<Finding> added, fixed, waived, remaining;
};

// A figure of all runs together, over those that have it; nothing where none has.
struct TotalChange {
  std::optional<double> before, after;
};

// Plans as they were, judged by the same law and policy, against plans as they are.
struct CheckDiff {
  std::vector<CheckedRun> before;
  PlanProblems problems;           // Of plans as they were: their runs count as added.
  std::vector<PlanChange> changes;  // In the order of the runs as they are, then those that are removed.
  TotalChange training_flops, total_price;
  size_t added_count = 0, fixed_count = 0, waived_count = 0, remaining_count = 0;  // Of findings.
};

CheckDiff CompareChecks(std::vector<CheckedRun> before, PlanProblems problems, const std::vector<CheckedRun>& after);

// The run's name and file, wherever it still is.
const PlannedRun& PlanOf(const PlanChange& change, const CheckDiff& diff, const std::vector<CheckedRun>& after);

// After less before, rounded; nothing where one is not known.
std::optional<double> Difference(const std::optional<double>& before, const std::optional<double>& after);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_CHECK_DIFF_H_
