#include "plugin/cli/record_plans.h"

#include <string>
#include <utility>

#include "core/base/status.h"
#include "isoflop/v1/check.pb.h"
#include "plugin/cli/fit_source.h"
#include "plugin/cli/input_file.h"
#include "plugin/cli/remote_study.h"

namespace isoflop {
namespace {

constexpr double kSecondsADay = 86400;

// All but the plans.
absl::StatusOr<v1::CheckPlansRequest> RequestFor(const CheckFlags& flags, const CheckReport& report, const FitSnapshot& snapshot) {
  v1::CheckPlansRequest request;
  const CheckOptions& options = report.options;
  request.set_law(snapshot.fit.law);
  request.set_version(snapshot.fit.version);
  request.set_fail_on(std::string(FindingSeverityName(options.fail_on)));
  request.set_on_unknown(std::string(OnUnknownName(options.on_unknown)));
  if (options.now_is_given) request.mutable_check_time()->set_seconds(options.now.time_since_epoch().count());
  if (const auto days = options.policy.limit(FindingCode::kFitTooOld, "age_days")) {
    request.mutable_max_fit_age()->set_seconds(static_cast<int64_t>(*days * kSecondsADay));
  }
  if (flags.policy_path.empty()) return request;
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(flags.policy_path));
  request.mutable_policy()->set_file(flags.policy_path);
  request.mutable_policy()->set_text(text);
  return request;
}

}  // namespace

absl::Status RecordPlans(const CheckFlags& flags, const std::vector<PlanText>& plans, const CheckReport& report, const FitSnapshot& snapshot) {
  ASSIGN_OR_RETURN(v1::CheckPlansRequest request, RequestFor(flags, report, snapshot));
  for (const PlanText& text : plans) {
    v1::NamedText& plan = *request.add_plans();
    plan.set_file(text.file);
    plan.set_text(text.text);
  }
  ASSIGN_OR_RETURN(const RemoteStudy study, RemoteStudy::Find(flags.server.empty() ? UsualServer() : flags.server, snapshot.study_id));
  return study.RecordPlans(std::move(request));
}

}  // namespace isoflop
