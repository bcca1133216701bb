#ifndef ISOFLOP_PLUGIN_CHECK_CHECK_PLANS_H_
#define ISOFLOP_PLUGIN_CHECK_CHECK_PLANS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/check/check_run.h"
#include "plugin/check/check_diff.h"
#include "plugin/check/checked_run.h"
#include "plugin/check/policy_file.h"
#include "plugin/document/snapshot_document.h"
#include "plugin/plan/plan_problem.h"
#include "plugin/plan/plan_text.h"

namespace isoflop {

// What plans were judged by.
struct LawUsed {
  std::string id;  // Empty: the fit has none.
  int64_t version = 0;
  std::string evidence_hash;
};

// What every output is made from. Without a time of day but where CheckOptions gives one.
struct CheckReport {
  LawUsed law;
  std::vector<LawUsed> hyperparameter_laws;
  CheckOptions options;          // What the runs were held to,
  PolicyFile policy;             // but for its exceptions.
  std::vector<CheckedRun> runs;  // In the order of the plans, without those that cannot be read.
  PlanProblems problems;         // Of these.
  std::optional<CheckDiff> diff;  // Against the plans as they were, where they are told.

  CheckVerdict verdict() const;  // kBadPlan where there are problems, else the worst of the runs.
};

struct PlansReading {
  std::vector<PlannedRun> runs;  // Those of the plans without problems.
  PlanProblems problems;         // Of all plans.
};

// Hugging Face's training arguments beside a config.json are of the same plan.
// No further plan is read once more than so many runs, or problems, are found.
struct PlansLimits {
  size_t run_count = SIZE_MAX, problem_count = SIZE_MAX;
};

PlansReading ReadPlans(const std::vector<PlanText>& plans, const PlansLimits& limits = {});

// Makes problems of the runs that name another study than this one, by its id or its name.
void KeepRunsOfStudy(const std::string& study_id, const std::string& study_name, PlansReading& plans);

// `options` hold what `policy` says of all runs (PolicyFile::Apply), and what wins over it.
CheckReport CheckPlans(PlansReading plans, const Evidence& evidence, const CheckOptions& options, PolicyFile policy = {});

// By all that the snapshot holds. It says when the fit was made and, where it is of a study, which study plans may name.
CheckReport CheckPlans(PlansReading plans, const FitSnapshot& snapshot, CheckOptions options, PolicyFile policy = {});

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_CHECK_PLANS_H_
