#include "plugin/check/report_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/check/amount_text.h"
#include "plugin/check/diff_words.h"
#include "plugin/check/one_line.h"
#include "plugin/check/policy_text.h"
#include "plugin/check/report_words.h"
#include "plugin/check/terminal_text.h"

namespace isoflop {
namespace {

TextLook LookOf(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::kPass: return TextLook::kGreen;
    case CheckVerdict::kCannotJudge: return TextLook::kMagenta;
    default: return TextLook::kRed;
  }
}

TextLook LookOf(const Finding& finding) {
  if (finding.waiver) return TextLook::kFaint;
  switch (finding.severity) {
    case FindingSeverity::kError: return TextLook::kRed;
    case FindingSeverity::kUnknown: return TextLook::kMagenta;
    case FindingSeverity::kWarning: return TextLook::kYellow;
    default: return TextLook::kCyan;
  }
}

std::string FiguresText(const RunCheck& check) {
  std::string text;
  if (check.parameter_count) absl::StrAppend(&text, ", ", CountText(*check.parameter_count), " parameters");
  if (check.token_count) absl::StrAppend(&text, ", ", CountText(*check.token_count), " tokens");
  if (check.training_flops) absl::StrAppend(&text, ", ", FlopsText(*check.training_flops), " FLOPs");
  return text;
}

// The report's lines, broken and painted as the style has them.
class TextWriter {
 public:
  explicit TextWriter(const ReportStyle& style) : style_(style) {}

  void Problem(const PlanProblem& problem) { Line(OneLine(ProblemText(problem))); }

  void Run(const CheckedRun& run) {
    Line(absl::StrCat(Paint(OneLine(run.plan.name), TextLook::kBold), ": ", Verdict(run.check.verdict), run.plan.for_evidence ? ", evidence" : "",
                      FiguresText(run.check)));
    Law("fitted", run.check.fitted);
    Law("drift-weighted", run.check.drift_weighted);
    for (const Finding& finding : run.check.findings) Found(finding, run.plan);
    for (const Waiver& waiver : run.plan.waivers) Waived(waiver);
    Line("");
  }

  void Diff(const CheckReport& report) {
    for (const PlanProblem& problem : report.diff->problems) Line(absl::StrCat("as it was, ", OneLine(ProblemText(problem))));
    for (const PlanChange& change : report.diff->changes) {
      if (change.kind != PlanChangeKind::kUnchanged) Change(change, report);
    }
    Line(absl::StrCat("changes: ", DiffSentence(report)));
  }

  void Line(const std::string& line) { absl::StrAppend(&text_, Wrapped(line, style_.width), "\n"); }

  std::string Verdict(CheckVerdict verdict) const { return Paint(VerdictText(verdict), LookOf(verdict)); }
  std::string Take() { return std::move(text_); }

 private:
  void Law(std::string_view law, const std::optional<Judgement>& judgement) {
    if (!judgement || !judgement->loss_nats_per_token.estimate || !judgement->wasted_share.estimate) return;
    Line(absl::StrFormat("  %s law: loss %s%s nats/token, %s%s of the compute wasted", law, LossText(*judgement->loss_nats_per_token.estimate),
                         BoundsText(judgement->loss_nats_per_token, LossText), ShareText(*judgement->wasted_share.estimate),
                         BoundsText(judgement->wasted_share, ShareText)));
  }

  void Found(const Finding& finding, const PlannedRun& plan) {
    const std::string code = absl::StrFormat("%s %s", FindingSeverityName(finding.severity), InfoOf(finding.code).name);
    Line(absl::StrCat("  ", OneLine(PlaceText(finding.place)), ": ", Paint(code, LookOf(finding)), ": ", OneLine(finding.message)));
    if (!finding.reason.empty()) Line(absl::StrCat("    ", OneLine(finding.reason)));
    if (finding.edit) Line(absl::StrCat("    ", Paint(EditWord(finding), TextLook::kBold), " ", OneLine(finding.edit->sentence)));
    if (finding.waiver) Line(absl::StrCat("    ", Paint("Waived", TextLook::kBold), ": ", OneLine(plan.waivers[*finding.waiver].reason)));
  }

  void Change(const PlanChange& change, const CheckReport& report) {
    const PlannedRun& plan = PlanOf(change, *report.diff, report.runs);
    Line(absl::StrFormat("%s in %s: %s", Paint(OneLine(plan.name), TextLook::kBold), OneLine(plan.place.file), PlanChangeName(change.kind)));
    for (const FigureChange& figure : FigureChangesOf(change, report)) {
      const auto shown = [](const std::string& text) { return text.empty() ? "none" : text; };
      Line(absl::StrCat("  ", figure.name, ": ", shown(figure.before), " → ", shown(figure.after), figure.change.empty() ? "" : absl::StrCat(" (", figure.change, ")")));
    }
    Codes("Added", change.added, TextLook::kRed);
    Codes("Fixed", change.fixed, TextLook::kGreen);
    Codes("Waived now", change.waived, TextLook::kFaint);
    Codes("Remaining", change.remaining, TextLook::kPlain);
    Line("");
  }

  void Codes(const std::string& what, const std::vector<Finding>& findings, TextLook look) {
    if (!findings.empty()) Line(absl::StrCat("  ", Paint(what, look), ": ", CodesText(findings)));
  }

  void Waived(const Waiver& waiver) {
    Line(absl::StrFormat("  %s: waiver of %s to the end of %s (UTC): %s", OneLine(PlaceText(waiver.place)), waiver.code, DateText(waiver.until),
                         OneLine(waiver.reason)));
  }

  std::string Paint(const std::string& text, TextLook look) const { return Painted(text, look, style_.colour); }

  ReportStyle style_;
  std::string text_;
};

}  // namespace

std::string CheckText(const CheckReport& report, const ReportStyle& style) {
  TextWriter writer(style);
  if (style.problems && !report.problems.empty()) {
    for (const PlanProblem& problem : report.problems) writer.Problem(problem);
    writer.Line("");
  }
  for (const CheckedRun& run : report.runs) writer.Run(run);
  if (report.diff) writer.Diff(report);
  writer.Line(absl::StrCat("policy: ", OneLine(PolicySentence(report))));
  writer.Line(absl::StrCat("verdict: ", writer.Verdict(report.verdict())));
  return writer.Take();
}

}  // namespace isoflop
