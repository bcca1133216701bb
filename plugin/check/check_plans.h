#ifndef ISOFLOP_PLUGIN_CHECK_CHECK_PLANS_H_
#define ISOFLOP_PLUGIN_CHECK_CHECK_PLANS_H_

#include <string>
#include <vector>

#include "core/check/check_run.h"
#include "plugin/check/policy_file.h"
#include "plugin/plan/plan_problem.h"

namespace isoflop {

// Plans as the command line reads them from files and the service is sent them; both judge them here, so that both give the same bytes.
struct PlanText {
  std::string file;  // As places name it.
  std::string text;
};

struct CheckedRun {
  PlannedRun plan;
  RunCheck check;
};

// What every output is made from. Without a time of day but where CheckOptions gives one.
struct CheckReport {
  std::string law;  // Empty: the fit has none.
  int64_t version = 0;
  std::string evidence_hash;
  CheckOptions options;          // What the runs were held to,
  PolicyFile policy;             // but for its exceptions.
  std::vector<CheckedRun> runs;  // In the order of the plans, without those that cannot be read.
  PlanProblems problems;         // Of these.

  CheckVerdict verdict() const;  // kBadPlan where there are problems, else the worst of the runs.
};

struct PlansReading {
  std::vector<PlannedRun> runs;  // Those of the plans without problems.
  PlanProblems problems;         // Of all plans.
};

PlansReading ReadPlans(const std::vector<PlanText>& plans);

// `options` hold what `policy` says of all runs (PolicyFile::Apply), and what wins over it.
CheckReport CheckPlans(PlansReading plans, const Evidence& evidence, const CheckOptions& options, PolicyFile policy = {});

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_CHECK_PLANS_H_
