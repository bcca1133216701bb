#ifndef ISOFLOP_PLUGIN_CHECK_EXPLAIN_JSON_H_
#define ISOFLOP_PLUGIN_CHECK_EXPLAIN_JSON_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "core/check/policy.h"

namespace isoflop {

// What codes mean, for pages and scripts:
//   {"schema_version", "codes": [{"code", "severity", "title", "meaning", "computed", "fix", "limits": [{"name", "unit", "value", "meaning"}]}]}
// Severities and limits are the policy's; a value is null where it is not set.
nlohmann::ordered_json FindingCodesDocument(const std::vector<FindingCode>& codes, const Policy& policy = Policy());

// Every code, in the order of FindingCode.
std::vector<FindingCode> AllFindingCodes();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_EXPLAIN_JSON_H_
