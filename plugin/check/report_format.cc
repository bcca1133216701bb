#include "plugin/check/report_format.h"

#include <algorithm>

#include "plugin/check/report_github.h"
#include "plugin/check/report_gitlab.h"
#include "plugin/check/report_json.h"
#include "plugin/check/report_junit.h"
#include "plugin/check/report_markdown.h"
#include "plugin/check/report_sarif.h"
#include "plugin/check/report_text.h"

namespace isoflop {

const std::vector<std::string>& ReportFormatNames() {
  // In the order of ReportFormat, then the other name.
  static const auto* const kNames = new std::vector<std::string>{"text", "json", "markdown", "junit", "sarif", "github", "gitlab", "table"};
  return *kNames;
}

std::optional<ReportFormat> ParseReportFormat(std::string_view name) {
  if (name == "table") return ReportFormat::kText;
  const std::vector<std::string>& names = ReportFormatNames();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<ReportFormat>(found - names.begin()));
}

std::string WriteReport(const CheckReport& report, ReportFormat format, const ReportStyle& style) {
  switch (format) {
    case ReportFormat::kText: return CheckText(report, style);
    case ReportFormat::kJson: return CheckDocument(report).dump() + "\n";
    case ReportFormat::kMarkdown: return CheckMarkdown(report);
    case ReportFormat::kJUnit: return JUnitReport(report, style);
    case ReportFormat::kSarif: return SarifReport(report, style).dump(2) + "\n";
    case ReportFormat::kGitHub: return GitHubCommands(report, style);
    case ReportFormat::kGitLab: return GitLabReport(report, style).dump(2) + "\n";
  }
  return "";
}

}  // namespace isoflop
