#include "plugin/check/report_junit.h"

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

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

// What XML 1.0 can hold: control characters, U+FFFE and U+FFFF cannot be written in it, not even escaped.
std::string XmlText(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (!absl::ascii_iscntrl(static_cast<unsigned char>(c)) || c == '\n' || c == '\t') kept += c;
  }
  return absl::StrReplaceAll(kept, {{"\xEF\xBF\xBE", ""}, {"\xEF\xBF\xBF", ""}});
}

void Set(pugi::xml_node node, const char* name, std::string_view value) { node.append_attribute(name).set_value(XmlText(value).c_str()); }

struct Counts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;

  void Add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
  }
};

void SetCounts(pugi::xml_node node, const Counts& counts) {
  node.append_attribute("tests").set_value(counts.tests);
  node.append_attribute("failures").set_value(counts.failures);
  node.append_attribute("errors").set_value(counts.errors);
}

// What is found under one code of one run, or wrong with one plan.
using Entries = std::vector<const ReportEntry*>;

std::string TextOf(const Entries& entries, const ReportStyle& style) {
  std::string text;
  for (const ReportEntry* const entry : entries) {
    Place place = *entry->place;
    place.file = HostPath(place.file, style);
    absl::StrAppend(&text, PlaceText(place), ": ", WholeMessage(*entry), "\n");
  }
  return text;
}

void AddOutcome(pugi::xml_node test_case, const char* outcome, std::string_view message, const std::string& text) {
  pugi::xml_node node = test_case.append_child(outcome);
  Set(node, "message", message);
  if (!text.empty()) node.text().set(XmlText(text).c_str());
}

bool AsksLaw(FindingCode code) {
  return code == FindingCode::kOffOptimum || code == FindingCode::kOffServingOptimum || code == FindingCode::kOptimumNotSettled ||
         code == FindingCode::kLearningRate || code == FindingCode::kBatchSize;
}

// One test case, of entries worst first.
void AddFound(pugi::xml_node test_case, const Entries& entries, const ReportStyle& style, Counts& counts) {
  const auto of = [&](auto matches) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const ReportEntry* entry) { return matches(*entry); });
    return found == entries.end() ? nullptr : *found;
  };
  const std::string text = TextOf(entries, style);
  const auto unknown = [](const ReportEntry& entry) { return entry.finding != nullptr && !entry.finding->waiver && entry.finding->severity == FindingSeverity::kUnknown; };
  if (const ReportEntry* const violation = of([](const ReportEntry& entry) { return entry.violates; })) {
    ++counts.failures;
    AddOutcome(test_case, "failure", violation->message, text);
  } else if (const ReportEntry* const error = of([](const ReportEntry& entry) { return entry.level == EntryLevel::kError; })) {
    ++counts.errors;
    AddOutcome(test_case, "error", error->message, text);
  } else if (const ReportEntry* const unjudged = of(unknown)) {
    ++counts.skipped;
    AddOutcome(test_case, "skipped", unjudged->message, text);
  } else if (std::all_of(entries.begin(), entries.end(), [](const ReportEntry* entry) { return entry->waiver() != nullptr; })) {
    ++counts.skipped;
    const Waiver& waiver = *entries.front()->waiver();
    AddOutcome(test_case, "skipped", absl::StrFormat("Waived to the end of %s (UTC): %s", DateText(waiver.until), waiver.reason), text);
  } else {
    test_case.append_child("system-out").text().set(XmlText(text).c_str());
  }
}

// One plan's suite.
class Suite {
 public:
  Suite(pugi::xml_node parent, const std::string& file, const CheckReport& report, const ReportStyle& style)
      : file_(HostPath(file, style)), report_(report), style_(style), node_(parent.append_child("testsuite")) {
    Set(node_, "name", file_);
    AddProperties();
  }

  void AddReading(const Entries& problems) { AddCase(std::string(kBadPlanCode), problems); }

