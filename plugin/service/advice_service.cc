#include "plugin/service/advice_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/advice/next_runs_advice.h"
#include "core/base/status.h"
#include "plugin/document/next_runs_document.h"
#include "plugin/document/trade_offs_document.h"
#include "plugin/service/advise_study.h"
#include "plugin/service/conversions.h"
#include "plugin/service/next_runs_request.h"
#include "plugin/service/resource_name.h"
#include "plugin/service/study_law.h"
#include "plugin/service/trade_offs_of_study.h"
#include "plugin/service/trade_offs_question.h"
#include "plugin/service/unary_call.h"
#include "plugin/service/watch_stream.h"

namespace isoflop {
namespace {

absl::StatusOr<v1::GetAdviceResponse> ResponseFor(const StudyView& view, const std::vector<double>& budget_flops, const std::optional<double>& tolerance) {
  ASSIGN_OR_RETURN(const std::vector<Advice> advice, AdviseStudy(view, budget_flops, tolerance));
  v1::GetAdviceResponse response;
  response.set_fitted_law(FittedLawName(view.study_id, view.law->fit.law, view.version()));
  for (const Advice& one : advice) *response.add_advice() = AdviceMessage(one);
  return response;
}

std::optional<double> AskedTolerance(const auto& request) {
  return request.has_tolerance() ? std::optional(request.tolerance()) : std::nullopt;
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
  ASSIGN_OR_RETURN(response, ResponseFor(*view, {request.budget_flops().begin(), request.budget_flops().end()}, AskedTolerance(request)));
  return absl::OkStatus();
}

grpc::ServerWriteReactor<v1::GetAdviceResponse>* AdviceService::WatchAdvice(grpc::CallbackServerContext*,
                                                                            const v1::GetAdviceRequest* request) {
  absl::StatusOr<std::string> study_id = ParseStudyName("study", request->study());
  const std::vector<double> budget_flops(request->budget_flops().begin(), request->budget_flops().end());
  const std::optional<double> tolerance = AskedTolerance(*request);
  absl::Status status = study_id.ok() ? CheckBudgets(budget_flops) : study_id.status();
  if (status.ok() && tolerance) status = CheckTolerance(*tolerance);
  if (!status.ok()) return new FailedWatch<v1::GetAdviceResponse>(status);
  // Views between two versions of the law, such as of a run that started, bring no new advice.
  auto last_law = std::make_shared<SharedLaw>();
  return new WatchStream<v1::GetAdviceResponse>(
      views_, *std::move(study_id), pool_, open_streams_,
      [budget_flops, tolerance, last_law](const ViewPublisher::View& view) -> std::optional<v1::GetAdviceResponse> {
        if (view->law == *last_law) return std::nullopt;
        *last_law = view->law;
        absl::StatusOr<v1::GetAdviceResponse> response = ResponseFor(*view, budget_flops, tolerance);
        if (!response.ok()) return std::nullopt;  // No advice stands at the moment.
        return *std::move(response);
      });
}

grpc::ServerUnaryReactor* AdviceService::WeighTradeOffs(grpc::CallbackServerContext* context,
                                                        const v1::WeighTradeOffsRequest* request,
                                                        v1::WeighTradeOffsResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return Weigh(*request, *response); });
}

absl::Status AdviceService::Weigh(const v1::WeighTradeOffsRequest& request, v1::WeighTradeOffsResponse& response) {
  ASSIGN_OR_RETURN(const std::string study_id, ParseStudyName("study", request.study()));
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const SharedLaw stored, LawAt(store_, *view, request.version()));
  ASSIGN_OR_RETURN(const SharedLaw law, WithAskedTolerance(stored, AskedTolerance(request)));
  std::vector<double> budget_flops;
  if (request.has_budget_flops()) budget_flops.push_back(request.budget_flops());
  ASSIGN_OR_RETURN(TradeOffsQuestion question, QuestionOf(request.question(), budget_flops));
  ASSIGN_OR_RETURN(const StudyTradeOffs weighed, WeighTradeOffsOfStudy(*view, law->fit, std::move(question), request.run_id()));
  response.set_fitted_law(FittedLawName(study_id, law->fit.law, law->fit.version));
  response.set_document(TradeOffsObject(weighed.answer, weighed.question, weighed.run).dump());
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AdviceService::ProposeNextRuns(grpc::CallbackServerContext* context,
                                                         const v1::ProposeNextRunsRequest* request,
                                                         v1::ProposeNextRunsResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return Propose(*request, *response); });
}

absl::Status AdviceService::Propose(const v1::ProposeNextRunsRequest& request, v1::ProposeNextRunsResponse& response) {
  ASSIGN_OR_RETURN(const std::string study_id, ParseStudyName("study", request.study()));
  ASSIGN_OR_RETURN(const NextRunsRequest asked, NextRunsRequestOf(request));
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  ASSIGN_OR_RETURN(const SharedLaw law, NewestLaw(*view, ""));
  ASSIGN_OR_RETURN(const NextRunsAdvice advice, AdviseNextRuns(law->fit, asked));
  response.set_fitted_law(FittedLawName(study_id, law->fit.law, law->fit.version));
  response.set_document(NextRunsDocument(advice).dump());
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AdviceService::ForecastRuns(grpc::CallbackServerContext* context, const v1::ForecastRunsRequest* request,
                                                      v1::ForecastRunsResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return Forecast(*request, *response); });
}

absl::Status AdviceService::Forecast(const v1::ForecastRunsRequest& request, v1::ForecastRunsResponse& response) {
  ASSIGN_OR_RETURN(const std::string study_id, ParseStudyName("study", request.study()));
  ASSIGN_OR_RETURN(const SharedPage page, pages_.Forecasts(study_id));
  response.set_document(page->json);
  return absl::OkStatus();
}

}  // namespace isoflop
