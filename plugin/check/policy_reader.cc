#include "plugin/check/policy_reader.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "plugin/plan/did_you_mean.h"
#include "plugin/plan/plan_number.h"
#include "plugin/plan/yaml_tree.h"

namespace isoflop {
namespace {

using Words = std::vector<std::string_view>;

const Words kSeverities = {"off", "note", "warning", "error", "unknown"};
const Words kSeveritiesOfExpiredWaivers = {"warning", "error"};

std::string RangeText(const LimitInfo& limit) {
  if (limit.greatest == std::numeric_limits<double>::max()) return absl::StrFormat("at least %.10g", limit.least);
  return absl::StrFormat("from %.10g to %.10g", limit.least, limit.greatest);
}

class Reader {
 public:
  Reader(const std::string& file, PlanProblems& problems) : problems_(problems) { policy_.file = file; }

  PolicyFile Read(const YamlNode& root) {
    if (!CheckMap(root, "a policy")) return std::move(policy_);
    for (const YamlEntry& entry : root.entries) TakeTop(entry);
    return std::move(policy_);
  }

 private:
  void Refuse(const Place& place, std::string message) { AddProblem(problems_, place, std::move(message)); }

  bool CheckMap(const YamlNode& node, std::string_view what) {
    if (node.kind == YamlNode::Kind::kMap) return true;
    if (node.kind != YamlNode::Kind::kRefused) Refuse(node.place, absl::StrFormat("%s must be a map", what));
    return false;
  }

  void TakeTop(const YamlEntry& entry) {
    static const Words kKeys = {"schema_version", "fail_on", "on_unknown", "max_fit_age_days", "findings", "exceptions"};
    if (entry.key == "schema_version") {
      Word(entry, {"1"});
    } else if (entry.key == "fail_on") {
      policy_.fail_on = ParseFindingSeverity(Word(entry, {"error", "warning"}));
    } else if (entry.key == "on_unknown") {
      policy_.on_unknown = ParseOnUnknown(Word(entry, {"pass", "warn", "fail"}));
    } else if (entry.key == "max_fit_age_days") {
      const FindingCode code = FindingCode::kFitTooOld;
      TakeLimit(entry, entry.key, code, InfoOf(code).limits[LimitIndex(code, "age_days")], policy_.settings);
    } else if (entry.key == "findings") {
      TakeFindings(entry.value, "findings", policy_.settings);
    } else if (entry.key == "exceptions") {
      TakeExceptions(entry.value);
    } else {
      RefuseKey(entry, entry.key, "a field of policies", kKeys);
    }
  }

  void RefuseKey(const YamlEntry& entry, std::string_view path, std::string_view what, const Words& known) {
    Refuse(entry.place, absl::StrFormat("%s is not %s%s", path, what, DidYouMean(entry.key, known)));
  }

  // The value, if it is one of `words`; else a problem and "".
  std::string_view Word(const YamlEntry& entry, const Words& words) { return Word(entry, entry.key, words); }
  std::string_view Word(const YamlEntry& entry, std::string_view path, const Words& words) {
    const auto found = std::find(words.begin(), words.end(), entry.value.text);
    if (found != words.end()) return *found;
    if (entry.value.kind == YamlNode::Kind::kRefused) return "";
    const std::string got = entry.value.kind == YamlNode::Kind::kScalar ? absl::StrCat("\"", entry.value.text, "\"") : "no word";
    Refuse(entry.value.place, absl::StrFormat("%s must be %s, got %s%s", path, Alternatives(words), got, DidYouMean(entry.value.text, words)));
    return "";
  }

  void TakeFindings(const YamlNode& map, const std::string& path, std::vector<PolicySetting>& settings) {
    if (!CheckMap(map, path)) return;
    for (const YamlEntry& entry : map.entries) {
      const std::string inner = absl::StrCat(path, ".", entry.key);
      if (const std::optional<FindingCode> code = FindFindingCode(entry.key)) {
        TakeFinding(entry, inner, *code, settings);
      } else {
        RefuseKey(entry, inner, "the code of a finding", FindingCodeNames());
      }
    }
  }

