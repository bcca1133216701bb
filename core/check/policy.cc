#include "core/check/policy.h"

namespace isoflop {

Policy::Policy() {
  for (int i = 0; i < kFindingCodeCount; ++i) {
    const FindingCodeInfo& info = InfoOf(static_cast<FindingCode>(i));
    CodePolicy& policy = codes_[static_cast<size_t>(i)];
    policy.severity = info.severity;
    for (const LimitInfo& limit : info.limits) policy.limits.push_back(limit.value);
  }
}

void Policy::Apply(const PolicySetting& setting) {
  if (setting.limit == nullptr) return set_severity(setting.code, setting.severity);
  set_limit(setting.code, setting.limit->name, setting.value);
}

std::vector<PolicySetting> Policy::changes() const {
  std::vector<PolicySetting> changes;
  for (int i = 0; i < kFindingCodeCount; ++i) {
    const auto code = static_cast<FindingCode>(i);
    const FindingCodeInfo& info = InfoOf(code);
    if (severity(code) != info.severity) changes.push_back({.code = code, .severity = severity(code)});
    for (const LimitInfo& known : info.limits) {
      if (limit(code, known.name) != known.value) changes.push_back({.code = code, .limit = &known, .value = limit(code, known.name)});
    }
  }
  return changes;
}

}  // namespace isoflop
