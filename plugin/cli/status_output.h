#ifndef ISOFLOP_PLUGIN_CLI_STATUS_OUTPUT_H_
#define ISOFLOP_PLUGIN_CLI_STATUS_OUTPUT_H_

#include <string>

#include "isoflop/v1/server.pb.h"

namespace isoflop {

// What `isoflop status` prints for people: a line a law, then the queue.
std::string StatusTable(const v1::ServerStatus& status);

// What `isoflop status --format json` prints:
//
//   {"schema_version": 1, "version", "start_time", "acknowledged_event_count",
//    "queue": {"waiting_study_count", "refitting_study_count", "waiting_interval_count", "computing_interval_count",
//              "lag_sec"},
//    "studies": [{"study", "display_name", "run_count", "running_run_count", "ended_run_count", "observation_count",
//                 "lag_sec" (null when nothing waits),
//                 "laws": [{"law", "version", "observation_count", "create_time", "intervals_ready",
//                           "refit": {"kind", "duration_ms", "intervals_duration_ms", "added_count", "corrected_count",
//                                     "withdrawn_count", "mapping_changed", "basin_changed"}}]}]}
std::string StatusJson(const v1::ServerStatus& status);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_STATUS_OUTPUT_H_
