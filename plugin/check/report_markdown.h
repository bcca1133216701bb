#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_MARKDOWN_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_MARKDOWN_H_

#include <cstddef>
#include <limits>
#include <string>

#include "plugin/check/check_plans.h"

namespace isoflop {

// First line of the Markdown, the same for every report, so that a comment that holds one is found again.
inline constexpr std::string_view kMarkdownMarker = "<!-- isoflop:check -->";

// For comments and summaries on GitHub and GitLab: the verdict on one line, a table run by run, what was found with the reasons folded away, the
// waivers, and what judged. Where that is more than `byte_limit`, whole rows and whole runs are left out, the last ones, and it says how many.
std::string CheckMarkdown(const CheckReport& report, size_t byte_limit = std::numeric_limits<size_t>::max());

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_MARKDOWN_H_
