#ifndef ISOFLOP_PLUGIN_INGEST_EVENT_RULES_H_
#define ISOFLOP_PLUGIN_INGEST_EVENT_RULES_H_

#include "absl/status/status.h"
#include "plugin/store/run_event.h"

namespace isoflop {

inline constexpr int kGreatestRunIdBytes = 256;
inline constexpr int kGreatestStudyIdBytes = 256;
inline constexpr int kGreatestMetricKeyBytes = 1024;
inline constexpr int kGreatestNameBytes = 1024;     // Of a run, a parameter or a tag.
inline constexpr int kGreatestNameCount = 10'000;   // Parameters and tags of one event.
inline constexpr int kGreatestPointCount = 10'000;  // Of one event.
inline constexpr int kGreatestEventCount = 50'000;  // Of one batch.

// OK when the event may be stored; otherwise InvalidArgument with field, rule and value.
absl::Status CheckEvent(const RunEvent& event);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_INGEST_EVENT_RULES_H_
