#include "plugin/cli/remote_study.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/advice/hyperparameters.h"
#include "core/base/status.h"
#include "isoflop/v1/advice.grpc.pb.h"
#include "isoflop/v1/check.grpc.pb.h"
#include "isoflop/v1/pages.grpc.pb.h"
#include "isoflop/v1/studies.grpc.pb.h"
#include "plugin/document/documents.h"

namespace isoflop {
namespace {

constexpr std::chrono::seconds kDeadline(60);    // The first forecasts of a large study read all its curves.
constexpr int kGreatestMessageBytes = 64 << 20;  // A law with 10,000 runs is bigger than gRPC's default of 4 MiB.

}  // namespace

template <typename Stub, typename Method, typename Request, typename Response>
absl::Status RemoteStudy::Call(Stub& stub, Method method, const Request& request, Response& response) const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  const grpc::Status status = (stub.*method)(&context, request, &response);
  switch (status.error_code()) {
    case grpc::OK: return absl::OkStatus();
    case grpc::INVALID_ARGUMENT: return absl::InvalidArgumentError(status.error_message());
    case grpc::NOT_FOUND: return absl::NotFoundError(status.error_message());
    case grpc::FAILED_PRECONDITION: return absl::FailedPreconditionError(status.error_message());
    default: return absl::UnavailableError(absl::StrCat("no answer from a server at ", address_, ": ", status.error_message()));
  }
}

absl::StatusOr<RemoteStudy> RemoteStudy::Find(const std::string& address, const std::string& study) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kGreatestMessageBytes);
  RemoteStudy remote(address, grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  RETURN_IF_ERROR(remote.Resolve(study));
  return remote;
}

absl::Status RemoteStudy::Resolve(const std::string& study) {
  const auto stub = v1::StudyService::NewStub(channel_);
  v1::GetStudyRequest by_id;
  by_id.set_name(absl::StrCat("studies/", study));
  v1::Study found;
  const absl::Status status = Call(*stub, &v1::StudyService::Stub::GetStudy, by_id, found);
  if (absl::IsUnavailable(status)) return status;
  if (status.ok()) {
    name_ = found.name();
    return absl::OkStatus();
  }
  std::vector<std::string> of_that_name;
  v1::ListStudiesRequest request;
  do {
    v1::ListStudiesResponse page;
    RETURN_IF_ERROR(Call(*stub, &v1::StudyService::Stub::ListStudies, request, page));
    for (const v1::Study& one : page.studies()) {
      if (one.display_name() == study) of_that_name.push_back(one.name());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (of_that_name.size() != 1) {
    return absl::InvalidArgumentError(absl::StrCat("study must be the id of one that the server keeps, or the name of exactly one, got ", study,
                                                   ", the name of ", of_that_name.size()));
  }
  name_ = of_that_name[0];
  return absl::OkStatus();
}

absl::StatusOr<std::string> RemoteStudy::FetchPage(const v1::GetPageRequest& request) const {
  const auto stub = v1::PageService::NewStub(channel_);
  v1::GetPageRequest of_study = request;
  of_study.set_study(name_);
  v1::GetPageResponse page;
  RETURN_IF_ERROR(Call(*stub, &v1::PageService::Stub::GetPage, of_study, page));
  return std::move(*page.mutable_json());
}

absl::StatusOr<Fit> RemoteStudy::FetchLaw(const std::string& law) const {
  v1::GetPageRequest request;
  request.set_kind(v1::LAW);
  request.set_law(law);
  ASSIGN_OR_RETURN(const std::string json, FetchPage(request));
  return ParseFitDocument(json);
}

absl::StatusOr<std::string> RemoteStudy::FetchRuns() const {
  v1::GetPageRequest request;
  request.set_kind(v1::RUNS);
  return FetchPage(request);
}

absl::StatusOr<Fit> RemoteStudy::FetchFit() const {
  absl::StatusOr<Fit> fit = FetchLaw("");
  if (absl::IsNotFound(fit.status())) return absl::FailedPreconditionError(fit.status().message());
  return fit;
}

absl::StatusOr<std::vector<Fit>> RemoteStudy::FetchHyperparameterFits() const {
  std::vector<Fit> fits;
  for (const char* law : kHyperparameterLaws) {
    absl::StatusOr<Fit> fit = FetchLaw(law);
    if (absl::IsNotFound(fit.status())) continue;
    RETURN_IF_ERROR(fit.status());
    if (fit->identified()) fits.push_back(*std::move(fit));
  }
  return fits;
}

absl::StatusOr<std::string> RemoteStudy::FetchSnapshot(const std::string& law, int64_t version) const {
  const auto stub = v1::CheckService::NewStub(channel_);
  v1::ExportFitRequest request;
  request.set_study(name_);
  request.set_law(law);
  request.set_version(version);
  v1::ExportFitResponse response;
  RETURN_IF_ERROR(Call(*stub, &v1::CheckService::Stub::ExportFit, request, response));
  return std::move(*response.mutable_document());
}

absl::Status RemoteStudy::RecordPlans(v1::CheckPlansRequest request) const {
  const auto stub = v1::CheckService::NewStub(channel_);
  request.set_study(name_);
  request.set_record(true);
  v1::CheckPlansResponse response;
  RETURN_IF_ERROR(Call(*stub, &v1::CheckService::Stub::CheckPlans, request, response));
  return response.problems().empty() ? absl::OkStatus() : absl::InvalidArgumentError(absl::StrCat("not recorded: ", response.problems(0).message()));
}

absl::StatusOr<std::string> RemoteStudy::FetchPlannedRuns() const {
  v1::GetPageRequest request;
  request.set_kind(v1::PLANNED_RUNS);
  return FetchPage(request);
}

absl::StatusOr<std::string> RemoteStudy::FetchForecasts() const {
  const auto stub = v1::AdviceService::NewStub(channel_);
  v1::ForecastRunsRequest request;
  request.set_study(name_);
  v1::ForecastRunsResponse response;
  RETURN_IF_ERROR(Call(*stub, &v1::AdviceService::Stub::ForecastRuns, request, response));
  return std::move(*response.mutable_document());
}

}  // namespace isoflop
