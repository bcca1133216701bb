#include "plugin/service/fitted_law_service.h"

#include <chrono>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/document/documents.h"
#include "plugin/document/law_document.h"
#include "plugin/service/compute_fit.h"
#include "plugin/service/conversions.h"
#include "plugin/service/curve_observations.h"
#include "plugin/service/page_size.h"
#include "plugin/service/pages.h"
#include "plugin/service/resource_name.h"
#include "plugin/service/unary_call.h"
#include "plugin/service/watch_stream.h"

namespace isoflop {
namespace {

constexpr int kStandardPageSize = 20;
constexpr int kGreatestPageSize = 100;
constexpr int kGreatestFitCount = 8;  // Calls of ComputeFit that run or wait at one time.

absl::StatusOr<v1::FittedLaw> MessageOf(const LawVersion& version) {
  ASSIGN_OR_RETURN(ParsedLaw parsed, ParseLaw({version.document, version.replicas}));
  // Old versions are kept without the estimates, but say how many there were.
  parsed.fit.replica_count = nlohmann::json::parse(version.document)["replicas"]["count"].get<int>();
  return FittedLawMessage(version.study_id, {.fit = std::move(parsed.fit),
                                             .refit = std::move(parsed.refit),
                                             .create_time_ms = version.created_time_ms,
                                             .intervals_ready = version.intervals_ready});
}

}  // namespace

grpc::ServerUnaryReactor* FittedLawService::GetFittedLaw(grpc::CallbackServerContext* context,
                                                         const v1::GetFittedLawRequest* request,
                                                         v1::FittedLaw* response) {
  return AnswerFrom(pool_, context, [=, this] { return Get(*request, *response); });
}

grpc::ServerUnaryReactor* FittedLawService::ListFittedLaws(grpc::CallbackServerContext* context,
                                                           const v1::ListFittedLawsRequest* request,
                                                           v1::ListFittedLawsResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return List(*request, *response); });
}

absl::Status FittedLawService::Get(const v1::GetFittedLawRequest& request, v1::FittedLaw& response) {
  ASSIGN_OR_RETURN(const LawVersionName name, ParseLawVersionName("name", request.name()));
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, name.study_id));
  const SharedLaw newest = view->FindLaw(name.law);
  if (newest != nullptr && (name.version == 0 || name.version == newest->fit.version)) {
    response = FittedLawMessage(name.study_id, *newest);
    return absl::OkStatus();
  }
  if (name.version == 0) {
    return absl::NotFoundError(absl::StrCat("name: study ", name.study_id, " has no version of law ", name.law));
  }
  ASSIGN_OR_RETURN(const LawVersion version, store_.LoadLawVersion(name.study_id, name.law, name.version));
  ASSIGN_OR_RETURN(response, MessageOf(version));
  return absl::OkStatus();
}

absl::Status FittedLawService::List(const v1::ListFittedLawsRequest& request, v1::ListFittedLawsResponse& response) {
  ASSIGN_OR_RETURN(const LawName parent, ParseLawName("parent", request.parent()));
  ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size(), kStandardPageSize, kGreatestPageSize));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!request.page_token().empty() && !absl::SimpleAtoi(request.page_token(), &before)) {
    return absl::InvalidArgumentError(
        absl::StrCat("page_token must come from an earlier response, got \"", request.page_token(), "\""));
  }
  RETURN_IF_ERROR(FindView(views_, parent.study_id).status());
  ASSIGN_OR_RETURN(const std::vector<LawVersion> versions,
                   store_.ListLawVersions(parent.study_id, parent.law, before, page_size));
  for (const LawVersion& version : versions) {
    ASSIGN_OR_RETURN(*response.add_fitted_laws(), MessageOf(version));
  }
  if (static_cast<int>(versions.size()) == page_size && versions.back().version > 1) {
    response.set_next_page_token(absl::StrCat(versions.back().version));
  }
  return absl::OkStatus();
}

grpc::ServerWriteReactor<v1::FittedLawChange>* FittedLawService::WatchFittedLaws(
    grpc::CallbackServerContext*, const v1::WatchFittedLawsRequest* request) {
  std::string study_id;
  if (!request->study().empty()) {
    absl::StatusOr<std::string> parsed = ParseStudyName("study", request->study());
    if (!parsed.ok()) return new FailedWatch<v1::FittedLawChange>(parsed.status());
    study_id = *std::move(parsed);
  }
  return new WatchStream<v1::FittedLawChange>(
      views_, std::move(study_id), pool_, open_streams_,
      [](const ViewPublisher::View& view) { return std::optional(FittedLawChangeMessage(*view)); });
}

grpc::ServerUnaryReactor* FittedLawService::ComputeFit(grpc::CallbackServerContext* context,
                                                       const v1::ComputeFitRequest* request,
                                                       v1::ComputeFitResponse* response) {
  // Given back when the call is done with, whether it was answered or not.
  const std::shared_ptr<void> place(nullptr, [this](void*) { --fit_count_; });
  if (++fit_count_ > kGreatestFitCount) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(ToGrpcStatus(absl::ResourceExhaustedError(
        absl::StrCat("at most ", kGreatestFitCount, " fits are computed or wait at one time; try again later"))));
    return reactor;
  }
  return AnswerFrom(fit_pool_, context, [=, this] {
    static_cast<void>(place);
    const auto gone = [context] { return context->IsCancelled() || std::chrono::system_clock::now() > context->deadline(); };
    absl::Status status = Compute(*request, gone, *response);
    if (absl::IsCancelled(status) && std::chrono::system_clock::now() > context->deadline()) {
      status = absl::DeadlineExceededError("the call's deadline passed before the fit was done");
    }
    return status;
  });
}

absl::Status FittedLawService::Compute(const v1::ComputeFitRequest& request, const std::function<bool()>& cancelled,
                                       v1::ComputeFitResponse& response) {
  ASSIGN_OR_RETURN(const std::string study_id, ParseStudyName("study", request.study()));
  ASSIGN_OR_RETURN(const FitSpecification specification, SpecifyFit(request));
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(views_, study_id));
  std::shared_ptr<const RecognizedStudy> recognized = view->recognized;
  if (!request.where().empty()) {
    ASSIGN_OR_RETURN(std::vector<RunRecord> runs, store_.LoadRuns(study_id));
    std::erase_if(runs, [&](const RunRecord& run) { return !HasValues(run, request.where()); });
    recognized = std::make_shared<const RecognizedStudy>(RecognizeStudy(runs, 0, view->settings->mapping));
  }
  if (specification.approach == Approach::kEnvelope) {
    ASSIGN_OR_RETURN(RecognizedStudy curves, ObserveCurves(store_, study_id, *recognized));
    recognized = std::make_shared<const RecognizedStudy>(std::move(curves));
  }
  ASSIGN_OR_RETURN(const Fit fit, isoflop::ComputeFit(specification, recognized, cancelled));
  *response.mutable_fitted_law() = UnkeptLawMessage(fit);
  response.set_document(FitDocument(fit).dump());
  return absl::OkStatus();
}

}  // namespace isoflop
