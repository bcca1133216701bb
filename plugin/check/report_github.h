#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_GITHUB_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_GITHUB_H_

#include <string>

#include "plugin/check/check_plans.h"
#include "plugin/check/report_style.h"

namespace isoflop {

// GitHub shows that many of a level from one step, and drops the rest without a word.
inline constexpr size_t kGitHubAnnotations = 10;
// And refuses a step's summary that is larger.
inline constexpr size_t kGitHubSummaryBytes = 1 << 20;

// Workflow commands, one a line, that annotate the plans' lines, worst first; what GitHub would drop is counted in a notice. The verdict last.
std::string GitHubCommands(const CheckReport& report, const ReportStyle& style);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_GITHUB_H_
