#ifndef ISOFLOP_PLUGIN_SERVICE_SERVER_STATUS_H_
#define ISOFLOP_PLUGIN_SERVICE_SERVER_STATUS_H_

#include <string>

#include "absl/status/statusor.h"
#include "isoflop/v1/server.pb.h"
#include "plugin/study/study_keeper.h"

namespace isoflop {

// The studies and the queue of a server; what only the server knows (version, start, events) is left for the caller.
// InvalidArgument for a negative page size.
absl::StatusOr<v1::ServerStatus> StatusMessage(StudyKeeper& keeper, const v1::GetStatusRequest& request);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_SERVER_STATUS_H_
