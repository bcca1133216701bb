#include "plugin/check/explain_json.h"

#include <string>

#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

ordered_json LimitObject(const LimitInfo& limit, const std::optional<double>& value) {
  return {{"name", std::string(limit.name)},
          {"unit", std::string(limit.unit)},
          {"value", OptionalNumber(value)},
          {"meaning", std::string(limit.meaning)}};
}

ordered_json CodeObject(FindingCode code, const Policy& policy) {
  const FindingCodeInfo& info = InfoOf(code);
  ordered_json limits = ordered_json::array();
  for (const LimitInfo& limit : info.limits) limits.push_back(LimitObject(limit, policy.limit(code, limit.name)));
  return {{"code", std::string(info.name)},
          {"severity", std::string(FindingSeverityName(policy.severity(code)))},
          {"title", std::string(info.title)},
          {"meaning", std::string(info.meaning)},
          {"computed", std::string(info.computed)},
          {"fix", std::string(info.fix)},
          {"limits", std::move(limits)}};
}

}  // namespace

ordered_json FindingCodesDocument(const std::vector<FindingCode>& codes, const Policy& policy) {
  ordered_json list = ordered_json::array();
  for (const FindingCode code : codes) list.push_back(CodeObject(code, policy));
  return {{"schema_version", kSchemaVersion}, {"codes", std::move(list)}};
}

std::vector<FindingCode> AllFindingCodes() {
  std::vector<FindingCode> codes;
  for (int code = 0; code < kFindingCodeCount; ++code) codes.push_back(static_cast<FindingCode>(code));
  return codes;
}

}  // namespace isoflop
