#ifndef ISOFLOP_PLUGIN_SERVICE_EXCLUSION_PREVIEW_H_
#define ISOFLOP_PLUGIN_SERVICE_EXCLUSION_PREVIEW_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "plugin/recognize/run_record.h"
#include "plugin/recognize/source_setting.h"

namespace isoflop {

// A bound of 95 % then strays by about a twentieth of the interval's width: enough for a look, and the reader need not wait.
inline constexpr int kPreviewReplicaCount = 200;

// The law `now` fitted anew to `runs`, all of its study, as if the tag of plugin/recognize/exclusion_tag.h stood (`excluded`) or did not stand on
// one of them, read as `mapping` says. With kPreviewReplicaCount replicas. NotFound where no run has this id; else codes as ComputeFit.
absl::StatusOr<Fit> PreviewExclusion(std::vector<RunRecord> runs, const MappingSettings& mapping, const Fit& now, const std::string& run_id,
                                     bool excluded);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_EXCLUSION_PREVIEW_H_
