#ifndef ISOFLOP_PLUGIN_CHECK_MARKDOWN_TEXT_H_
#define ISOFLOP_PLUGIN_CHECK_MARKDOWN_TEXT_H_

#include <string>
#include <string_view>

namespace isoflop {

// `text` so that Markdown of GitHub and GitLab shows it as it is, on one line, in tables too: no markup, no HTML, nobody mentioned, no issue linked.
std::string MarkdownText(std::string_view text);

// Likewise, as code.
std::string MarkdownCode(std::string_view text);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_MARKDOWN_TEXT_H_
