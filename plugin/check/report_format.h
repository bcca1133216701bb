#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_FORMAT_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_FORMAT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/check/check_plans.h"
#include "plugin/check/report_style.h"

namespace isoflop {

enum class ReportFormat { kText, kJson, kMarkdown, kJUnit, kSarif, kGitHub, kGitLab };

// Their names: "text" and so on; "table" is another for text.
const std::vector<std::string>& ReportFormatNames();
std::optional<ReportFormat> ParseReportFormat(std::string_view name);

// The same bytes for the same report, whatever the place and the time.
std::string WriteReport(const CheckReport& report, ReportFormat format, const ReportStyle& style = {});

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_FORMAT_H_
