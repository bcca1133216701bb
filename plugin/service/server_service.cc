#include "plugin/service/server_service.h"

#include <google/protobuf/util/time_util.h>

#include "core/base/status.h"
#include "plugin/service/server_status.h"
#include "plugin/service/unary_call.h"

namespace isoflop {

grpc::ServerUnaryReactor* ServerService::GetServerInfo(grpc::CallbackServerContext* context,
                                                       const v1::GetServerInfoRequest*, v1::ServerInfo* response) {
  return AnswerFrom(pool_, context, [=, this]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t count, store_.CountAcknowledgedEvents());
    response->set_version(ISOFLOP_VERSION);
    response->set_acknowledged_event_count(count);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ServerService::GetStatus(grpc::CallbackServerContext* context,
                                                   const v1::GetStatusRequest* request, v1::ServerStatus* response) {
  return AnswerFrom(pool_, context, [=, this]() -> absl::Status {
    ASSIGN_OR_RETURN(*response, StatusMessage(keeper_, *request));
    ASSIGN_OR_RETURN(const int64_t count, store_.CountAcknowledgedEvents());
    response->set_version(ISOFLOP_VERSION);
    response->set_acknowledged_event_count(count);
    *response->mutable_start_time() = google::protobuf::util::TimeUtil::MillisecondsToTimestamp(start_time_ms_);
    return absl::OkStatus();
  });
}

}  // namespace isoflop
