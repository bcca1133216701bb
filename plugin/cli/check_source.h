#ifndef ISOFLOP_PLUGIN_CLI_CHECK_SOURCE_H_
#define ISOFLOP_PLUGIN_CLI_CHECK_SOURCE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "plugin/cli/check_flags.h"
#include "plugin/document/snapshot_document.h"

namespace isoflop {

// What plans are judged by: --fit or, without it, --study of --server; without that, the one study that `runs` name. InvalidArgument, naming the file or
// the flag, where it cannot be read or told; else as RemoteStudy.
absl::StatusOr<FitSnapshot> FindSnapshot(const CheckFlags& flags, const std::vector<PlannedRun>& runs);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CHECK_SOURCE_H_
