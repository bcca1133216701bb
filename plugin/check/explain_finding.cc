#include "plugin/check/explain_finding.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/check/amount_text.h"

namespace isoflop {
namespace {

std::string LimitText(const LimitInfo& limit) {
  return absl::StrFormat("  %s: %s (by default %s)\n", limit.name, limit.meaning, limit.value ? PlainText(*limit.value) : "not set");
}

}  // namespace

std::string ExplainFinding(FindingCode code) {
  const FindingCodeInfo& info = InfoOf(code);
  std::string text = absl::StrFormat("%s (%s): %s\n\n%s\n\nHow it is found: %s\n\nWhat can be done: %s\n", info.name, FindingSeverityName(info.severity),
                                     info.title, info.meaning, info.computed, info.fix);
  if (!info.limits.empty()) text += "\nLimits:\n";
  for (const LimitInfo& limit : info.limits) text += LimitText(limit);
  return text;
}

std::string FindingCodeList() {
  std::string text;
  for (int code = 0; code < kFindingCodeCount; ++code) {
    const FindingCodeInfo& info = InfoOf(static_cast<FindingCode>(code));
    absl::StrAppendFormat(&text, "%-22s %-8s %s\n", info.name, FindingSeverityName(info.severity), info.title);
  }
  return text;
}

}  // namespace isoflop