  void AddRun(const CheckedRun& run, const std::vector<Entries>& found_by_code) {
    const Policy policy = report_.policy.PolicyFor(run.plan, report_.options.policy);
    for (int i = 0; i < kFindingCodeCount; ++i) {
      const auto code = static_cast<FindingCode>(i);
      pugi::xml_node test_case = AddCase(absl::StrFormat("%s: %s", run.plan.name, InfoOf(code).name), found_by_code[static_cast<size_t>(i)]);
      if (test_case.first_child()) continue;
      if (policy.severity(code) == FindingSeverity::kOff) {
        Skip(test_case, "The policy switches it off.");
      } else if (AsksLaw(code) && !run.check.fitted) {
        Skip(test_case, "The law is not asked about this run.");
      }
    }
  }

  Counts Close() {
    SetCounts(node_, counts_);
    node_.append_attribute("skipped").set_value(counts_.skipped);
    return counts_;
  }

 private:
  void AddProperties() {
    pugi::xml_node properties = node_.append_child("properties");
    const auto add = [&](const char* name, std::string_view value) {
      pugi::xml_node property = properties.append_child("property");
      Set(property, "name", name);
      Set(property, "value", value);
    };
    add("schema_version", absl::StrCat(kSchemaVersion));
    add("law", report_.law.id);
    add("law_version", absl::StrCat(report_.law.version));
    add("evidence_hash", report_.law.evidence_hash);
    add("policy", PolicySentence(report_));
  }

  pugi::xml_node AddCase(const std::string& name, const Entries& entries) {
    pugi::xml_node test_case = node_.append_child("testcase");
    Set(test_case, "classname", file_);
    Set(test_case, "name", name);
    ++counts_.tests;
    if (!entries.empty()) AddFound(test_case, entries, style_, counts_);
    return test_case;
  }

  void Skip(pugi::xml_node test_case, std::string_view why) {
    ++counts_.skipped;
    AddOutcome(test_case, "skipped", why, "");
  }

  std::string file_;
  const CheckReport& report_;
  const ReportStyle& style_;
  pugi::xml_node node_;
  Counts counts_;
};

// What one plan holds, in the order of the report.
struct PlanEntries {
  std::string file;
  Entries problems;
  std::vector<const CheckedRun*> runs;
};

std::vector<PlanEntries> ByPlan(const CheckReport& report, const std::vector<ReportEntry>& entries) {
  std::vector<PlanEntries> plans;
  const auto of = [&](const std::string& file) -> PlanEntries& {
    const auto found = std::find_if(plans.rbegin(), plans.rend(), [&](const PlanEntries& plan) { return plan.file == file; });
    if (found != plans.rend()) return *found;
    return plans.emplace_back(PlanEntries{.file = file});
  };
  for (const ReportEntry& entry : entries) {
    if (entry.finding == nullptr) of(entry.place->file).problems.push_back(&entry);
  }
  for (const CheckedRun& run : report.runs) of(run.plan.place.file).runs.push_back(&run);
  return plans;
}

}  // namespace

std::string JUnitReport(const CheckReport& report, const ReportStyle& style) {
  const std::vector<ReportEntry> entries = EntriesOf(report);
  std::map<const CheckedRun*, std::vector<Entries>> found;
  for (const ReportEntry& entry : entries) {
    if (entry.finding == nullptr) continue;
    auto [codes, added] = found.try_emplace(entry.run, kFindingCodeCount);
    codes->second[static_cast<size_t>(entry.finding->code)].push_back(&entry);
  }
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("testsuites");
  Set(root, "name", "isoflop check");
  const std::vector<Entries> nothing(kFindingCodeCount);
  Counts counts;
  for (const PlanEntries& plan : ByPlan(report, entries)) {
    Suite suite(root, plan.file, report, style);
    suite.AddReading(plan.problems);
    for (const CheckedRun* const run : plan.runs) {
      const auto of_run = found.find(run);
      suite.AddRun(*run, of_run == found.end() ? nothing : of_run->second);
    }
    counts.Add(suite.Close());
  }
  SetCounts(root, counts);
  std::ostringstream text;
  document.save(text, "  ", pugi::format_indent, pugi::encoding_utf8);
  return text.str();
}

}  // namespace isoflop
