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

}  // namespace isoflop
