#include "plugin/service/check_request.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/check/policy_reader.h"

namespace isoflop {
namespace {

constexpr int64_t kGreatestTimeSec = 253402300799;  // The last second of the year 9999, as of google.protobuf.Timestamp.
constexpr size_t kGreatestProblemCount = 1000;      // A plan can hold a problem every few bytes.

}  // namespace

PolicyFile ReadRequestedPolicy(const v1::CheckPlansRequest& request, PlansReading& plans) {
  if (!request.has_policy()) return {};
  PolicyReading reading = ReadPolicy(request.policy().text(), request.policy().file());
  if (!reading.problems.empty()) plans.runs.clear();
  plans.problems.insert(plans.problems.begin(), reading.problems.begin(), reading.problems.end());
  return std::move(reading.policy);
}

absl::StatusOr<CheckOptions> CheckOptionsOf(const v1::CheckPlansRequest& request, const PolicyFile& policy, int64_t now_ms) {
  CheckOptions options;
  policy.Apply(options);
  if (!request.fail_on().empty()) {
    if (request.fail_on() != "error" && request.fail_on() != "warning") {
      return absl::InvalidArgumentError(absl::StrCat("fail_on must be \"error\" or \"warning\", got \"", request.fail_on(), "\""));
    }
    options.fail_on = *ParseFindingSeverity(request.fail_on());
  }
  if (!request.on_unknown().empty()) {
    const std::optional<OnUnknown> on_unknown = ParseOnUnknown(request.on_unknown());
    if (!on_unknown) {
      return absl::InvalidArgumentError(absl::StrCat("on_unknown must be \"pass\", \"warn\" or \"fail\", got \"", request.on_unknown(), "\""));
    }
    options.on_unknown = *on_unknown;
  }
  if (request.has_max_fit_age()) {
    const double days = (static_cast<double>(request.max_fit_age().seconds()) + 1e-9 * request.max_fit_age().nanos()) / 86400;
    if (!(days > 0)) return absl::InvalidArgumentError(absl::StrCat("max_fit_age must be positive, got ", days, " days"));
    options.policy.set_limit(FindingCode::kFitTooOld, "age_days", days);
  }
  options.now_is_given = request.has_check_time();
  const int64_t seconds = options.now_is_given ? request.check_time().seconds() : now_ms / 1000;
  if (seconds < 0 || seconds > kGreatestTimeSec) {
    return absl::InvalidArgumentError(absl::StrCat("check_time must be from 1970 to 9999, got ", seconds, " s since 1970"));
  }
  options.now = std::chrono::sys_seconds(std::chrono::seconds(seconds));
  return options;
}

absl::StatusOr<PlansReading> ReadRequestedPlans(const v1::CheckPlansRequest& request) {
  if (request.plans().empty() || request.plans_size() > kGreatestPlanFileCount) {
    return absl::InvalidArgumentError(absl::StrCat("plans must hold 1 to ", kGreatestPlanFileCount, " files, got ", request.plans_size()));
  }
  std::vector<PlanText> texts;
  for (const v1::NamedText& plan : request.plans()) texts.push_back({plan.file(), plan.text()});
  PlansReading all = ReadPlans(texts, {.run_count = kGreatestCheckedRunCount, .problem_count = kGreatestProblemCount});
  if (all.problems.size() > kGreatestProblemCount) {
    all.problems.resize(kGreatestProblemCount);
    AddProblem(all.problems, all.problems.back().place, absl::StrCat("the problems after the first ", kGreatestProblemCount, " are not listed"));
  }
  if (all.runs.size() > kGreatestCheckedRunCount) {
    return absl::InvalidArgumentError(absl::StrCat("plans must hold at most ", kGreatestCheckedRunCount, " runs together, got at least ", all.runs.size()));
  }
  return all;
}

}  // namespace isoflop
