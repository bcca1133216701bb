#include "plugin/check/report_github.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "plugin/check/report_entry.h"
#include "plugin/check/report_words.h"

namespace isoflop {
namespace {

// In the order of EntryLevel: what is waived is a notice, too.
constexpr std::array<const char*, 4> kCommands = {"error", "warning", "notice", "notice"};
constexpr size_t kNotice = 2;

// As the runner's own toolkit escapes them (actions/toolkit, packages/core/src/command.ts).
std::string EscapeMessage(const std::string& text) { return absl::StrReplaceAll(text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}}); }
std::string EscapeProperty(const std::string& text) { return absl::StrReplaceAll(EscapeMessage(text), {{":", "%3A"}, {",", "%2C"}}); }

std::string Title(const ReportEntry& entry) {
  std::string title = absl::StrFormat("%s: %s", entry.code, entry.title);
  if (entry.waiver() != nullptr) title += " (waived)";
  return title;
}

std::string Command(const ReportEntry& entry, const ReportStyle& style) {
  std::vector<std::string> properties = {"file=" + EscapeProperty(HostPath(entry.place->file, style))};
  if (entry.place->line > 0) properties.push_back(absl::StrCat("line=", entry.place->line, ",col=", entry.place->column));
  properties.push_back("title=" + EscapeProperty(Title(entry)));
  return absl::StrFormat("::%s %s::%s\n", kCommands[static_cast<size_t>(entry.level)], absl::StrJoin(properties, ","), EscapeMessage(WholeMessage(entry)));
}

// Of a level: how many there are, how many of them are shown.
struct Shown {
  size_t count = 0, shown = 0;
};

std::string LeftOutCommand(const std::array<Shown, 3>& levels) {
  std::vector<std::string> parts;
  for (size_t level = 0; level < levels.size(); ++level) {
    const size_t left_out = levels[level].count - levels[level].shown;
    if (left_out > 0) parts.push_back(absl::StrCat(left_out, " more ", kCommands[level], left_out == 1 ? "" : "s"));
  }
  return parts.empty() ? "" : absl::StrFormat("::notice title=isoflop check::%s not shown as annotations: the step's summary has all.\n", absl::StrJoin(parts, ", "));
}

}  // namespace

std::string GitHubCommands(const CheckReport& report, const ReportStyle& style) {
  std::array<Shown, 3> levels;
  std::string text;
  for (const ReportEntry& entry : EntriesOf(report)) {
    const size_t level = std::min(static_cast<size_t>(entry.level), kNotice);
    // One notice says what is left out.
    const size_t most = level == kNotice ? kGitHubAnnotations - 1 : kGitHubAnnotations;
    ++levels[level].count;
    if (levels[level].shown == most) continue;
    ++levels[level].shown;
    text += Command(entry, style);
  }
  return absl::StrCat(text, LeftOutCommand(levels), "isoflop check: ", VerdictSentence(report), ". ", CountsSentence(report), "\n");
}

}  // namespace isoflop
