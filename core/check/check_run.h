#ifndef ISOFLOP_CORE_CHECK_CHECK_RUN_H_
#define ISOFLOP_CORE_CHECK_CHECK_RUN_H_

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "core/advice/cost_model.h"
#include "core/check/evidence.h"
#include "core/check/finding.h"
#include "core/check/planned_run.h"
#include "core/check/policy.h"

namespace isoflop {

// What a finding of severity kUnknown that no waiver covers does.
enum class OnUnknown { kPass, kWarn, kFail };

// "pass", "warn" or "fail", and back.
std::string_view OnUnknownName(OnUnknown on_unknown);
std::optional<OnUnknown> ParseOnUnknown(std::string_view name);

struct CheckOptions {
  Policy policy;
  FindingSeverity fail_on = FindingSeverity::kError;  // Or kWarning: what violates the policy.
  OnUnknown on_unknown = OnUnknown::kFail;
  std::chrono::sys_seconds now{};  // Decides which waivers have expired and how old the fit is; no figure stands on it.
  // Whether `now` was given rather than read from a clock: only then do answers say how old the fit is.
  bool now_is_given = false;
  std::optional<std::chrono::sys_seconds> fit_time;  // When the fit was made; nothing where it does not say.
};

// Worst last. kBadPlan is never a run's: a plan that cannot be read has none.
enum class CheckVerdict { kPass, kCannotJudge, kViolated, kBadPlan };

// "pass", "cannot_judge", "violated" or "bad_plan".
std::string_view VerdictName(CheckVerdict verdict);

// What was found about one planned run. Every figure is rounded by RoundResult.
struct RunCheck {
  std::optional<double> parameter_count;  // N as the fit counts it, or as the plan says where that is not known.
  std::optional<double> token_count;
  std::optional<double> training_flops;   // As the plan says, else 6 N D.
  RunCost cost;
  std::optional<Judgement> fitted, drift_weighted;  // Absent where the law cannot be read at the run.
  std::vector<Finding> findings;                    // Worst first.
  CheckVerdict verdict = CheckVerdict::kPass;
  int error_count = 0, warning_count = 0, note_count = 0, unknown_count = 0, waived_count = 0;
};

RunCheck CheckRun(const PlannedRun& run, const Evidence& evidence, const CheckOptions& options);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_CHECK_RUN_H_
