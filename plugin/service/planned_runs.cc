#include "plugin/service/planned_runs.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"

namespace isoflop {
namespace {

constexpr const char* kStates[] = {"UNSPECIFIED", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"};

bool Holds(const std::vector<std::string>& ids, const std::string& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

// How late a record may be for a run.
bool MayBeOf(const PlanRecord& record, const RunOfPlan& run) {
  return !Holds(record.ended_run_ids, run.run_id) && (run.end_time_ms == 0 || record.time_ms <= run.end_time_ms);
}

// The record that a run is of; `records` are those of its plan, the newest last. Null where each came too late.
const PlanRecord* RecordFor(const RunOfPlan& run, const std::vector<const PlanRecord*>& records) {
  const PlanRecord* while_open = nullptr;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (!MayBeOf(**record, run)) continue;
    if (!Holds((*record)->open_run_ids, run.run_id)) return *record;
    if (while_open == nullptr) while_open = *record;
  }
  return while_open;
}

// What the study makes of its runs, by their ids.
struct Recognized {
  explicit Recognized(const RecognizedStudy& study) {
    for (const Observation& run : study.observations) used[run.run_id] = &run;
    for (const Exclusion& run : study.excluded) {
      if (run.point_count == 0) left_out[run.run_id] = &run.reason;
    }
  }
  std::unordered_map<std::string, const Observation*> used;
  std::unordered_map<std::string, const std::string*> left_out;
};

RunOfPlanFigures FiguresOf(const RunOfPlan& run, bool same_convention, const Recognized& recognized) {
  RunOfPlanFigures figures{.run_id = run.run_id, .run_name = run.run_name, .state = kStates[static_cast<int>(run.status)]};
  if (const auto left_out = recognized.left_out.find(run.run_id); left_out != recognized.left_out.end()) figures.reason = *left_out->second;
  const auto used = recognized.used.find(run.run_id);
  if (used == recognized.used.end()) return figures;
  const Observation& observed = *used->second;
  figures.figures = {same_convention ? observed.parameter_count : std::nullopt, observed.token_count, TrainingFlopsOf(observed)};
  figures.loss_nats_per_token = observed.loss_nats_per_token;
  return figures;
}

// Whether `a` says more of what became of its plan than `b`.
bool SaysMore(const RunOfPlan& a, const RunOfPlan& b, const Recognized& recognized) {
  const auto rank = [&](const RunOfPlan& run) {
    const bool open = run.status == RunStatus::kRunning || run.status == RunStatus::kScheduled;
    return std::tuple(recognized.used.contains(run.run_id), open, run.start_time_ms, run.run_id);
  };
  return rank(a) > rank(b);
}

}  // namespace

absl::StatusOr<std::vector<PlanRecord>> RecordsOf(const CheckReport& report, const FitSnapshot& snapshot, int64_t time_ms) {
  std::vector<PlanRecord> records;
  std::set<std::string> names;
  for (const CheckedRun& run : report.runs) {
    if (!names.insert(run.plan.name).second) {
      return absl::InvalidArgumentError(absl::StrCat("record needs a name of its own for every run, got ", run.plan.name, " twice"));
    }
    Interval loss;
    if (run.check.fitted) loss = run.check.fitted->loss_nats_per_token;
    records.push_back({.study_id = snapshot.study_id,
                       .name = run.plan.name,
                       .file = run.plan.place.file,
                       .time_ms = time_ms,
                       .verdict = std::string(VerdictName(run.check.verdict)),
                       .law = snapshot.fit.law,
                       .law_version = snapshot.fit.version,
                       .convention = std::string(ParameterConventionName(snapshot.fit.convention)),
                       .parameter_count = run.check.parameter_count,
                       .token_count = run.check.token_count,
                       .training_flops = run.check.training_flops,
                       .loss = loss.estimate,
                       .loss_lower = loss.lower,
                       .loss_upper = loss.upper});
  }
  return records;
}

std::vector<PlanFigures> JoinPlans(const std::vector<PlanRecord>& records, const std::vector<RunOfPlan>& runs, const RecognizedStudy& study) {
  const Recognized recognized(study);
  std::unordered_map<std::string, std::vector<const PlanRecord*>> by_plan;
  for (const PlanRecord& record : records) by_plan[record.name].push_back(&record);
  std::unordered_map<const PlanRecord*, std::vector<const RunOfPlan*>> joined;
  for (const RunOfPlan& run : runs) {
    const auto found = by_plan.find(run.plan);
    if (found == by_plan.end()) continue;
    if (const PlanRecord* record = RecordFor(run, found->second)) joined[record].push_back(&run);
  }
  std::vector<PlanFigures> plans;
  for (const PlanRecord& record : records) {
    const auto found = joined.find(&record);
    if (found == joined.end() && by_plan[record.name].back() != &record) continue;
    PlanFigures plan{.name = record.name, .file = record.file, .time_ms = record.time_ms, .verdict = record.verdict, .law = record.law};
    plan.law_version = record.law_version;
    plan.planned = {record.parameter_count, record.token_count, record.training_flops};
    plan.predicted = {record.loss, record.loss_lower, record.loss_upper};
    if (found != joined.end()) {
      const RunOfPlan* most = *std::min_element(found->second.begin(), found->second.end(),
                                                [&](const RunOfPlan* a, const RunOfPlan* b) { return SaysMore(*a, *b, recognized); });
      plan.run = FiguresOf(*most, record.convention == ParameterConventionName(study.convention), recognized);
      plan.run->other_run_count = static_cast<int64_t>(found->second.size()) - 1;
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace isoflop
