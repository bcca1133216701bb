#include "core/fit/schedule_diagnostic.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace isoflop {
namespace {

constexpr double kConstantRate = 0.99;  // Of the peak: never decayed.

}  // namespace

bool StoppedEarly(const Observation& run) { return run.completed_step_share && *run.completed_step_share < kFinishedStepShare; }

bool EndedHot(const Observation& run) { return run.final_learning_rate_share && *run.final_learning_rate_share > kDecayedShare; }

bool HasConstantRate(const Observation& run) { return run.final_learning_rate_share && *run.final_learning_rate_share >= kConstantRate; }

std::optional<Diagnostic> DiagnoseSchedules(const Prepared& evidence) {
  const std::vector<Observation>& runs = evidence.sorted;
  const auto stopped = std::count_if(runs.begin(), runs.end(), StoppedEarly), hot = std::count_if(runs.begin(), runs.end(), EndedHot);
  const auto either = std::count_if(runs.begin(), runs.end(), [](const Observation& o) { return StoppedEarly(o) || EndedHot(o); });
  if (either == 0) return std::nullopt;
  const bool all_constant = std::all_of(runs.begin(), runs.end(), [](const Observation& o) { return HasConstantRate(o) && !StoppedEarly(o); });
  if (all_constant) return std::nullopt;
  return Diagnostic{.code = "UNFINISHED_SCHEDULE",
                    .severity = Severity::kWarning,
                    .title = "Schedules not finished",
                    .message = absl::StrFormat("%d of %d runs did not finish their schedule: %d ended with over %.0f %% of the peak learning rate, %d "
                                               "before %.0f %% of the planned steps.",
                                               either, runs.size(), hot, 100 * kDecayedShare, stopped, 100 * kFinishedStepShare),
                    .evidence = {{"unfinished_run_count", static_cast<double>(either)},
                                 {"high_final_learning_rate_count", static_cast<double>(hot)},
                                 {"early_end_count", static_cast<double>(stopped)}},
                    .effect = "Their losses are higher than those of finished runs of the same N and D; the law cannot show by how much.",
                    .fix = "Leave them out, or finish their decay."};
}

}  // namespace isoflop
