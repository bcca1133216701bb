#ifndef ISOFLOP_PLUGIN_SERVICE_CHECK_SERVICE_H_
#define ISOFLOP_PLUGIN_SERVICE_CHECK_SERVICE_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "isoflop/v1/check.grpc.pb.h"
#include "plugin/service/worker_pool.h"
#include "plugin/store/run_store.h"
#include "plugin/study/view_publisher.h"

namespace isoflop {

// isoflop/v1/check.proto.
class CheckService : public v1::CheckService::CallbackService {
 public:
  // `now_ms` is the clock.
  CheckService(RunStore& store, const ViewPublisher& views, WorkerPool& pool, std::function<int64_t()> now_ms)
      : store_(store), views_(views), pool_(pool), now_ms_(std::move(now_ms)) {}

  grpc::ServerUnaryReactor* CheckPlans(grpc::CallbackServerContext* context, const v1::CheckPlansRequest* request,
                                       v1::CheckPlansResponse* response) override;
  grpc::ServerUnaryReactor* ExportFit(grpc::CallbackServerContext* context, const v1::ExportFitRequest* request,
                                      v1::ExportFitResponse* response) override;

 private:
  absl::Status Check(const v1::CheckPlansRequest& request, v1::CheckPlansResponse& response);
  absl::Status Export(const v1::ExportFitRequest& request, v1::ExportFitResponse& response);

  RunStore& store_;
  const ViewPublisher& views_;
  WorkerPool& pool_;
  const std::function<int64_t()> now_ms_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_CHECK_SERVICE_H_
