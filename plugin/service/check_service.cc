#include "plugin/service/check_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/check/check_plans.h"
#include "plugin/check/report_json.h"
#include "plugin/service/check_request.h"
#include "plugin/service/pages.h"
#include "plugin/service/planned_runs.h"
#include "plugin/service/resource_name.h"
#include "plugin/service/study_snapshot.h"
#include "plugin/service/unary_call.h"

namespace isoflop {
namespace {

// Whatever a plan says must not end the service.
std::string TextOf(const nlohmann::ordered_json& document) { return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

void SetProblems(const PlanProblems& problems, v1::CheckPlansResponse& response) {
  for (const PlanProblem& problem : problems) {
    v1::TextProblem& message = *response.add_problems();
    message.set_file(problem.place.file);
    message.set_line(problem.place.line);
    message.set_column(problem.place.column);
    message.set_message(problem.message);
  }
}

}  // namespace

grpc::ServerUnaryReactor* CheckService::CheckPlans(grpc::CallbackServerContext* context, const v1::CheckPlansRequest* request,
                                                   v1::CheckPlansResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return Check(*request, *response); });
}

absl::Status CheckService::Check(const v1::CheckPlansRequest& request, v1::CheckPlansResponse& response) {
  ASSIGN_OR_RETURN(const std::string study_id, ParseStudyName("study", request.study()));
  ASSIGN_OR_RETURN(PlansReading plans, ReadRequestedPlans(request));
  PolicyFile policy = ReadRequestedPolicy(request, plans);
  ASSIGN_OR_RETURN(const CheckOptions options, CheckOptionsOf(request, policy, now_ms_()));
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const FitSnapshot snapshot, SnapshotOf(store_, *view, request.law(), request.version()));
  const CheckReport report = isoflop::CheckPlans(std::move(plans), snapshot, options, std::move(policy));
  if (request.record() && report.problems.empty()) {
    ASSIGN_OR_RETURN(const std::vector<PlanRecord> records, RecordsOf(report, snapshot, now_ms_()));
    RETURN_IF_ERROR(store_.KeepPlans(records));
  }
  response.set_fitted_law(FittedLawName(study_id, snapshot.fit.law, snapshot.fit.version));
  response.set_verdict(std::string(VerdictName(report.verdict())));
  response.set_document(TextOf(CheckDocument(report)));
  SetProblems(report.problems, response);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* CheckService::ExportFit(grpc::CallbackServerContext* context, const v1::ExportFitRequest* request,
                                                  v1::ExportFitResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return Export(*request, *response); });
}

absl::Status CheckService::Export(const v1::ExportFitRequest& request, v1::ExportFitResponse& response) {
  ASSIGN_OR_RETURN(const std::string study_id, ParseStudyName("study", request.study()));
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const FitSnapshot snapshot, SnapshotOf(store_, *view, request.law(), request.version()));
  response.set_fitted_law(FittedLawName(study_id, snapshot.fit.law, snapshot.fit.version));
  response.set_document(SnapshotDocument(snapshot).dump());
  return absl::OkStatus();
}

}  // namespace isoflop
