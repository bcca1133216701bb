#ifndef ISOFLOP_CORE_CHECK_RUN_QUESTION_H_
#define ISOFLOP_CORE_CHECK_RUN_QUESTION_H_

#include <optional>
#include <utility>
#include <vector>

#include "core/check/check_run.h"

namespace isoflop {

// One planned run while findings are sought, and those found so far.
struct RunQuestion {
  const PlannedRun& run;
  const Evidence& evidence;
  const CheckOptions& options;
  RunCheck& check;

  // Takes a finding. Its severity follows from the policy, which may switch it off, and its place from the plan, where it has none yet.
  void Add(Finding finding) const {
    finding.severity = options.policy.severity(finding.code);
    if (finding.severity == FindingSeverity::kOff) return;
    if (finding.place.line == 0) finding.place = SourceOf(run, finding.field).place;
    check.findings.push_back(std::move(finding));
  }

  bool CannotJudge(FindingCode code) const { return options.policy.severity(code) == FindingSeverity::kUnknown; }
};

// Each looks for findings of its kind. The first says whether the law may be asked about the run at all, and the last two need that.
bool FindDistrust(const RunQuestion& question);             // LAW_NOT_TRUSTED, MIXED_CONVENTIONS, FIT_TOO_OLD, BEYOND_EVIDENCE
void FindReach(const RunQuestion& question);                // EXTRAPOLATION, BELOW_RUNS, TOKENS_PER_PARAMETER, FLOPS_DISAGREE
void FindRepeats(const RunQuestion& question);              // REPEATED_DATA, REPEATS_WORTHLESS
void FindOverruns(const RunQuestion& question);             // OVER_BUDGET, LATE
void FindKnown(const RunQuestion& question);                // DUPLICATE_RUN, NO_INFORMATION
void FindOffOptimum(const RunQuestion& question);           // OFF_OPTIMUM, OFF_SERVING_OPTIMUM, OPTIMUM_NOT_SETTLED
void FindOffHyperparameters(const RunQuestion& question);   // LEARNING_RATE, BATCH_SIZE

// Marks what the run's waivers cover: WAIVER_EXPIRED, WAIVER_UNUSED. Comes after all others.
void ApplyWaivers(const RunQuestion& question);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_RUN_QUESTION_H_
