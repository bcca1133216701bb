#include "plugin/check/diff_json.h"

#include <string>

#include "plugin/check/report_objects.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

ordered_json TotalObject(const TotalChange& total) {
  return {{"before", OptionalNumber(total.before)}, {"after", OptionalNumber(total.after)}, {"change", OptionalNumber(Difference(total.before, total.after))}};
}

ordered_json FiguresObject(const RunCheck& check) {
  return {{"verdict", std::string(VerdictName(check.verdict))},
          {"parameter_count", OptionalNumber(check.parameter_count)},
          {"token_count", OptionalNumber(check.token_count)},
          {"training_flops", OptionalNumber(check.training_flops)},
          {"total_price", OptionalNumber(check.cost.total_price)},
          {"days", OptionalNumber(check.cost.days)},
          {"fitted", JudgementObject(check.fitted)},
          {"drift_weighted", JudgementObject(check.drift_weighted)}};
}

ordered_json FindingArray(const std::vector<Finding>& findings) {
  ordered_json array = ordered_json::array();
  for (const Finding& finding : findings) {
    array.push_back({{"code", std::string(InfoOf(finding.code).name)}, {"severity", std::string(FindingSeverityName(finding.severity))}, {"message", finding.message}});
  }
  return array;
}

std::optional<double> LossOf(const RunCheck& check) { return check.fitted ? check.fitted->loss_nats_per_token.estimate : std::nullopt; }

std::optional<double> WasteOf(const RunCheck& check) { return check.fitted ? check.fitted->wasted_share.estimate : std::nullopt; }

// After less before; null where the run was not there, or is gone.
ordered_json DifferenceObject(const RunCheck& before, const RunCheck& after) {
  return {{"parameter_count", OptionalNumber(Difference(before.parameter_count, after.parameter_count))},
          {"token_count", OptionalNumber(Difference(before.token_count, after.token_count))},
          {"training_flops", OptionalNumber(Difference(before.training_flops, after.training_flops))},
          {"total_price", OptionalNumber(Difference(before.cost.total_price, after.cost.total_price))},
          {"days", OptionalNumber(Difference(before.cost.days, after.cost.days))},
          {"loss_nats_per_token", OptionalNumber(Difference(LossOf(before), LossOf(after)))},
          {"wasted_share", OptionalNumber(Difference(WasteOf(before), WasteOf(after)))}};
}

ordered_json ChangeObject(const PlanChange& change, const CheckReport& report) {
  const PlannedRun& plan = PlanOf(change, *report.diff, report.runs);
  const RunCheck* const before = change.before ? &report.diff->before[*change.before].check : nullptr;
  const RunCheck* const after = change.after ? &report.runs[*change.after].check : nullptr;
  return {{"name", plan.name},
          {"file", plan.place.file},
          {"state", std::string(PlanChangeName(change.kind))},
          {"before", before != nullptr ? FiguresObject(*before) : ordered_json(nullptr)},
          {"after", after != nullptr ? FiguresObject(*after) : ordered_json(nullptr)},
          {"change", before != nullptr && after != nullptr ? DifferenceObject(*before, *after) : ordered_json(nullptr)},
          {"findings",
           {{"added", FindingArray(change.added)},
            {"fixed", FindingArray(change.fixed)},
            {"waived", FindingArray(change.waived)},
            {"remaining", FindingArray(change.remaining)}}}};
}

}  // namespace

ordered_json DiffObject(const CheckReport& report) {
  if (!report.diff) return nullptr;
  const CheckDiff& diff = *report.diff;
  ordered_json runs = ordered_json::array(), problems = ordered_json::array();
  for (const PlanChange& change : diff.changes) runs.push_back(ChangeObject(change, report));
  for (const PlanProblem& problem : diff.problems) problems.push_back(ProblemObject(problem));
  return {{"training_flops", TotalObject(diff.training_flops)},
          {"total_price", TotalObject(diff.total_price)},
          {"added_finding_count", diff.added_count},
          {"fixed_finding_count", diff.fixed_count},
          {"waived_finding_count", diff.waived_count},
          {"remaining_finding_count", diff.remaining_count},
          {"problems", std::move(problems)},
          {"runs", std::move(runs)}};
}

}  // namespace isoflop
