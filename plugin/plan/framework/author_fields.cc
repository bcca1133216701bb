#include "plugin/plan/framework/author_fields.h"

#include <algorithm>
#include <string_view>

namespace isoflop {
namespace {

constexpr std::string_view kMark = "# isoflop:";

}  // namespace

YamlNode ReadAuthorComments(const std::string& text, const std::string& file, PlanProblems& problems) {
  // All else becomes blank, so that places stay what they are.
  std::string comments = text;
  bool any = false;
  for (size_t line = 0; line < text.size();) {
    const size_t end = std::min(text.find('\n', line), text.size());
    const size_t mark = std::min(text.find_first_not_of(" \t", line), text.size());
    const bool marked = text.compare(mark, kMark.size(), kMark) == 0;
    std::fill(comments.begin() + static_cast<std::ptrdiff_t>(line), comments.begin() + static_cast<std::ptrdiff_t>(marked ? mark + kMark.size() : end), ' ');
    any |= marked;
    line = end + 1;
  }
  return any ? ReadYamlTree(comments, file, problems) : YamlNode{};
}

}  // namespace isoflop
