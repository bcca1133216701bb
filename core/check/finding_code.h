#ifndef ISOFLOP_CORE_CHECK_FINDING_CODE_H_
#define ISOFLOP_CORE_CHECK_FINDING_CODE_H_

#include <optional>
#include <string_view>
#include <vector>

namespace isoflop {

// What `check` can find about a planned run. The names are stable: policies, waivers and dashboards stand on them. New ones may be added.
enum class FindingCode {
  kOffOptimum,
  kOffServingOptimum,
  kOptimumNotSettled,
  kTokensPerParameter,
  kExtrapolation,
  kBeyondEvidence,
  kBelowRuns,
  kRepeatedData,
  kRepeatsWorthless,
  kLearningRate,
  kBatchSize,
  kOverBudget,
  kLate,
  kDuplicateRun,
  kNoInformation,
  kLawNotTrusted,
  kMixedConventions,
  kFlopsDisagree,
  kFitTooOld,
  kWaiverExpired,
  kWaiverUnused,
};
inline constexpr int kFindingCodeCount = 21;

// What a finding does to the verdict. kUnknown: the question cannot be judged from this evidence, which is neither good nor bad.
enum class FindingSeverity { kOff, kNote, kWarning, kError, kUnknown };

// "off", "note", "warning", "error" or "unknown", and back.
std::string_view FindingSeverityName(FindingSeverity severity);
std::optional<FindingSeverity> ParseFindingSeverity(std::string_view name);

// A threshold of a code. Where a code has several, a finding needs all that are set to be exceeded: "over 25 % and over 1e21 FLOPs".
struct LimitInfo {
  std::string_view name;             // In policies: "wasted_share".
  std::string_view unit;             // For people: "of the compute". Empty: a plain number.
  std::optional<double> value;       // By default; absent: not set.
  double least = 0, greatest = 0;    // What a policy may set it to.
  std::string_view meaning;
};

struct FindingCodeInfo {
  std::string_view name;      // "OFF_OPTIMUM".
  std::string_view title;     // Four words or so.
  std::string_view meaning;   // What it says of the plan.
  std::string_view computed;  // How it is found.
  std::string_view fix;       // What can be done.
  FindingSeverity severity = FindingSeverity::kWarning;  // By default.
  std::vector<LimitInfo> limits;
};

const FindingCodeInfo& InfoOf(FindingCode code);
std::optional<FindingCode> FindFindingCode(std::string_view name);
std::vector<std::string_view> FindingCodeNames();

// Of the limit of that name; the code has it.
size_t LimitIndex(FindingCode code, std::string_view limit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_FINDING_CODE_H_
