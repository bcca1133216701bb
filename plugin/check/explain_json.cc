#include "plugin/check/explain_json.h"

#include <string>

#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

ordered_json LimitObject(const LimitInfo& limit) {
  return {{"name", std::string(limit.name)},
          {"unit", std::string(limit.unit)},
          {"value", OptionalNumber(limit.value)},
          {"meaning", std::string(limit.meaning)}};
}

ordered_json CodeObject(const FindingCodeInfo& info) {
  ordered_json limits = ordered_json::array();
  for (const LimitInfo& limit : info.limits) limits.push_back(LimitObject(limit));
  return {{"code", std::string(info.name)},
          {"severity", std::string(FindingSeverityName(info.severity))},
          {"title", std::string(info.title)},
          {"meaning", std::string(info.meaning)},
          {"computed", std::string(info.computed)},
          {"fix", std::string(info.fix)},
          {"limits", std::move(limits)}};
}

}  // namespace

ordered_json FindingCodesDocument(const std::vector<FindingCode>& codes) {
  ordered_json list = ordered_json::array();
  for (const FindingCode code : codes) list.push_back(CodeObject(InfoOf(code)));
  return {{"schema_version", kSchemaVersion}, {"codes", std::move(list)}};
}

std::vector<FindingCode> AllFindingCodes() {
  std::vector<FindingCode> codes;
  for (int code = 0; code < kFindingCodeCount; ++code) codes.push_back(static_cast<FindingCode>(code));
  return codes;
}

}  // namespace isoflop
