#include "plugin/check/check_plans.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plugin/plan/plan_reader.h"

namespace isoflop {
namespace {

LawUsed LawOf(const Fit& fit) { return {.id = fit.law, .version = fit.version, .evidence_hash = fit.observations_hash}; }

}  // namespace

CheckVerdict CheckReport::verdict() const {
  if (!problems.empty()) return CheckVerdict::kBadPlan;
  CheckVerdict worst = CheckVerdict::kPass;
  for (const CheckedRun& run : runs) worst = std::max(worst, run.check.verdict);
  return worst;
}

namespace {

// Null where they are not among `plans`, or `plan` takes none.
const PlanText* FindTrainingArguments(const PlanText& plan, const std::vector<PlanText>& plans) {
  for (const std::string& file : TrainingArgumentsFiles(plan.file)) {
    const auto found = std::find_if(plans.begin(), plans.end(), [&](const PlanText& other) { return other.file == file; });
    if (found != plans.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

PlansReading ReadPlans(const std::vector<PlanText>& plans, const PlansLimits& limits) {
  PlansReading all;
  std::set<const PlanText*> arguments;  // They go with the plan in another file.
  for (const PlanText& plan : plans) arguments.insert(FindTrainingArguments(plan, plans));
  for (const PlanText& plan : plans) {
    if (all.runs.size() > limits.run_count || all.problems.size() > limits.problem_count) break;
    if (arguments.count(&plan) > 0) continue;
    PlanReading reading = ReadPlan(plan.text, plan.file, FindTrainingArguments(plan, plans));
    std::move(reading.runs.begin(), reading.runs.end(), std::back_inserter(all.runs));
    std::move(reading.problems.begin(), reading.problems.end(), std::back_inserter(all.problems));
  }
  return all;
}

void KeepRunsOfStudy(const std::string& study_id, const std::string& study_name, PlansReading& plans) {
  const std::string named = study_name.empty() ? "" : absl::StrCat(" (", study_name, ")");
  std::erase_if(plans.runs, [&](const PlannedRun& run) {
    if (run.study.empty() || run.study == study_id || run.study == study_name) return false;
    AddProblem(plans.problems, SourceOf(run, "study").place, absl::StrCat("study must be the one that judges, ", study_id, named, ", got ", run.study));
    return true;
  });
}

CheckReport CheckPlans(PlansReading plans, const Evidence& evidence, const CheckOptions& options, PolicyFile policy) {
  CheckReport report{.law = LawOf(evidence.fit()), .options = options, .policy = std::move(policy), .problems = std::move(plans.problems)};
  for (const Fit* fit : evidence.hyperparameter_fits()) report.hyperparameter_laws.push_back(LawOf(*fit));
  CheckOptions own = options;
  for (PlannedRun& run : plans.runs) {
    own.policy = report.policy.PolicyFor(run, options.policy);
    RunCheck check = CheckRun(run, evidence, own);
    report.runs.push_back({std::move(run), std::move(check)});
  }
  return report;
}

CheckReport CheckPlans(PlansReading plans, const FitSnapshot& snapshot, CheckOptions options, PolicyFile policy) {
  std::vector<const Fit*> hyperparameter_fits;
  for (const Fit& fit : snapshot.hyperparameter_fits) hyperparameter_fits.push_back(&fit);
  options.fit_time = snapshot.create_time;
  if (!snapshot.study_id.empty()) KeepRunsOfStudy(snapshot.study_id, snapshot.study_name, plans);
  return CheckPlans(std::move(plans), Evidence(snapshot.fit, std::move(hyperparameter_fits)), options, std::move(policy));
}

}  // namespace isoflop
