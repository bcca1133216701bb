#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_ENTRY_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_ENTRY_H_

#include <string>
#include <vector>

#include "plugin/check/check_plans.h"
#include "plugin/check/report_style.h"

namespace isoflop {

// Code of a plan that cannot be read, beside the codes of findings.
inline constexpr std::string_view kBadPlanCode = "BAD_PLAN";
inline constexpr std::string_view kBadPlanTitle = "Plan cannot be read";

// How loudly lists of findings say one: a question that cannot be judged as loudly as --on-unknown has it. Worst first.
enum class EntryLevel { kError, kWarning, kNote, kWaived };

// A finding about a run, or a problem of a plan, for outputs that list them. Points into the report.
struct ReportEntry {
  std::string_view code, title;
  EntryLevel level = EntryLevel::kError;
  bool violates = false;            // It alone would violate the policy.
  const CheckedRun* run = nullptr;  // Null, as is `finding`: a problem.
  const Finding* finding = nullptr;
  const Place* place = nullptr;
  std::string_view message;

  const Waiver* waiver() const;  // That covers it; null: none.
};

// Worst first; among equals problems first, then in the order of the plans.
std::vector<ReportEntry> EntriesOf(const CheckReport& report);

EntryLevel LevelOf(const Finding& finding, OnUnknown on_unknown);

// The message with what else there is to say, on one line: the run, the reason, the suggested edit, the waiver.
std::string WholeMessage(const ReportEntry& entry);

// 32 hexadecimal digits for each entry, no two alike: of its file, run, code and field, not of lines or figures, so that they stay when a plan is
// edited elsewhere.
std::vector<std::string> FingerprintsOf(const std::vector<ReportEntry>& entries, const ReportStyle& style);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_ENTRY_H_
