#ifndef ISOFLOP_PLUGIN_STORE_RUN_STORE_H_
#define ISOFLOP_PLUGIN_STORE_RUN_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "plugin/recognize/run_record.h"
#include "plugin/store/plan_records.h"
#include "plugin/store/predictions.h"
#include "plugin/store/run_event.h"
#include "plugin/store/series_summary.h"

namespace isoflop {

// A run whose state changed in a way that pages or laws can see: everything but parameters, tags and points of a run
// that has not ended.
struct RunChange {
  std::string study_id;
  std::string run_id;
};

struct StudyRecord {
  std::string study_id;
  std::string display_name;  // In the tracker; empty until it is known.
  bool deleted = false;      // In the tracker.
};

// What a team has set for a study: the tracker's tags of the experiment whose names start with "isoflop.", by name.
using SettingTags = std::map<std::string, std::string>;

// One version of a study's law, as it is kept.
struct LawVersion {
  std::string study_id;
  std::string law;
  int64_t version = 0;  // From 1.
  std::string observations_hash;
  int64_t created_time_ms = 0;
  bool intervals_ready = false;
  std::string document;          // The fit as JSON, without the replicas' estimates.
  std::vector<double> replicas;  // These, row by row; empty in old versions.
};

// The newest versions of a law that keep their replicas' estimates: 1,000 replicas take some 40 kB, all the rest of a
// fit 4 kB.
inline constexpr int kVersionsWithReplicas = 3;

// RetainRuns keeps runs first heard of less than this ago: the tracker may have been listed before they were created.
inline constexpr int64_t kRetainGraceMs = 60'000;

// A run is settled when it has ended and nothing new was heard of it for so long: by then the backlogs of the tracker's
// workers have come in and been reconciled.
inline constexpr int64_t kSettleMs = 3'600'000;

// A settled run keeps all points of a metric up to this many; of more, those that CurveThinner chooses.
inline constexpr int64_t kUnthinnedPointCount = 512;

// The points of one metric of one run, in MLflow's order.
struct MetricCurve {
  std::string run_id;
  std::vector<StoredPoint> points;
};

// What the service keeps: runs with their metric points, the laws' versions, the reconcile lease.
//
// Thread safe. Each method is one transaction: it happens as a whole or not at all, and is on disk when it returns OK.
// Readers see whole transactions and do not wait for writers.
//
// Codes of every method: ResourceExhausted when the disk is full, Unavailable when it cannot be read or written, DataLoss
// when what it holds is damaged, Internal otherwise.
class RunStore {
 public:
  virtual ~RunStore() = default;

  // Applies events in order and counts `events.size()` more as acknowledged. Idempotent: an event applied twice changes
  // nothing. A parameter keeps its first value, a tag its last. Infinities become the greatest finite value of their
  // sign, as MLflow does. Returns each changed run once; runs whose study is not known yet are not among them. `now_ms`
  // is the time at which unknown runs were first heard of.
  virtual absl::StatusOr<std::vector<RunChange>> Apply(absl::Span<const RunEvent> events, int64_t now_ms) = 0;

  // Events applied since the store was made.
  virtual absl::StatusOr<int64_t> CountAcknowledgedEvents() = 0;

  virtual absl::StatusOr<std::vector<StudyRecord>> ListStudies() = 0;

  // Runs of one study, deleted ones included, in no particular order. With `run_ids`, only those among them.
  virtual absl::StatusOr<std::vector<RunRecord>> LoadRuns(const std::string& study_id) = 0;
  virtual absl::StatusOr<std::vector<RunRecord>> LoadRuns(const std::string& study_id,
                                                          const std::vector<std::string>& run_ids) = 0;

  // The points of one metric that CurveThinner chooses, for each run of the study that has any. The same before and after
  // their compaction.
  virtual absl::StatusOr<std::vector<MetricCurve>> LoadCurves(const std::string& study_id, const std::string& key) = 0;
  // The same of one run; without points where it has none.
  virtual absl::StatusOr<MetricCurve> LoadCurve(const std::string& run_id, const std::string& key) = 0;

  // Thins the points of one settled run that was not compacted yet (see PointWriter for what this means for points that
  // come later). Returns whether there was one. A run that goes on is compacted again when it has settled again.
  virtual absl::StatusOr<bool> CompactSettledRun(int64_t now_ms) = 0;

  // Sets what is known of a study and forgets its runs that are not in `run_ids`, but for those first heard of within
  // kRetainGraceMs before `now_ms` that are not deleted. Returns the forgotten runs.
  virtual absl::StatusOr<std::vector<RunChange>> RetainRuns(const StudyRecord& study,
                                                            const std::vector<std::string>& run_ids,
                                                            int64_t now_ms) = 0;

  // Replaces all settings of a study, which need not be known yet. Returns whether they differ from those before.
  virtual absl::StatusOr<bool> SetSettings(const std::string& study_id, const SettingTags& settings) = 0;
  virtual absl::StatusOr<SettingTags> LoadSettings(const std::string& study_id) = 0;

  // Adds versions, or replaces them.
  virtual absl::Status SaveLawVersions(absl::Span<const LawVersion> versions) = 0;

  // With its replicas while they are kept. NotFound when there is no such version.
  virtual absl::StatusOr<LawVersion> LoadLawVersion(const std::string& study_id, const std::string& law,
                                                    int64_t version) = 0;

  // At most `limit` versions below `before`, newest first, all without their replicas.
  virtual absl::StatusOr<std::vector<LawVersion>> ListLawVersions(const std::string& study_id, const std::string& law,
                                                                  int64_t before, int limit) = 0;

  // The newest version of each study, with its replicas.
  virtual absl::StatusOr<std::optional<LawVersion>> LoadNewestLawVersion(const std::string& study_id,
                                                                         const std::string& law) = 0;

  // Keeps forecasts; of those of one tenth of a run the first stands (predictions.h).
  virtual absl::Status KeepPredictions(absl::Span<const Prediction> predictions) = 0;

  // By run and tenth; those of forgotten runs are forgotten with them.
  virtual absl::StatusOr<std::vector<Prediction>> LoadPredictions(const std::string& study_id) = 0;

  // Keeps planned runs of one study as they were judged (plan_records.h).
  virtual absl::Status KeepPlans(absl::Span<const PlanRecord> records) = 0;

  // These, the newest last, and the runs that say they are of them.
  virtual absl::StatusOr<std::vector<PlanRecord>> LoadPlans(const std::string& study_id) = 0;
  virtual absl::StatusOr<std::vector<RunOfPlan>> LoadRunsOfPlans(const std::string& study_id) = 0;

  // Grants the lease to `holder` until `now_ms + duration_ms` when it is free, has run out or is the holder's own.
  // Returns whether it was.
  virtual absl::StatusOr<bool> AcquireLease(const std::string& holder, int64_t now_ms, int64_t duration_ms) = 0;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_RUN_STORE_H_
