#ifndef ISOFLOP_PLUGIN_SERVICE_INGEST_SERVICE_H_
#define ISOFLOP_PLUGIN_SERVICE_INGEST_SERVICE_H_

#include <cstdint>
#include <functional>

#include "isoflop/v1/ingest.grpc.pb.h"
#include "plugin/ingest/ingest_writer.h"
#include "plugin/service/open_streams.h"
#include "plugin/service/service_metrics.h"
#include "plugin/service/worker_pool.h"
#include "plugin/store/run_store.h"
#include "plugin/study/study_keeper.h"

namespace isoflop {

// isoflop/v1/ingest.proto.
class IngestService : public v1::IngestService::CallbackService {
 public:
  IngestService(RunStore& store, IngestWriter& writer, StudyKeeper& keeper, ServiceMetrics& metrics,
                OpenStreams& open_streams, WorkerPool& pool, std::function<int64_t()> now_ms);

  grpc::ServerBidiReactor<v1::StreamRunEventsRequest, v1::StreamRunEventsResponse>* StreamRunEvents(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* AcquireReconcileLease(grpc::CallbackServerContext* context,
                                                  const v1::AcquireReconcileLeaseRequest* request,
                                                  v1::AcquireReconcileLeaseResponse* response) override;
  grpc::ServerUnaryReactor* RetainRuns(grpc::CallbackServerContext* context, const v1::RetainRunsRequest* request,
                                       v1::RetainRunsResponse* response) override;
  grpc::ServerUnaryReactor* SetStudySettings(grpc::CallbackServerContext* context,
                                             const v1::SetStudySettingsRequest* request,
                                             v1::SetStudySettingsResponse* response) override;
  grpc::ServerUnaryReactor* ListCurveCounts(grpc::CallbackServerContext* context,
                                            const v1::ListCurveCountsRequest* request,
                                            v1::ListCurveCountsResponse* response) override;

 private:
  absl::Status AcquireLease(const v1::AcquireReconcileLeaseRequest& request,
                            v1::AcquireReconcileLeaseResponse& response);
  absl::Status Retain(const v1::RetainRunsRequest& request, v1::RetainRunsResponse& response);
  absl::Status SetSettings(const v1::SetStudySettingsRequest& request);
  absl::Status CountCurves(const v1::ListCurveCountsRequest& request, v1::ListCurveCountsResponse& response);

  RunStore& store_;
  IngestWriter& writer_;
  StudyKeeper& keeper_;
  ServiceMetrics& metrics_;
  OpenStreams& open_streams_;
  WorkerPool& pool_;
  const std::function<int64_t()> now_ms_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_INGEST_SERVICE_H_
