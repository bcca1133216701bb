#include "plugin/check/report_json.h"

#include <string>

#include "core/check/amount_text.h"
#include "plugin/check/diff_json.h"
#include "plugin/check/report_objects.h"
#include "plugin/document/cost_document.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

ordered_json EditObject(const std::optional<SuggestedEdit>& edit) {
  if (!edit) return nullptr;
  ordered_json changes = ordered_json::array();
  for (const FieldEdit& change : edit->changes) {
    changes.push_back({{"field", change.field}, {"from", OptionalNumber(change.from)}, {"to", IntervalObject(change.to)}});
  }
  const EditEffect& effect = edit->effect;
  return {{"sentence", edit->sentence},
          {"changes", std::move(changes)},
          {"saves",
           {{"training_flops", OptionalNumber(effect.training_flops)},
            {"training_flops_share", OptionalNumber(effect.training_flops_share)},
            {"life_flops", OptionalNumber(effect.life_flops)},
            {"life_flops_share", OptionalNumber(effect.life_flops_share)},
            {"price", OptionalNumber(effect.price)},
            {"days", OptionalNumber(effect.days)}}},
          {"loss_change", OptionalNumber(effect.loss_change)},
          {"drift_weighted_loss_change", OptionalNumber(effect.drift_weighted_loss_change)}};
}

ordered_json TextOrNull(std::string_view text) { return text.empty() ? ordered_json(nullptr) : ordered_json(std::string(text)); }

ordered_json FindingObject(const Finding& finding) {
  const FindingCodeInfo& info = InfoOf(finding.code);
  ordered_json observed = ordered_json::array();
  for (const Measure& measure : finding.measures) {
    observed.push_back({{"name", std::string(measure.name)},
                        {"unit", std::string(measure.unit)},
                        {"law", TextOrNull(measure.law)},
                        {"value", IntervalObject(measure.value)}});
  }
  return {{"code", std::string(info.name)},
          {"severity", std::string(FindingSeverityName(finding.severity))},
          {"title", std::string(info.title)},
          {"message", finding.message},
          {"reason", finding.reason},
          {"field", TextOrNull(finding.field)},
          {"place", PlaceObject(finding.place)},
          {"observed", std::move(observed)},
          {"limit_name", TextOrNull(finding.limit_name)},
          {"limit", OptionalNumber(finding.limit)},
          {"edit", EditObject(finding.edit)},
          {"waiver", finding.waiver ? ordered_json(*finding.waiver) : ordered_json(nullptr)}};
}

ordered_json WaiverObject(const Waiver& waiver) {
  return {{"code", waiver.code},
          {"reason", waiver.reason},
          {"until", DateText(waiver.until)},
          {"place", PlaceObject(waiver.place)}};
}

ordered_json RunObject(const CheckedRun& run) {
  ordered_json findings = ordered_json::array(), waivers = ordered_json::array();
  for (const Finding& finding : run.check.findings) findings.push_back(FindingObject(finding));
  for (const Waiver& waiver : run.plan.waivers) waivers.push_back(WaiverObject(waiver));
  return {{"name", run.plan.name},
          {"study", TextOrNull(run.plan.study)},
          {"place", PlaceObject(run.plan.place)},
          {"purpose", run.plan.for_evidence ? "evidence" : "model"},
          {"verdict", std::string(VerdictName(run.check.verdict))},
          {"parameter_count", OptionalNumber(run.check.parameter_count)},
          {"token_count", OptionalNumber(run.check.token_count)},
          {"training_flops", OptionalNumber(run.check.training_flops)},
          {"cost", CostObject(run.check.cost)},
          {"fitted", JudgementObject(run.check.fitted)},
          {"drift_weighted", JudgementObject(run.check.drift_weighted)},
          {"findings", std::move(findings)},
          {"waivers", std::move(waivers)}};
}

ordered_json LawObject(const LawUsed& law) { return {{"id", TextOrNull(law.id)}, {"version", law.version}, {"evidence_hash", law.evidence_hash}}; }

// The name is "severity" or a limit's.
ordered_json SettingArray(const std::vector<PolicySetting>& settings) {
  ordered_json array = ordered_json::array();
  for (const PolicySetting& setting : settings) {
    const FindingCodeInfo& info = InfoOf(setting.code);
    ordered_json object = {{"code", std::string(info.name)}};
    if (setting.limit == nullptr) {
      object.update({{"name", "severity"}, {"value", std::string(FindingSeverityName(setting.severity))}, {"default", std::string(FindingSeverityName(info.severity))}});
    } else {
      object.update({{"name", std::string(setting.limit->name)}, {"value", OptionalNumber(setting.value)}, {"default", OptionalNumber(setting.limit->value)}});
    }
    array.push_back(std::move(object));
  }
  return array;
}

ordered_json PolicyObject(const CheckReport& report) {
  ordered_json exceptions = ordered_json::array();
  for (const PolicyException& exception : report.policy.exceptions) {
    exceptions.push_back({{"name", TextOrNull(exception.name)}, {"study", TextOrNull(exception.study)}, {"settings", SettingArray(exception.settings)}});
  }
  return {{"file", TextOrNull(report.policy.file)},
          {"fail_on", std::string(FindingSeverityName(report.options.fail_on))},
          {"on_unknown", std::string(OnUnknownName(report.options.on_unknown))},
          {"changes", SettingArray(report.options.policy.changes())},
          {"exceptions", std::move(exceptions)}};
}

}  // namespace

ordered_json CheckDocument(const CheckReport& report) {
  ordered_json hyperparameter_laws = ordered_json::array();
  for (const LawUsed& law : report.hyperparameter_laws) hyperparameter_laws.push_back(LawObject(law));
  ordered_json list = ordered_json::array(), problems = ordered_json::array();
  for (const PlanProblem& problem : report.problems) problems.push_back(ProblemObject(problem));
  for (const CheckedRun& run : report.runs) list.push_back(RunObject(run));
  return {{"schema_version", kSchemaVersion},
          {"verdict", std::string(VerdictName(report.verdict()))},
          {"law", LawObject(report.law)},
          {"hyperparameter_laws", std::move(hyperparameter_laws)},
          {"policy", PolicyObject(report)},
          {"problems", std::move(problems)},
          {"runs", std::move(list)},
          {"diff", DiffObject(report)}};
}

}  // namespace isoflop
