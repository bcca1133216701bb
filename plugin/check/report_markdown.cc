#include "plugin/check/report_markdown.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "core/check/amount_text.h"
#include "plugin/check/diff_words.h"
#include "plugin/check/markdown_text.h"
#include "plugin/check/policy_text.h"
#include "plugin/check/report_words.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

constexpr const char* kNone = "–";

const char* MarkOf(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::kPass: return "✅";
    case CheckVerdict::kCannotJudge: return "❓";
    default: return "❌";
  }
}

const char* MarkOf(const Finding& finding) {
  if (finding.waiver) return "☑️";
  switch (finding.severity) {
    case FindingSeverity::kError: return "❌";
    case FindingSeverity::kUnknown: return "❓";
    case FindingSeverity::kWarning: return "⚠️";
    default: return "ℹ️";
  }
}

// Never broken inside a figure.
std::string CellText(const std::string& text) { return absl::StrReplaceAll(MarkdownText(text), {{" ", "&nbsp;"}}); }

// The bounds of a figure below it, small.
std::string FigureCell(const std::string& text) {
  if (text.empty()) return kNone;
  const size_t bounds = text.find(" [");
  if (bounds == std::string::npos) return CellText(text);
  return absl::StrCat(CellText(text.substr(0, bounds)), "<br><sub>", CellText(text.substr(bounds + 1)), "</sub>");
}

std::string Cell(const std::optional<double>& value, std::string (*text)(double)) { return value ? CellText(text(*value)) : kNone; }

std::string Cell(const std::optional<Judgement>& judgement, const Interval Judgement::*interval, std::string (*text)(double)) {
  if (!judgement || !((*judgement).*interval).estimate) return kNone;
  const Interval& value = (*judgement).*interval;
  return FigureCell(absl::StrCat(text(*value.estimate), BoundsText(value, text)));
}

