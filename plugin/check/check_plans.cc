#include "plugin/check/check_plans.h"

#include <algorithm>
#include <utility>

#include "plugin/plan/plan_reader.h"

namespace isoflop {

CheckVerdict CheckReport::verdict() const {
  if (!problems.empty()) return CheckVerdict::kBadPlan;
  CheckVerdict worst = CheckVerdict::kPass;
  for (const CheckedRun& run : runs) worst = std::max(worst, run.check.verdict);
  return worst;
}

PlansReading ReadPlans(const std::vector<PlanText>& plans) {
  PlansReading all;
  for (const PlanText& plan : plans) {
    PlanReading reading = ReadPlan(plan.text, plan.file);
    std::move(reading.runs.begin(), reading.runs.end(), std::back_inserter(all.runs));
    std::move(reading.problems.begin(), reading.problems.end(), std::back_inserter(all.problems));
  }
  return all;
}

CheckReport CheckPlans(PlansReading plans, const Evidence& evidence, const CheckOptions& options, PolicyFile policy) {
  const Fit& fit = evidence.fit();
  CheckReport report{.law = fit.law,
                     .version = fit.version,
                     .evidence_hash = fit.observations_hash,
                     .options = options,
                     .policy = std::move(policy),
                     .problems = std::move(plans.problems)};
  CheckOptions own = options;
  for (PlannedRun& run : plans.runs) {
    own.policy = report.policy.PolicyFor(run, options.policy);
    RunCheck check = CheckRun(run, evidence, own);
    report.runs.push_back({std::move(run), std::move(check)});
  }
  return report;
}

}  // namespace isoflop
