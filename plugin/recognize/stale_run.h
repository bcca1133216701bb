#ifndef ISOFLOP_PLUGIN_RECOGNIZE_STALE_RUN_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_STALE_RUN_H_

#include <cstdint>
#include <optional>

#include "plugin/recognize/run_record.h"

namespace isoflop {

// A job that is killed hard does not tell its tracker, where it is RUNNING for ever. Such a run is stale: nothing new (a
// point, a status) was heard of it for longer than
//
//   max(kLeastQuietMs, kQuietGaps * gap),
//
// gap being the mean time between points of the metric that it logs most often. What counts is when this service heard
// of it, by its own clock: that of the training machine may be wrong, and a backlog may be on its way.
inline constexpr int64_t kLeastQuietMs = 6 * 3'600'000;
inline constexpr double kQuietGaps = 10;

// Milliseconds since 1970 (UTC) from which the run is stale if nothing more is heard of it; nothing for a run that is
// deleted, or is not running in the tracker.
std::optional<int64_t> StaleTimeMs(const RunRecord& run);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_STALE_RUN_H_
