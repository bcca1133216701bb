#include "plugin/service/ingest_service.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/service/pages.h"
#include "plugin/service/run_event_stream.h"
#include "plugin/service/unary_call.h"

namespace isoflop {
namespace {

constexpr double kLeastLeaseSec = 1;
constexpr double kGreatestLeaseSec = 600;
constexpr int kMostCountedRuns = 1000;
constexpr int kMostSettings = 1000;
constexpr absl::string_view kSettingPrefix = "isoflop.";
constexpr size_t kGreatestSettingNameSize = 1024;
constexpr size_t kGreatestSettingSize = 32 << 10;

}  // namespace

IngestService::IngestService(RunStore& store, IngestWriter& writer, StudyKeeper& keeper, ServiceMetrics& metrics,
                             OpenStreams& open_streams, WorkerPool& pool, std::function<int64_t()> now_ms)
    : store_(store),
      writer_(writer),
      keeper_(keeper),
      metrics_(metrics),
      open_streams_(open_streams),
      pool_(pool),
      now_ms_(std::move(now_ms)) {}

grpc::ServerBidiReactor<v1::StreamRunEventsRequest, v1::StreamRunEventsResponse>* IngestService::StreamRunEvents(
    grpc::CallbackServerContext*) {
  return new RunEventStream(writer_, metrics_, open_streams_);  // Deletes itself.
}

grpc::ServerUnaryReactor* IngestService::AcquireReconcileLease(grpc::CallbackServerContext* context,
                                                               const v1::AcquireReconcileLeaseRequest* request,
                                                               v1::AcquireReconcileLeaseResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return AcquireLease(*request, *response); });
}

grpc::ServerUnaryReactor* IngestService::RetainRuns(grpc::CallbackServerContext* context,
                                                    const v1::RetainRunsRequest* request,
                                                    v1::RetainRunsResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return Retain(*request, *response); });
}

grpc::ServerUnaryReactor* IngestService::SetStudySettings(grpc::CallbackServerContext* context,
                                                          const v1::SetStudySettingsRequest* request,
                                                          v1::SetStudySettingsResponse*) {
  return AnswerFrom(pool_, context, [=, this] { return SetSettings(*request); });
}

grpc::ServerUnaryReactor* IngestService::ListCurveCounts(grpc::CallbackServerContext* context,
                                                         const v1::ListCurveCountsRequest* request,
                                                         v1::ListCurveCountsResponse* response) {
  return AnswerFrom(pool_, context, [=, this] { return CountCurves(*request, *response); });
}

absl::Status IngestService::AcquireLease(const v1::AcquireReconcileLeaseRequest& request,
                                         v1::AcquireReconcileLeaseResponse& response) {
  if (request.holder().empty()) return absl::InvalidArgumentError("holder must not be empty, got \"\"");
  const double duration_sec = request.duration_sec();
  if (!(duration_sec >= kLeastLeaseSec && duration_sec <= kGreatestLeaseSec)) {
    return absl::InvalidArgumentError(absl::StrCat("duration_sec must be in [1, 600], got ", duration_sec));
  }
  ASSIGN_OR_RETURN(const bool granted,
                   store_.AcquireLease(request.holder(), now_ms_(), static_cast<int64_t>(1000 * duration_sec)));
  response.set_granted(granted);
  return absl::OkStatus();
}

absl::Status IngestService::Retain(const v1::RetainRunsRequest& request, v1::RetainRunsResponse& response) {
  if (request.study_id().empty()) return absl::InvalidArgumentError("study_id must not be empty, got \"\"");
  const StudyRecord study = {
      .study_id = request.study_id(), .display_name = request.display_name(), .deleted = request.deleted()};
  ASSIGN_OR_RETURN(const std::vector<RunChange> forgotten,
                   store_.RetainRuns(study, {request.run_ids().begin(), request.run_ids().end()}, now_ms_()));
  keeper_.StudyChanged(study);
  keeper_.RunsChanged(forgotten);
  response.set_forgotten_run_count(static_cast<int64_t>(forgotten.size()));
  return absl::OkStatus();
}

absl::Status IngestService::SetSettings(const v1::SetStudySettingsRequest& request) {
  if (request.study_id().empty()) return absl::InvalidArgumentError("study_id must not be empty, got \"\"");
  if (request.settings_size() > kMostSettings) {
    return absl::InvalidArgumentError(absl::StrCat("settings must hold at most ", kMostSettings, ", got ", request.settings_size()));
  }
  for (const auto& [name, value] : request.settings()) {
    if (!absl::StartsWith(name, kSettingPrefix) || name.size() > kGreatestSettingNameSize) {
      return absl::InvalidArgumentError(absl::StrCat("settings must have names that start with ", kSettingPrefix, ", of at most ",
                                                     kGreatestSettingNameSize, " bytes, got ", name));
    }
    if (value.size() <= kGreatestSettingSize) continue;
    return absl::InvalidArgumentError(absl::StrCat("settings: ", name, " must have at most ", kGreatestSettingSize, " bytes, got ", value.size()));
  }
  ASSIGN_OR_RETURN(const bool changed,
                   store_.SetSettings(request.study_id(), {request.settings().begin(), request.settings().end()}));
  if (changed) keeper_.SettingsChanged(request.study_id());
  return absl::OkStatus();
}

absl::Status IngestService::CountCurves(const v1::ListCurveCountsRequest& request, v1::ListCurveCountsResponse& response) {
  if (request.run_ids_size() > kMostCountedRuns) {
    return absl::InvalidArgumentError(absl::StrCat("run_ids must hold at most ", kMostCountedRuns, ", got ", request.run_ids_size()));
  }
  ASSIGN_OR_RETURN(const ViewPublisher::View view, FindView(keeper_.views(), request.study_id()));
  std::set<std::string> keys;
  for (const QuantitySource& source : view->recognized->mapping) {
    if (source.kind == "metric") keys.insert(source.key);
  }
  *response.mutable_keys() = {keys.begin(), keys.end()};
  ASSIGN_OR_RETURN(const std::vector<RunRecord> runs,
                   store_.LoadRuns(request.study_id(), {request.run_ids().begin(), request.run_ids().end()}));
  for (const RunRecord& run : runs) {
    for (const auto& [key, summary] : run.metrics) {
      if (!keys.contains(key)) continue;
      v1::ListCurveCountsResponse::CurveCount& count = *response.add_curves();
      count.set_run_id(run.run_id);
      count.set_key(key);
      count.set_point_count(summary.point_count);
    }
  }
  return absl::OkStatus();
}

}  // namespace isoflop
