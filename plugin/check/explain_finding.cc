#include "plugin/check/explain_finding.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/check/amount_text.h"

namespace isoflop {
namespace {

std::string ValueText(const std::optional<double>& value) { return value ? PlainText(*value) : "not set"; }

std::string LimitText(FindingCode code, const LimitInfo& limit, const PolicyFile& file) {
  std::string text = absl::StrFormat("  %s: %s (by default %s", limit.name, limit.meaning, ValueText(limit.value));
  if (!file.file.empty()) absl::StrAppend(&text, "; by ", file.file, " ", ValueText(file.PolicyForAll().limit(code, limit.name)));
  return text + ")\n";
}

}  // namespace

std::string ExplainFinding(FindingCode code, const PolicyFile& policy) {
  const FindingCodeInfo& info = InfoOf(code);
  std::string text = absl::StrFormat("%s (%s): %s\n\n%s\n\nHow it is found: %s\n\nWhat can be done: %s\n", info.name,
                                     FindingSeverityName(policy.PolicyForAll().severity(code)), info.title, info.meaning, info.computed, info.fix);
  if (!info.limits.empty()) text += "\nLimits:\n";
  for (const LimitInfo& limit : info.limits) text += LimitText(code, limit, policy);
  return text;
}

std::string FindingCodeList(const PolicyFile& policy) {
  const Policy held = policy.PolicyForAll();
  std::string text;
  for (int i = 0; i < kFindingCodeCount; ++i) {
    const auto code = static_cast<FindingCode>(i);
    absl::StrAppendFormat(&text, "%-22s %-8s %s\n", InfoOf(code).name, FindingSeverityName(held.severity(code)), InfoOf(code).title);
  }
  return text;
}

}  // namespace isoflop
