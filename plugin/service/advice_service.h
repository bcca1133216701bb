#ifndef ISOFLOP_PLUGIN_SERVICE_ADVICE_SERVICE_H_
#define ISOFLOP_PLUGIN_SERVICE_ADVICE_SERVICE_H_

#include "absl/status/status.h"
#include "isoflop/v1/advice.grpc.pb.h"
#include "plugin/service/open_streams.h"
#include "plugin/service/pages.h"
#include "plugin/service/worker_pool.h"
#include "plugin/store/run_store.h"
#include "plugin/study/view_publisher.h"

namespace isoflop {

// isoflop/v1/advice.proto.
class AdviceService : public v1::AdviceService::CallbackService {
 public:
  AdviceService(RunStore& store, ViewPublisher& views, Pages& pages, OpenStreams& open_streams, WorkerPool& pool)
      : store_(store), views_(views), pages_(pages), open_streams_(open_streams), pool_(pool) {}

  grpc::ServerUnaryReactor* GetAdvice(grpc::CallbackServerContext* context, const v1::GetAdviceRequest* request,
                                      v1::GetAdviceResponse* response) override;
  grpc::ServerWriteReactor<v1::GetAdviceResponse>* WatchAdvice(grpc::CallbackServerContext* context,
                                                               const v1::GetAdviceRequest* request) override;
  grpc::ServerUnaryReactor* WeighTradeOffs(grpc::CallbackServerContext* context, const v1::WeighTradeOffsRequest* request,
                                           v1::WeighTradeOffsResponse* response) override;
  grpc::ServerUnaryReactor* ProposeNextRuns(grpc::CallbackServerContext* context, const v1::ProposeNextRunsRequest* request,
                                            v1::ProposeNextRunsResponse* response) override;
  grpc::ServerUnaryReactor* ForecastRuns(grpc::CallbackServerContext* context, const v1::ForecastRunsRequest* request,
                                         v1::ForecastRunsResponse* response) override;

 private:
  absl::Status Get(const v1::GetAdviceRequest& request, v1::GetAdviceResponse& response);
  absl::Status Weigh(const v1::WeighTradeOffsRequest& request, v1::WeighTradeOffsResponse& response);
  absl::Status Propose(const v1::ProposeNextRunsRequest& request, v1::ProposeNextRunsResponse& response);
  absl::Status Forecast(const v1::ForecastRunsRequest& request, v1::ForecastRunsResponse& response);

  RunStore& store_;
  ViewPublisher& views_;
  Pages& pages_;
  OpenStreams& open_streams_;
  WorkerPool& pool_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_ADVICE_SERVICE_H_
