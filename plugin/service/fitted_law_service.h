#ifndef ISOFLOP_PLUGIN_SERVICE_FITTED_LAW_SERVICE_H_
#define ISOFLOP_PLUGIN_SERVICE_FITTED_LAW_SERVICE_H_

#include <atomic>
#include <functional>

#include "absl/status/status.h"
#include "isoflop/v1/fitted_laws.grpc.pb.h"
#include "plugin/service/open_streams.h"
#include "plugin/service/worker_pool.h"
#include "plugin/store/run_store.h"
#include "plugin/study/view_publisher.h"

namespace isoflop {

// isoflop/v1/fitted_laws.proto.
class FittedLawService : public v1::FittedLawService::CallbackService {
 public:
  FittedLawService(RunStore& store, ViewPublisher& views, OpenStreams& open_streams, WorkerPool& pool, WorkerPool& fit_pool)
      : store_(store), views_(views), open_streams_(open_streams), pool_(pool), fit_pool_(fit_pool) {}

  grpc::ServerUnaryReactor* GetFittedLaw(grpc::CallbackServerContext* context, const v1::GetFittedLawRequest* request,
                                         v1::FittedLaw* response) override;
  grpc::ServerUnaryReactor* ListFittedLaws(grpc::CallbackServerContext* context,
                                           const v1::ListFittedLawsRequest* request,
                                           v1::ListFittedLawsResponse* response) override;
  grpc::ServerWriteReactor<v1::FittedLawChange>* WatchFittedLaws(grpc::CallbackServerContext* context,
                                                                 const v1::WatchFittedLawsRequest* request) override;
  grpc::ServerUnaryReactor* ComputeFit(grpc::CallbackServerContext* context, const v1::ComputeFitRequest* request,
                                       v1::ComputeFitResponse* response) override;

 private:
  absl::Status Get(const v1::GetFittedLawRequest& request, v1::FittedLaw& response);
  absl::Status Compute(const v1::ComputeFitRequest& request, const std::function<bool()>& cancelled, v1::ComputeFitResponse& response);
  absl::Status List(const v1::ListFittedLawsRequest& request, v1::ListFittedLawsResponse& response);

  RunStore& store_;
  ViewPublisher& views_;
  OpenStreams& open_streams_;
  WorkerPool& pool_;
  WorkerPool& fit_pool_;  // Takes seconds where `pool_` takes milliseconds.
  std::atomic<int> fit_count_ = 0;  // Calls of ComputeFit that run or wait.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_FITTED_LAW_SERVICE_H_
