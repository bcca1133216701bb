#include "plugin/check/terminal_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace isoflop {
namespace {

constexpr char kEscape = '\x1b';

// Characters that show: code points outside of escapes.
size_t ShownWidth(std::string_view text) {
  size_t width = 0;
  bool escaped = false;
  for (const char c : text) {
    escaped = escaped || c == kEscape;
    if (!escaped && (static_cast<unsigned char>(c) & 0xC0) != 0x80) ++width;
    if (c == 'm') escaped = false;
  }
  return width;
}

}  // namespace

std::string Painted(const std::string& text, TextLook look, bool colour) {
  if (!colour || look == TextLook::kPlain) return text;
  return absl::StrCat("\x1b[", static_cast<int>(look), "m", text, "\x1b[0m");
}

std::string Wrapped(const std::string& line, size_t width) {
  if (ShownWidth(line) <= width || width == 0) return line;
  const size_t indent = std::min(line.find_first_not_of(' '), line.size());
  std::string text(indent, ' ');
  size_t used = indent;
  bool first = true;
  // A share stays on the line of its sign.
  const std::string glued = absl::StrReplaceAll(line.substr(indent), {{" %", "\x01%"}});
  for (const absl::string_view split : absl::StrSplit(glued, ' ')) {
    const std::string word = absl::StrReplaceAll(split, {{"\x01", " "}});
    const size_t shown = ShownWidth(word);
    if (!first && used + 1 + shown > width) {
      absl::StrAppend(&text, "\n", std::string(indent + 2, ' '));
      used = indent + 2;
    } else if (!first) {
      text += ' ';
      ++used;
    }
    text += word;
    used += shown;
    first = false;
  }
  return text;
}

}  // namespace isoflop
