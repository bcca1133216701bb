#include "plugin/check/diff_words.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/check/amount_text.h"

namespace isoflop {
namespace {

using Text = std::string (*)(double);

std::string Signed(double value, Text text) { return absl::StrCat(value > 0 ? "+" : "", text(value)); }

std::string PointsText(double share) { return absl::StrFormat("%.1f points", 100 * share); }

std::string RelativeText(double before, double after) { return before > 0 ? Signed(after / before - 1, ShareText) : ""; }

// "+3.1e21 FLOPs (+12 %)"; nothing where it did not change.
std::string TotalText(const char* name, const TotalChange& total, Text text, const char* unit) {
  if (!total.before && !total.after) return "";
  const double before = total.before.value_or(0), after = total.after.value_or(0);
  if (before == after) return absl::StrCat(name, " unchanged");
  const std::string relative = RelativeText(before, after);
  return absl::StrCat(name, " ", Signed(after - before, text), unit, relative.empty() ? "" : absl::StrCat(" (", relative, ")"));
}

size_t CountOf(const CheckDiff& diff, PlanChangeKind kind) {
  return static_cast<size_t>(std::count_if(diff.changes.begin(), diff.changes.end(), [kind](const PlanChange& change) { return change.kind == kind; }));
}

std::string FindingsText(const CheckDiff& diff) {
  std::string text = absl::StrCat(diff.added_count, diff.added_count == 1 ? " finding added, " : " findings added, ", diff.fixed_count, " fixed, ",
                                  diff.remaining_count, diff.remaining_count == 1 ? " remains" : " remain");
  if (diff.waived_count > 0) absl::StrAppend(&text, ", ", diff.waived_count, " waived now");
  return text;
}

std::string RunsText(const CheckDiff& diff) {
  std::vector<std::string> parts;
  for (const PlanChangeKind kind : {PlanChangeKind::kAdded, PlanChangeKind::kRemoved, PlanChangeKind::kChanged}) {
    const size_t count = CountOf(diff, kind);
    if (count > 0) parts.push_back(absl::StrFormat("%d %s %s", count, count == 1 ? "run" : "runs", PlanChangeName(kind)));
  }
  return parts.empty() ? "no run changed" : absl::StrJoin(parts, ", ");
}

// Without `difference` the change is told as a share of what was.
void AddFigure(const char* name, const Interval& before, const Interval& after, Text text, Text difference, std::vector<FigureChange>& changes) {
  if (before.estimate == after.estimate) return;
  const auto shown = [text](const Interval& value) { return value.estimate ? absl::StrCat(text(*value.estimate), BoundsText(value, text)) : std::string(); };
  FigureChange change{.name = name, .before = shown(before), .after = shown(after)};
  if (before.estimate && after.estimate) {
    change.change = difference == nullptr ? RelativeText(*before.estimate, *after.estimate) : Signed(*after.estimate - *before.estimate, difference);
  }
  changes.push_back(std::move(change));
}

Interval ValueOf(const std::optional<double>& value) { return {.estimate = value}; }

Interval ValueOf(const std::optional<Judgement>& judgement, const Interval Judgement::*interval) { return judgement ? (*judgement).*interval : Interval{}; }

}  // namespace

std::string DiffSentence(const CheckReport& report) {
  const CheckDiff& diff = *report.diff;
  std::vector<std::string> parts;
  for (std::string& part : std::vector{TotalText("compute", diff.training_flops, FlopsText, " FLOPs"), TotalText("price", diff.total_price, PlainText, "")}) {
    if (!part.empty()) parts.push_back(std::move(part));
  }
  parts.push_back(FindingsText(diff));
  return absl::StrCat(absl::StrJoin(parts, ", "), "; ", RunsText(diff));
}

std::vector<FigureChange> FigureChangesOf(const PlanChange& change, const CheckReport& report) {
  const RunCheck none;
  const RunCheck& before = change.before ? report.diff->before[*change.before].check : none;
  const RunCheck& after = change.after ? report.runs[*change.after].check : none;
  std::vector<FigureChange> changes;
  const auto add_count = [&](const char* name, const std::optional<double>& was, const std::optional<double>& is, Text text) {
    AddFigure(name, ValueOf(was), ValueOf(is), text, nullptr, changes);
  };
  const auto add_judged = [&](const char* name, const std::optional<Judgement> RunCheck::*law, const Interval Judgement::*interval, Text text, Text difference) {
    AddFigure(name, ValueOf(before.*law, interval), ValueOf(after.*law, interval), text, difference, changes);
  };
  if (change.before && change.after) {
    add_count("Parameters", before.parameter_count, after.parameter_count, CountText);
    add_count("Tokens", before.token_count, after.token_count, CountText);
    add_judged("Loss, nats/token", &RunCheck::fitted, &Judgement::loss_nats_per_token, LossText, LossText);
    add_judged("Wasted, fitted law", &RunCheck::fitted, &Judgement::wasted_share, ShareText, PointsText);
    add_judged("Wasted, drift-weighted law", &RunCheck::drift_weighted, &Judgement::wasted_share, ShareText, PointsText);
  }
  add_count("FLOPs", before.training_flops, after.training_flops, FlopsText);
  add_count("Price", before.cost.total_price, after.cost.total_price, PlainText);
  add_count("Days", before.cost.days, after.cost.days, PlainText);
  return changes;
}

std::string CodesText(const std::vector<Finding>& findings) {
  return absl::StrJoin(findings, ", ", [](std::string* text, const Finding& finding) { absl::StrAppendFormat(text, "%s", InfoOf(finding.code).name); });
}

}  // namespace isoflop
