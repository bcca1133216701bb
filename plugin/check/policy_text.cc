#include "plugin/check/policy_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/check/amount_text.h"

namespace isoflop {
namespace {

std::string LimitText(const std::optional<double>& value) { return value ? PlainText(*value) : "none"; }

std::vector<std::string> SettingTexts(const std::vector<PolicySetting>& settings) {
  std::vector<std::string> texts;
  for (const PolicySetting& setting : settings) texts.push_back(SettingText(setting));
  return texts;
}

std::string ExceptionText(const PolicyException& exception) {
  std::vector<std::string> of;
  if (!exception.name.empty()) of.push_back(absl::StrCat("runs named ", exception.name));
  if (!exception.study.empty()) of.push_back(absl::StrCat("study ", exception.study));
  return absl::StrFormat("for %s: %s", absl::StrJoin(of, " of "), absl::StrJoin(SettingTexts(exception.settings), ", "));
}

}  // namespace

std::string SettingText(const PolicySetting& setting) {
  const FindingCodeInfo& info = InfoOf(setting.code);
  if (setting.limit == nullptr) {
    return absl::StrFormat("%s %s (by default %s)", info.name, FindingSeverityName(setting.severity), FindingSeverityName(info.severity));
  }
  return absl::StrFormat("%s %s %s (by default %s)", info.name, setting.limit->name, LimitText(setting.value), LimitText(setting.limit->value));
}

std::string PolicySentence(const CheckReport& report) {
  const CheckOptions defaults;
  std::vector<std::string> texts;
  if (report.options.fail_on != defaults.fail_on) texts.push_back(absl::StrFormat("fails on %s", FindingSeverityName(report.options.fail_on)));
  if (report.options.on_unknown != defaults.on_unknown) texts.push_back(absl::StrFormat("on unknown %s", OnUnknownName(report.options.on_unknown)));
  for (std::string& text : SettingTexts(report.options.policy.changes())) texts.push_back(std::move(text));
  for (const PolicyException& exception : report.policy.exceptions) texts.push_back(ExceptionText(exception));
  const std::string file = report.policy.file.empty() ? "the default" : report.policy.file;
  return texts.empty() ? file : absl::StrCat(file, report.policy.file.empty() ? ", but " : ": ", absl::StrJoin(texts, "; "));
}

}  // namespace isoflop
