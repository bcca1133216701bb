#include "plugin/check/report_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/check/amount_text.h"
#include "plugin/check/one_line.h"
#include "plugin/check/policy_text.h"
#include "plugin/check/report_words.h"

namespace isoflop {
namespace {

std::string FiguresText(const RunCheck& check) {
  std::string text;
  if (check.parameter_count) absl::StrAppend(&text, ", ", CountText(*check.parameter_count), " parameters");
  if (check.token_count) absl::StrAppend(&text, ", ", CountText(*check.token_count), " tokens");
  if (check.training_flops) absl::StrAppend(&text, ", ", FlopsText(*check.training_flops), " FLOPs");
  return text;
}

std::string LossLine(std::string_view law, const std::optional<Judgement>& judgement) {
  if (!judgement || !judgement->loss_nats_per_token.estimate || !judgement->wasted_share.estimate) return "";
  return absl::StrFormat("  %s law: loss %s%s nats/token, %s%s of the compute wasted\n", law, LossText(*judgement->loss_nats_per_token.estimate),
                         BoundsText(judgement->loss_nats_per_token, LossText), ShareText(*judgement->wasted_share.estimate),
                         BoundsText(judgement->wasted_share, ShareText));
}

std::string FindingText(const Finding& finding, const PlannedRun& plan) {
  std::string text = absl::StrFormat("  %s: %s %s: %s\n", OneLine(PlaceText(finding.place)), FindingSeverityName(finding.severity), InfoOf(finding.code).name,
                                     OneLine(finding.message));
  if (!finding.reason.empty()) absl::StrAppend(&text, "    ", OneLine(finding.reason), "\n");
  if (finding.edit) absl::StrAppend(&text, "    Try ", OneLine(finding.edit->sentence), "\n");
  if (finding.waiver) absl::StrAppend(&text, "    Waived: ", OneLine(plan.waivers[*finding.waiver].reason), "\n");
  return text;
}

std::string WaiverText(const Waiver& waiver) {
  return absl::StrFormat("  %s: waiver of %s to the end of %s (UTC): %s\n", OneLine(PlaceText(waiver.place)), waiver.code, DateText(waiver.until),
                         OneLine(waiver.reason));
}

std::string ProblemsText(const PlanProblems& problems) {
  std::string text;
  for (const PlanProblem& problem : problems) absl::StrAppend(&text, OneLine(ProblemText(problem)), "\n");
  return text;
}

}  // namespace

std::string CheckText(const CheckReport& report, const ReportStyle& style) {
  std::string text;
  if (style.problems && !report.problems.empty()) text = ProblemsText(report.problems) + "\n";
  for (const CheckedRun& run : report.runs) {
    absl::StrAppend(&text, OneLine(run.plan.name), ": ", VerdictText(run.check.verdict), run.plan.for_evidence ? ", evidence" : "",
                    FiguresText(run.check), "\n", LossLine("fitted", run.check.fitted), LossLine("drift-weighted", run.check.drift_weighted));
    for (const Finding& finding : run.check.findings) absl::StrAppend(&text, FindingText(finding, run.plan));
    for (const Waiver& waiver : run.plan.waivers) absl::StrAppend(&text, WaiverText(waiver));
    text += "\n";
  }
  return absl::StrCat(text, "policy: ", OneLine(PolicySentence(report)), "\nverdict: ", VerdictText(report.verdict()), "\n");
}

}  // namespace isoflop
