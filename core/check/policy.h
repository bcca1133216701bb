#ifndef ISOFLOP_CORE_CHECK_POLICY_H_
#define ISOFLOP_CORE_CHECK_POLICY_H_

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "core/check/finding_code.h"

namespace isoflop {

// One thing that a team sets of a code.
struct PolicySetting {
  FindingCode code = FindingCode::kOffOptimum;
  const LimitInfo* limit = nullptr;  // Of the code; null: its severity is set.
  FindingSeverity severity = FindingSeverity::kWarning;
  std::optional<double> value;       // Of the limit; nothing: not set.
};

// What a team holds its plans to: the severity and the limits of each code.
class Policy {
 public:
  // The registry's own.
  Policy();

  void Apply(const PolicySetting& setting);

  // What makes the registry's own policy into this one, in the registry's order.
  std::vector<PolicySetting> changes() const;

  FindingSeverity severity(FindingCode code) const { return of(code).severity; }
  std::optional<double> limit(FindingCode code, std::string_view name) const { return of(code).limits[LimitIndex(code, name)]; }

  void set_severity(FindingCode code, FindingSeverity severity) { of(code).severity = severity; }
  // The code has a limit of that name. Nothing: not set.
  void set_limit(FindingCode code, std::string_view name, std::optional<double> value) { of(code).limits[LimitIndex(code, name)] = value; }

 private:
  struct CodePolicy {
    FindingSeverity severity = FindingSeverity::kWarning;
    std::vector<std::optional<double>> limits;  // In the registry's order.
  };
  const CodePolicy& of(FindingCode code) const { return codes_[static_cast<size_t>(code)]; }
  CodePolicy& of(FindingCode code) { return codes_[static_cast<size_t>(code)]; }

  std::array<CodePolicy, kFindingCodeCount> codes_;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_POLICY_H_
