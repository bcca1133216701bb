#include "plugin/check/report_entry.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/check/amount_text.h"
#include "core/fit/mix.h"
#include "plugin/check/one_line.h"
#include "plugin/check/report_words.h"

namespace isoflop {
namespace {

bool Violates(const Finding& finding, const CheckReport& report) {
  if (finding.waiver) return false;
  const EntryLevel level = LevelOf(finding, report.options.on_unknown);
  if (level == EntryLevel::kWarning) return report.options.fail_on == FindingSeverity::kWarning;
  return level == EntryLevel::kError && finding.severity == FindingSeverity::kError;
}

ReportEntry EntryOf(const PlanProblem& problem) {
  return {.code = kBadPlanCode, .title = kBadPlanTitle, .place = &problem.place, .message = problem.message};
}

ReportEntry EntryOf(const Finding& finding, const CheckedRun& run, const CheckReport& report) {
  const FindingCodeInfo& info = InfoOf(finding.code);
  return {.code = info.name,
          .title = info.title,
          .level = LevelOf(finding, report.options.on_unknown),
          .violates = Violates(finding, report),
          .run = &run,
          .finding = &finding,
          .place = &finding.place,
          .message = finding.message};
}

uint64_t HashText(std::string_view text, uint64_t hash) {
  hash = Mix(hash, text.size());
  for (const char byte : text) hash = Mix(hash, static_cast<unsigned char>(byte));
  return hash;
}

std::string FingerprintOf(const std::vector<std::string>& parts, uint64_t ordinal) {
  uint64_t high = Mix(1, ordinal), low = Mix(2, ordinal);
  for (const std::string& part : parts) {
    high = HashText(part, high);
    low = HashText(part, low);
  }
  return absl::StrFormat("%016x%016x", high, low);
}

}  // namespace

const Waiver* ReportEntry::waiver() const { return finding != nullptr && finding->waiver ? &run->plan.waivers[*finding->waiver] : nullptr; }

EntryLevel LevelOf(const Finding& finding, OnUnknown on_unknown) {
  if (finding.waiver) return EntryLevel::kWaived;
  switch (finding.severity) {
    case FindingSeverity::kError: return EntryLevel::kError;
    case FindingSeverity::kWarning: return EntryLevel::kWarning;
    case FindingSeverity::kUnknown:
      return on_unknown == OnUnknown::kFail ? EntryLevel::kError : on_unknown == OnUnknown::kWarn ? EntryLevel::kWarning : EntryLevel::kNote;
    default: return EntryLevel::kNote;
  }
}

std::vector<ReportEntry> EntriesOf(const CheckReport& report) {
  std::vector<ReportEntry> entries;
  for (const PlanProblem& problem : report.problems) entries.push_back(EntryOf(problem));
  for (const CheckedRun& run : report.runs) {
    for (const Finding& finding : run.check.findings) entries.push_back(EntryOf(finding, run, report));
  }
  std::stable_sort(entries.begin(), entries.end(), [](const ReportEntry& a, const ReportEntry& b) { return a.level < b.level; });
  return entries;
}

std::string WholeMessage(const ReportEntry& entry) {
  if (entry.finding == nullptr) return OneLine(entry.message);
  std::string text = absl::StrFormat("%s: %s", entry.run->plan.name, entry.message);
  if (!entry.finding->reason.empty()) absl::StrAppend(&text, " ", entry.finding->reason);
  if (entry.finding->edit) absl::StrAppend(&text, " ", EditWord(*entry.finding), " ", entry.finding->edit->sentence);
  if (const Waiver* const waiver = entry.waiver()) absl::StrAppend(&text, " Waived to the end of ", DateText(waiver->until), " (UTC): ", waiver->reason);
  return OneLine(text);
}

std::vector<std::string> FingerprintsOf(const std::vector<ReportEntry>& entries, const ReportStyle& style) {
  std::map<std::vector<std::string>, uint64_t> equal_count;
  std::vector<std::string> fingerprints;
  for (const ReportEntry& entry : entries) {
    std::vector<std::string> parts = {HostPath(entry.place->file, style), std::string(entry.code)};
    if (entry.finding == nullptr) {
      parts.emplace_back(entry.message);
    } else {
      parts.insert(parts.end(), {entry.run->plan.name, entry.finding->field});
    }
    fingerprints.push_back(FingerprintOf(parts, equal_count[parts]++));
  }
  return fingerprints;
}

}  // namespace isoflop