std::string Row(const std::vector<std::string>& cells) { return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n"); }

// Which columns of cost there is anything to say in.
struct CostColumns {
  bool price = false, days = false;
  explicit CostColumns(const CheckReport& report) {
    for (const CheckedRun& run : report.runs) {
      price = price || run.check.cost.total_price;
      days = days || run.check.cost.days;
    }
  }
};

std::string TableHead(const CostColumns& columns) {
  std::vector<std::string> head = {"", "Run", "Parameters", "Tokens", "FLOPs", "Loss<br>nats/token", "Wasted<br>fitted law", "Wasted<br>drift-weighted"};
  std::vector<std::string> rule = {"---", "---", "--:", "--:", "--:", "--:", "--:", "--:"};
  for (const auto& [shown, name] : {std::pair{columns.price, "Price"}, {columns.days, "Days"}}) {
    if (!shown) continue;
    head.push_back(name);
    rule.push_back("--:");
  }
  return Row(head) + Row(rule);
}

std::string TableRow(const CheckedRun& run, const CostColumns& columns) {
  const RunCheck& check = run.check;
  std::vector<std::string> cells = {MarkOf(check.verdict),
                                    MarkdownCode(run.plan.name) + (run.plan.for_evidence ? "<br>evidence" : ""),
                                    Cell(check.parameter_count, CountText),
                                    Cell(check.token_count, CountText),
                                    Cell(check.training_flops, FlopsText),
                                    Cell(check.fitted, &Judgement::loss_nats_per_token, LossText),
                                    Cell(check.fitted, &Judgement::wasted_share, ShareText),
                                    Cell(check.drift_weighted, &Judgement::wasted_share, ShareText)};
  if (columns.price) cells.push_back(Cell(check.cost.total_price, PlainText));
  if (columns.days) cells.push_back(Cell(check.cost.days, PlainText));
  return Row(cells);
}

std::string FindingItem(const Finding& finding, const PlannedRun& plan) {
  const FindingCodeInfo& info = InfoOf(finding.code);
  std::string text = absl::StrCat("- ", MarkOf(finding), " **", MarkdownCode(info.name), "** at ", MarkdownCode(PlaceText(finding.place)), "<br>",
                                  MarkdownText(finding.message));
  if (finding.waiver) {
    const Waiver& waiver = plan.waivers[*finding.waiver];
    absl::StrAppend(&text, "<br>Waived to the end of ", DateText(waiver.until), " (UTC): ", MarkdownText(waiver.reason));
  }
  if (finding.edit) absl::StrAppend(&text, "<br>**", EditWord(finding), "** ", MarkdownText(finding.edit->sentence));
  absl::StrAppend(&text, "\n  <details><summary>Why, and what can be done</summary>\n\n");
  if (!finding.reason.empty()) absl::StrAppend(&text, "  ", MarkdownText(finding.reason), "\n\n");
  return absl::StrCat(text, "  ", std::string(info.fix), "\n  </details>\n");
}

// Nothing for a run without findings.
std::string RunSection(const CheckedRun& run) {
  if (run.check.findings.empty()) return "";
  std::string text = absl::StrCat("\n#### ", MarkOf(run.check.verdict), " ", MarkdownCode(run.plan.name), ": ", VerdictText(run.check.verdict), "\n\n");
  for (const Finding& finding : run.check.findings) text += FindingItem(finding, run.plan);
  return text;
}

std::string WaiverRow(const Waiver& waiver, const CheckedRun& run) {
  return Row({MarkdownCode(run.plan.name), MarkdownCode(waiver.code), DateText(waiver.until), WaiverStateText(waiver, run),
              MarkdownText(waiver.reason), MarkdownCode(PlaceText(waiver.place))});
}

std::string ProblemItem(const PlanProblem& problem) {
  return absl::StrCat("- ❌ ", MarkdownCode(PlaceText(problem.place)), "<br>", MarkdownText(problem.message), "\n");
}

// Parts of a list that fit into what is left of a limit; the rest is counted.
class Room {
 public:
  explicit Room(size_t bytes) : bytes_(bytes) {}

  // Once one part is too large, later ones are left out too.
  void Add(std::string& text, const std::string& part) {
    if (left_out_ > 0 || part.size() > bytes_) {
      left_out_ += part.empty() ? 0 : 1;
      return;
    }
    bytes_ -= part.size();
    text += part;
  }
  // A notice of what was left out, if any.
  std::string Notice(std::string_view what) const {
    return left_out_ == 0 ? "" : absl::StrFormat("\n_%d more %s left out: there is no room for them here._\n", left_out_, what);
  }

 private:
  size_t bytes_;
  size_t left_out_ = 0;
};

// Runs by how much they need attention; in the order of the plans among equals.
std::vector<const CheckedRun*> WorstFirst(const CheckReport& report) {
  std::vector<const CheckedRun*> runs;
  for (const CheckedRun& run : report.runs) runs.push_back(&run);
  std::stable_sort(runs.begin(), runs.end(), [](const CheckedRun* a, const CheckedRun* b) { return a->check.verdict > b->check.verdict; });
  return runs;
}

std::string Problems(const CheckReport& report, size_t bytes) {
  if (report.problems.empty()) return "";
  std::string text = "\n";
  Room room(bytes);
  for (const PlanProblem& problem : report.problems) room.Add(text, ProblemItem(problem));
  return text + room.Notice("problems");
}

std::string Table(const CheckReport& report, size_t bytes) {
  if (report.runs.empty()) return "";
  const CostColumns columns(report);
  std::string text = "\n" + TableHead(columns);
  Room room(bytes);
  for (const CheckedRun& run : report.runs) room.Add(text, TableRow(run, columns));
  return text + room.Notice("runs");
}

// A row for each figure that is not what it was, and one for what is no longer found.
std::string ChangeRows(const PlanChange& change, const CheckReport& report) {
  if (change.kind == PlanChangeKind::kUnchanged) return "";
  std::string name = absl::StrFormat("%s<br>%s", MarkdownCode(PlanOf(change, *report.diff, report.runs).name), PlanChangeName(change.kind));
  std::string rows;
  const auto add = [&](const std::string& what, const std::string& before, const std::string& after, const std::string& difference) {
    rows += Row({std::exchange(name, ""), what, before, after, difference});
  };
  for (const FigureChange& figure : FigureChangesOf(change, report)) {
    add(figure.name, FigureCell(figure.before), FigureCell(figure.after), CellText(figure.change));
  }
  if (!change.fixed.empty()) add("Fixed", MarkdownText(CodesText(change.fixed)), "", "");
  if (!change.waived.empty()) add("Waived now", MarkdownText(CodesText(change.waived)), "", "");
  if (!change.added.empty()) add("Added", "", MarkdownText(CodesText(change.added)), "");
  return rows;
}

std::string Changes(const CheckReport& report, size_t bytes) {
  if (!report.diff) return "";
  std::string text;
  if (!report.diff->problems.empty()) text += "\nAs they were, these could not be read:\n\n";
  Room room(bytes);
  for (const PlanProblem& problem : report.diff->problems) room.Add(text, ProblemItem(problem));
  std::string rows;
  for (const PlanChange& change : report.diff->changes) room.Add(rows, ChangeRows(change, report));
  if (!rows.empty()) absl::StrAppend(&text, "\n#### Changes\n\n", Row({"Run", "", "Previous", "New", "Change"}), Row({"---", "---", "--:", "--:", "--:"}), rows);
  return text + room.Notice("changes");
}

std::string Sections(const CheckReport& report, size_t bytes) {
  std::string text;
  Room room(bytes);
  for (const CheckedRun* const run : WorstFirst(report)) room.Add(text, RunSection(*run));
  return text + room.Notice("runs with findings");
}

std::string Waivers(const CheckReport& report, size_t bytes) {
  std::string rows;
  Room room(bytes);
  for (const CheckedRun& run : report.runs) {
    for (const Waiver& waiver : run.plan.waivers) room.Add(rows, WaiverRow(waiver, run));
  }
  const std::string notice = room.Notice("waivers");
  if (rows.empty() && notice.empty()) return "";
  return absl::StrCat("\n#### Waivers\n\n", Row({"Run", "Code", "To the end of (UTC)", "", "Reason", "Place"}),
                      Row({"---", "---", "---", "---", "---", "---"}), rows, notice);
}

std::string Footer(const CheckReport& report) {
  return absl::StrCat("\n<sub>Judged by ", report.law.id.empty() ? "a fit without a law" : absl::StrCat("law ", MarkdownCode(report.law.id)), ", version ", report.law.version,
                      ", evidence ", MarkdownCode(report.law.evidence_hash),
                      ", by policy: ", MarkdownText(PolicySentence(report)), ". Brackets hold 95 % intervals; that of a loss is of one new run. Wasted is the share of the compute beyond the least that reaches the same "
                      "loss; the drift-weighted law trusts large runs more. `isoflop check --explain CODE` explains a code.</sub>\n<!-- schema_version: ",
                      kSchemaVersion, " -->\n");
}

}  // namespace

std::string CheckMarkdown(const CheckReport& report, size_t byte_limit) {
  const std::string head = absl::StrCat(std::string(kMarkdownMarker), "\n### ", MarkOf(report.verdict()), " isoflop check: ", VerdictSentence(report), "\n\n",
                                        CountsSentence(report), "\n", report.diff ? absl::StrCat("\n**Changes: ", DiffSentence(report), ".**\n") : "");
  const std::string footer = Footer(report);
  constexpr size_t kForNotices = 1000;
  const size_t fixed = head.size() + footer.size() + kForNotices;
  size_t left = byte_limit > fixed ? byte_limit - fixed : 0;
  std::string text = head;
  // Each part may take a share of what the ones before it left.
  const auto add = [&](std::string part) {
    left -= std::min(left, part.size());
    text += part;
  };
  add(Problems(report, left / 2));
  add(Changes(report, left / 3));
  add(Table(report, left / 3));
  const std::string waivers = Waivers(report, left / 4);
  left -= std::min(left, waivers.size());
  add(Sections(report, left));
  return text + waivers + footer;
}

}  // namespace isoflop
