#ifndef ISOFLOP_PLUGIN_STUDY_KEEPER_EVENT_H_
#define ISOFLOP_PLUGIN_STUDY_KEEPER_EVENT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "plugin/document/refit_record.h"

namespace isoflop {

// Something that was done for a study, for logs and metrics.
struct KeeperEvent {
  enum class Kind {
    kAdopted,    // At the start, the newest stored version stood.
    kRefit,      // A new version.
    kIntervals,  // A version got its intervals.
    kRefitFailed,  // Of a law once, until it fails otherwise.
    kLawWaits,     // No run has what a law needs; likewise once.
    kIntervalsFailed,
  };

  Kind kind = Kind::kRefit;
  std::string study_id;
  std::string law;      // Empty where a failure is no law's own.
  int64_t version = 0;  // 0 in a failure.
  int64_t observation_count = 0;
  RefitKind refit = RefitKind::kCold;  // Of a new version.
  double duration_ms = 0;              // Of the computation.
  double lag_ms = 0;  // Of a new version: from when its oldest change was stored to when the version was published.
  absl::Status status;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_KEEPER_EVENT_H_
