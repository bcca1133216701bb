#include "plugin/check/report_gitlab.h"

#include <algorithm>

#include "plugin/check/report_entry.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

std::string SeverityOf(const ReportEntry& entry) {
  if (entry.finding == nullptr) return "blocker";
  switch (entry.level) {
    case EntryLevel::kError: return "critical";
    case EntryLevel::kWarning: return "minor";
    default: return "info";
  }
}

}  // namespace

ordered_json GitLabReport(const CheckReport& report, const ReportStyle& style) {
  ordered_json issues = ordered_json::array();
  const std::vector<ReportEntry> entries = EntriesOf(report);
  const std::vector<std::string> fingerprints = FingerprintsOf(entries, style);
  for (size_t i = 0; i < entries.size(); ++i) {
    const ReportEntry& entry = entries[i];
    issues.push_back({{"description", WholeMessage(entry)},
                      {"check_name", std::string(entry.code)},
                      {"fingerprint", fingerprints[i]},
                      {"severity", SeverityOf(entry)},
                      {"location", {{"path", HostPath(entry.place->file, style)}, {"lines", {{"begin", std::max(entry.place->line, 1)}}}}}});
  }
  return issues;
}

}  // namespace isoflop
