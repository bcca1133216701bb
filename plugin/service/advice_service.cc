#include "plugin/service/advice_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status.h"
#include "plugin/service/advise_study.h"
#include "plugin/service/conversions.h"
#include "plugin/service/pages.h"
#include "plugin/service/resource_name.h"
#include "plugin/service/unary_call.h"
#include "plugin/service/watch_stream.h"

namespace isoflop {
namespace {

absl::StatusOr<v1::GetAdviceResponse> ResponseFor(const StudyView& view, const std::vector<double>& budget_flops) {
  ASSIGN_OR_RETURN(const std::vector<Advice> advice, AdviseStudy(view, budget_flops));
  v1::GetAdviceResponse response;
  response.set_fitted_law(FittedLawName(view.study_id, view.law->fit.law, view.version()));
  for (const Advice& one : advice) *response.add_advice() = AdviceMessage(one);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* AdviceService::GetAdvice(grpc::CallbackServerContext* context,
                                                   const v1::GetAdviceRequest* request,
                                                   v1::GetAdviceResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return Get(*request, *response); });
}

absl::Status AdviceService::Get(const v1::GetAdviceRequest& request, v1::GetAdviceResponse& response) {
  ASSIGN_OR_RETURN(const std::string study_id, ParseStudyName("study", request.study()));
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(response, ResponseFor(*view, {request.budget_flops().begin(), request.budget_flops().end()}));
  return absl::OkStatus();
}

grpc::ServerWriteReactor<v1::GetAdviceResponse>* AdviceService::WatchAdvice(grpc::CallbackServerContext*,
                                                                            const v1::GetAdviceRequest* request) {
  absl::StatusOr<std::string> study_id = ParseStudyName("study", request->study());
  const std::vector<double> budget_flops(request->budget_flops().begin(), request->budget_flops().end());
  absl::Status status = study_id.ok() ? CheckBudgets(budget_flops) : study_id.status();
  if (!status.ok()) return new FailedWatch<v1::GetAdviceResponse>(status);
  // Views between two versions of the law, such as of a run that started, bring no new advice.
  auto last_law = std::make_shared<SharedLaw>();
  return new WatchStream<v1::GetAdviceResponse>(
      views_, *std::move(study_id), pool_, open_streams_,
      [budget_flops, last_law](const ViewPublisher::View& view) -> std::optional<v1::GetAdviceResponse> {
        if (view->law == *last_law) return std::nullopt;
        *last_law = view->law;
        absl::StatusOr<v1::GetAdviceResponse> response = ResponseFor(*view, budget_flops);
        if (!response.ok()) return std::nullopt;  // No advice stands at the moment.
        return *std::move(response);
      });
}

}  // namespace isoflop
