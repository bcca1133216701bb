#include "plugin/check/report_sarif.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "core/check/amount_text.h"
#include "plugin/check/policy_text.h"
#include "plugin/check/report_entry.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

// In the order of EntryLevel. What is waived keeps the level it would have, and is suppressed.
constexpr std::array<const char*, 3> kLevels = {"error", "warning", "note"};

std::string LevelName(const ReportEntry& entry, OnUnknown on_unknown) {
  if (entry.level != EntryLevel::kWaived) return kLevels[static_cast<size_t>(entry.level)];
  Finding unwaived = *entry.finding;
  unwaived.waiver.reset();
  return kLevels[static_cast<size_t>(LevelOf(unwaived, on_unknown))];
}

// "OFF_OPTIMUM" -> "OffOptimum", as rules are named.
std::string RuleName(std::string_view code) {
  std::string name;
  bool first = true;
  for (const char c : code) {
    if (c != '_') name += first ? c : absl::ascii_tolower(static_cast<unsigned char>(c));
    first = c == '_';
  }
  return name;
}

ordered_json Text(std::string_view text) { return {{"text", std::string(text)}}; }

ordered_json Rule(std::string_view code, std::string_view title, std::string_view meaning, const std::string& help, const std::string& level) {
  return {{"id", std::string(code)},
          {"name", RuleName(code)},
          {"shortDescription", Text(title)},
          {"fullDescription", Text(meaning)},
          {"help", {{"text", help}, {"markdown", help}}},
          {"defaultConfiguration", {{"level", level}}}};
}

std::string DefaultLevel(FindingSeverity severity) {
  switch (severity) {
    case FindingSeverity::kError:
    case FindingSeverity::kUnknown: return kLevels[0];
    case FindingSeverity::kWarning: return kLevels[1];
    default: return kLevels[2];
  }
}

// That of bad plans, then the codes in the order of FindingCode.
ordered_json Rules() {
  ordered_json rules = ordered_json::array({Rule(kBadPlanCode, kBadPlanTitle, "The plan, or the policy, is not one: its runs are not judged.",
                             "Mend what the message names. `isoflop plan schema` and `isoflop check --policy-schema` print what is allowed.", kLevels[0])});
  for (int code = 0; code < kFindingCodeCount; ++code) {
    const FindingCodeInfo& info = InfoOf(static_cast<FindingCode>(code));
    rules.push_back(Rule(info.name, info.title, info.meaning, absl::StrFormat("%s\n\nHow it is found: %s\n\nWhat can be done: %s", info.meaning, info.computed, info.fix),
                         DefaultLevel(info.severity)));
  }
  return rules;
}

size_t RuleIndex(const ReportEntry& entry) { return entry.finding == nullptr ? 0 : 1 + static_cast<size_t>(entry.finding->code); }

// RFC 3986: a path's bytes but for those that stand for themselves.
std::string Uri(const std::string& path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || std::string_view("-._~/").find(c) != std::string_view::npos) {
      uri += c;
    } else {
      absl::StrAppendFormat(&uri, "%%%02X", byte);
    }
  }
  return uri;
}

ordered_json Location(const Place& place, const ReportStyle& style) {
  const std::string uri = Uri(HostPath(place.file, style));
  ordered_json artifact = {{"uri", uri}};
  if (!uri.starts_with("file:")) artifact["uriBaseId"] = "%SRCROOT%";
  ordered_json region = {{"startLine", std::max(place.line, 1)}};
  if (place.column > 0) region["startColumn"] = place.column;
  return {{"physicalLocation", {{"artifactLocation", std::move(artifact)}, {"region", std::move(region)}}}};
}

// A name may hold what reads as a link.
std::string MessageText(const ReportEntry& entry) { return absl::StrReplaceAll(WholeMessage(entry), {{"](", "] ("}}); }

ordered_json Result(const ReportEntry& entry, const std::string& fingerprint, const CheckReport& report, const ReportStyle& style) {
  ordered_json result = {{"ruleId", std::string(entry.code)},
                         {"ruleIndex", RuleIndex(entry)},
                         {"level", LevelName(entry, report.options.on_unknown)},
                         {"message", Text(MessageText(entry))},
                         {"locations", {Location(*entry.place, style)}},
                         // GitHub reads the second only.
                         {"partialFingerprints", {{"isoflopFinding/v1", fingerprint}, {"primaryLocationLineHash", fingerprint + ":1"}}}};
  if (entry.run != nullptr) result["properties"] = {{"run", entry.run->plan.name}, {"severity", std::string(FindingSeverityName(entry.finding->severity))}};
  if (const Waiver* const waiver = entry.waiver()) {
    result["suppressions"] = {{{"kind", "inSource"}, {"status", "accepted"}, {"justification", absl::StrCat(waiver->reason, " (to the end of ", DateText(waiver->until), ", UTC)")}}};
  }
  return result;
}

ordered_json Invocation(const CheckReport& report, size_t left_out) {
  ordered_json invocation = {{"executionSuccessful", report.problems.empty()}};
  if (left_out > 0) {
    invocation["toolExecutionNotifications"] = {
        {{"level", "warning"}, {"message", Text(absl::StrCat(left_out, " more results are left out: ", kSarifResults, " are kept, worst first."))}}};
  }
  return invocation;
}

}  // namespace

ordered_json SarifReport(const CheckReport& report, const ReportStyle& style) {
  const std::vector<ReportEntry> entries = EntriesOf(report);
  const std::vector<std::string> fingerprints = FingerprintsOf(entries, style);
  const size_t kept = std::min(entries.size(), kSarifResults);
  ordered_json results = ordered_json::array();
  for (size_t i = 0; i < kept; ++i) results.push_back(Result(entries[i], fingerprints[i], report, style));
  ordered_json run = {{"tool", {{"driver", {{"name", "isoflop"}, {"version", ISOFLOP_VERSION}, {"semanticVersion", ISOFLOP_VERSION}, {"rules", Rules()}}}}},
                      {"invocations", {Invocation(report, entries.size() - kept)}},
                      {"columnKind", "unicodeCodePoints"},
                      {"results", std::move(results)},
                      {"properties",
                       {{"schema_version", kSchemaVersion},
                        {"verdict", std::string(VerdictName(report.verdict()))},
                        {"law", report.law.id},
                        {"law_version", report.law.version},
                        {"evidence_hash", report.law.evidence_hash},
                        {"policy", PolicySentence(report)}}}};
  return {{"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"}, {"version", "2.1.0"}, {"runs", {std::move(run)}}};
}

}  // namespace isoflop
