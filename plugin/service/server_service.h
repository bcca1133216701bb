#ifndef ISOFLOP_PLUGIN_SERVICE_SERVER_SERVICE_H_
#define ISOFLOP_PLUGIN_SERVICE_SERVER_SERVICE_H_

#include <cstdint>
#include <functional>

#include "isoflop/v1/server.grpc.pb.h"
#include "plugin/service/worker_pool.h"
#include "plugin/store/run_store.h"
#include "plugin/study/study_keeper.h"

namespace isoflop {

// isoflop/v1/server.proto.
class ServerService : public v1::ServerService::CallbackService {
 public:
  // `now_ms` is the clock; the server starts now.
  ServerService(RunStore& store, StudyKeeper& keeper, WorkerPool& pool, const std::function<int64_t()>& now_ms)
      : store_(store), keeper_(keeper), pool_(pool), start_time_ms_(now_ms()) {}

  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext* context, const v1::GetServerInfoRequest* request,
                                          v1::ServerInfo* response) override;
  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context, const v1::GetStatusRequest* request,
                                      v1::ServerStatus* response) override;

 private:
  RunStore& store_;
  StudyKeeper& keeper_;
  WorkerPool& pool_;
  const int64_t start_time_ms_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_SERVER_SERVICE_H_
