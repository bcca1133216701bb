#include "plugin/check/report_words.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace isoflop {
namespace {

std::string Counted(size_t count, std::string_view one, std::string_view many) { return absl::StrFormat("%d %s", count, count == 1 ? one : many); }

size_t FilesWithProblems(const CheckReport& report) {
  std::set<std::string_view> files;
  for (const PlanProblem& problem : report.problems) files.insert(problem.place.file);
  return files.size();
}

}  // namespace

std::string VerdictText(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::kCannotJudge: return "can't judge";
    case CheckVerdict::kBadPlan: return "bad plan";
    default: return std::string(VerdictName(verdict));
  }
}

std::string VerdictSentence(const CheckReport& report) {
  const CheckVerdict verdict = report.verdict();
  const auto of = std::count_if(report.runs.begin(), report.runs.end(), [&](const CheckedRun& run) { return run.check.verdict == verdict; });
  const std::string runs = absl::StrCat(of, " of ", Counted(report.runs.size(), "run", "runs"));
  switch (verdict) {
    case CheckVerdict::kPass: return absl::StrCat("pass, ", Counted(report.runs.size(), "run", "runs"));
    case CheckVerdict::kCannotJudge: return absl::StrCat("can't judge ", runs);
    case CheckVerdict::kViolated: return absl::StrCat("policy violated by ", runs);
    case CheckVerdict::kBadPlan: return absl::StrCat("bad plan, ", Counted(FilesWithProblems(report), "file", "files"), " can't be read");
  }
  return "";
}

std::string EditWord(const Finding& finding) { return finding.code == FindingCode::kOptimumNotSettled ? "Perhaps" : "Try"; }

std::string CountsSentence(const CheckReport& report) {
  size_t errors = 0, unknown = 0, warnings = 0, notes = 0, waived = 0;
  for (const CheckedRun& run : report.runs) {
    errors += static_cast<size_t>(run.check.error_count);
    unknown += static_cast<size_t>(run.check.unknown_count);
    warnings += static_cast<size_t>(run.check.warning_count);
    notes += static_cast<size_t>(run.check.note_count);
    waived += static_cast<size_t>(run.check.waived_count);
  }
  std::vector<std::string> parts;
  const auto add = [&](size_t count, std::string_view one, std::string_view many) {
    if (count > 0) parts.push_back(Counted(count, one, many));
  };
  add(report.problems.size(), "problem of a plan", "problems of plans");
  add(errors, "error", "errors");
  add(unknown, "question that can't be judged", "questions that can't be judged");
  add(warnings, "warning", "warnings");
  add(notes, "note", "notes");
  add(waived, "waived", "waived");
  return parts.empty() ? "Nothing found." : absl::StrCat(absl::StrJoin(parts, ", "), ".");
}

std::string WaiverStateText(const Waiver& waiver, const CheckedRun& run) {
  for (const Finding& finding : run.check.findings) {
    if (finding.place != waiver.place) continue;
    if (finding.code == FindingCode::kWaiverExpired) return "expired";
    if (finding.code == FindingCode::kWaiverUnused) return "covers nothing";
  }
  return "holds";
}

}  // namespace isoflop
