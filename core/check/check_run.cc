#include "core/check/check_run.h"

#include <algorithm>
#include <cmath>

#include "core/base/significant_digits.h"
#include "core/check/plan_cost.h"
#include "core/check/run_question.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr std::string_view kVerdictNames[] = {"pass", "cannot_judge", "violated", "bad_plan"};
constexpr std::string_view kOnUnknownNames[] = {"pass", "warn", "fail"};

std::optional<double> Rounded(const std::optional<double>& value) { return value ? std::optional(RoundResult(*value)) : std::nullopt; }

RunShape ShapeOf(const PlannedRun& run, const RunCheck& check) {
  return {.parameter_count = *check.parameter_count,
          .token_count = *check.token_count,
          .unique_token_count = run.cost_model.unique_token_count,
          .served_token_count = run.cost_model.served_token_count};
}

void Judge(const PlannedRun& run, const Evidence& evidence, RunCheck& check) {
  if (!check.parameter_count || !check.token_count || !evidence.law()) return;
  check.fitted = evidence.law()->Judge(ShapeOf(run, check));
  if (evidence.drift_weighted()) check.drift_weighted = evidence.drift_weighted()->Judge(ShapeOf(run, check));
}

int Rank(FindingSeverity severity) {
  switch (severity) {
    case FindingSeverity::kError: return 0;
    case FindingSeverity::kUnknown: return 1;
    case FindingSeverity::kWarning: return 2;
    default: return 3;
  }
}

void Count(RunCheck& check) {
  for (const Finding& finding : check.findings) {
    if (finding.waiver) {
      ++check.waived_count;
    } else {
      switch (finding.severity) {
        case FindingSeverity::kError: ++check.error_count; break;
        case FindingSeverity::kUnknown: ++check.unknown_count; break;
        case FindingSeverity::kWarning: ++check.warning_count; break;
        default: ++check.note_count;
      }
    }
  }
}

CheckVerdict VerdictOf(const RunCheck& check, const CheckOptions& options) {
  const bool warned = check.warning_count > 0 || (check.unknown_count > 0 && options.on_unknown == OnUnknown::kWarn);
  if (check.error_count > 0 || (options.fail_on == FindingSeverity::kWarning && warned)) return CheckVerdict::kViolated;
  return check.unknown_count > 0 && options.on_unknown == OnUnknown::kFail ? CheckVerdict::kCannotJudge : CheckVerdict::kPass;
}

}  // namespace

std::string_view VerdictName(CheckVerdict verdict) { return kVerdictNames[static_cast<int>(verdict)]; }

std::string_view OnUnknownName(OnUnknown on_unknown) { return kOnUnknownNames[static_cast<int>(on_unknown)]; }

std::optional<OnUnknown> ParseOnUnknown(std::string_view name) {
  const auto* const found = std::find(std::begin(kOnUnknownNames), std::end(kOnUnknownNames), name);
  if (found == std::end(kOnUnknownNames)) return std::nullopt;
  return static_cast<OnUnknown>(found - std::begin(kOnUnknownNames));
}

RunCheck CheckRun(const PlannedRun& run, const Evidence& evidence, const CheckOptions& options) {
  const ParameterConvention convention = evidence.fit().convention;
  RunCheck check;
  const std::optional<double> counted = ParameterCountIn(run, convention);
  check.parameter_count = Rounded(counted ? counted : run.parameter_count);
  check.token_count = Rounded(run.token_count);
  check.training_flops = Rounded(TrainingFlopsOf(run, convention));
  if (!check.training_flops && check.parameter_count && check.token_count) {
    check.training_flops = RoundResult(TrainingFlops(*check.parameter_count, *check.token_count));
  }
  check.cost = CostOfPlan(run, check.parameter_count, check.training_flops);
  const RunQuestion question{run, evidence, options, check};
  const bool readable = FindDistrust(question);
  if (readable) Judge(run, evidence, check);
  FindReach(question);
  FindRepeats(question);
  FindOverruns(question);
  FindKnown(question);
  if (check.fitted && !run.for_evidence) FindOffOptimum(question);
  if (readable) FindOffHyperparameters(question);
  ApplyWaivers(question);
  std::stable_sort(check.findings.begin(), check.findings.end(), [](const Finding& a, const Finding& b) {
    return std::pair(Rank(a.severity), a.code) < std::pair(Rank(b.severity), b.code);
  });
  Count(check);
  check.verdict = VerdictOf(check, options);
  return check;
}

}  // namespace isoflop