  void TakeFinding(const YamlEntry& entry, const std::string& path, FindingCode code, std::vector<PolicySetting>& settings) {
    if (in_exception_ && code == FindingCode::kFitTooOld) return Refuse(entry.place, absl::StrCat(path, " must not differ between runs: the fit is the same"));
    if (entry.value.kind == YamlNode::Kind::kScalar) return TakeSeverity(entry, path, code, settings);
    if (!CheckMap(entry.value, absl::StrCat(path, ", where it is no severity,"))) return;
    Words known = {"severity"};
    for (const LimitInfo& limit : InfoOf(code).limits) known.push_back(limit.name);
    for (const YamlEntry& inner : entry.value.entries) {
      const std::string inner_path = absl::StrCat(path, ".", inner.key);
      const auto limit = std::find(known.begin() + 1, known.end(), inner.key);
      if (inner.key == "severity") {
        TakeSeverity(inner, inner_path, code, settings);
      } else if (limit == known.end()) {
        RefuseKey(inner, inner_path, absl::StrCat("a limit of ", entry.key), known);
      } else {
        TakeLimit(inner, inner_path, code, InfoOf(code).limits[static_cast<size_t>(limit - known.begin() - 1)], settings);
      }
    }
  }

  void TakeSeverity(const YamlEntry& entry, const std::string& path, FindingCode code, std::vector<PolicySetting>& settings) {
    const std::string_view word = Word(entry, path, code == FindingCode::kWaiverExpired ? kSeveritiesOfExpiredWaivers : kSeverities);
    if (const auto severity = ParseFindingSeverity(word)) settings.push_back({.code = code, .severity = *severity});
  }

  void TakeLimit(const YamlEntry& entry, const std::string& path, FindingCode code, const LimitInfo& limit, std::vector<PolicySetting>& settings) {
    if (entry.value.kind == YamlNode::Kind::kRefused) return;
    const auto same = [&](const PolicySetting& setting) { return setting.limit == &limit; };
    if (std::any_of(settings.begin(), settings.end(), same)) return Refuse(entry.place, absl::StrFormat("%s is set already: FIT_TOO_OLD's age_days is max_fit_age_days", path));
    PolicySetting setting{.code = code, .limit = &limit};
    if (entry.value.text != "none") {
      const absl::StatusOr<double> value = ParsePlanNumber(entry.value.text, false);
      if (!value.ok()) return Refuse(entry.value.place, absl::StrCat(path, " ", value.status().message()));
      if (*value < limit.least || *value > limit.greatest) {
        return Refuse(entry.value.place, absl::StrCat(path, " must be ", RangeText(limit), ", or none, got ", entry.value.text));
      }
      setting.value = *value;
    }
    settings.push_back(setting);
  }

  void TakeExceptions(const YamlNode& list) {
    if (list.kind == YamlNode::Kind::kRefused) return;
    if (list.kind != YamlNode::Kind::kList) return Refuse(list.place, "exceptions must be a list of maps, each with name or study, and findings");
    in_exception_ = true;
    for (size_t i = 0; i < list.items.size(); ++i) {
      const std::string path = absl::StrFormat("exceptions[%d]", i);
      if (CheckMap(list.items[i], path)) TakeException(list.items[i], path);
    }
    in_exception_ = false;
  }

  void TakeException(const YamlNode& map, const std::string& path) {
    PolicyException exception;
    for (const YamlEntry& entry : map.entries) {
      const std::string inner = absl::StrCat(path, ".", entry.key);
      if (entry.key == "findings") {
        TakeFindings(entry.value, inner, exception.settings);
      } else if (entry.key == "name" || entry.key == "study") {
        (entry.key == "name" ? exception.name : exception.study) = entry.value.text;
        if (entry.value.text.empty() && entry.value.kind != YamlNode::Kind::kRefused) Refuse(entry.value.place, absl::StrCat(inner, " must be a pattern such as ablation-*"));
      } else {
        RefuseKey(entry, inner, "a field of exceptions", {"name", "study", "findings"});
      }
    }
    if (map.Find("name") == nullptr && map.Find("study") == nullptr) Refuse(map.place, absl::StrCat(path, " needs name or study"));
    if (map.Find("findings") == nullptr) Refuse(map.place, absl::StrCat(path, " needs findings"));
    policy_.exceptions.push_back(std::move(exception));
  }

  PlanProblems& problems_;
  PolicyFile policy_;
  bool in_exception_ = false;
};

}  // namespace

PolicyReading ReadPolicy(const std::string& text, const std::string& file) {
  PolicyReading reading;
  reading.policy = Reader(file, reading.problems).Read(ReadYamlTree(text, file, reading.problems));
  return reading;
}

}  // namespace isoflop
