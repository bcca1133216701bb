#include "plugin/check/markdown_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "plugin/check/one_line.h"

namespace isoflop {
namespace {

constexpr const char* kZeroWidthSpace = "&#8203;";

}  // namespace

std::string MarkdownText(std::string_view text) {
  std::string shown;
  for (const char c : OneLine(text)) {
    if (std::string_view("\\`*_{}[<>#|~&$!").find(c) != std::string_view::npos) shown += '\\';
    shown += c;
    // Hosts look for names and numbers of issues after Markdown is read.
    if (c == '@' || c == '#') shown += kZeroWidthSpace;
  }
  return shown;
}

std::string MarkdownCode(std::string_view text) {
  const std::string line = OneLine(text);
  if (line.find_first_of("`|") == std::string::npos && line == absl::StripAsciiWhitespace(line)) return absl::StrCat("`", line, "`");
  std::string shown;
  for (const char c : line) {
    if (absl::ascii_ispunct(static_cast<unsigned char>(c))) {
      absl::StrAppend(&shown, "&#", static_cast<int>(c), ";");
    } else {
      shown += c;
    }
  }
  return absl::StrCat("<code>", shown, "</code>");
}

}  // namespace isoflop
