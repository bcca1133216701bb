#ifndef ISOFLOP_PLUGIN_RECOGNIZE_STUDY_RECOGNIZER_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_STUDY_RECOGNIZER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugin/recognize/evidence_key.h"
#include "plugin/recognize/observe_run.h"
#include "plugin/recognize/recognize.h"
#include "plugin/recognize/run_record.h"
#include "plugin/recognize/source_choice.h"

namespace isoflop {

// How one run's part in the evidence changed. At least one of the two is there, and their contents differ.
struct ObservationChange {
  std::string run_id;
  std::optional<Observation> before;
  std::optional<Observation> after;
};

// Keeps what the runs of one study are recognised as while they change: reads again only the runs that changed, and all
// of them when the study's mapping does. Whatever the order of calls, the outcome is that of RecognizeStudy on the runs
// that stand. Keeps of each run only what may be read. Not thread safe.
class StudyRecognizer {
 public:
  // What a person says is which quantity. Each run is to be Set again after a change, as of each only what may be read is kept.
  void SetMapping(const MappingSettings& settings);
  const MappingSettings& mapping_settings() const { return sources_.settings(); }

  // Adds the run, or replaces the one of this run_id.
  void Set(RunRecord run);
  void Erase(const std::string& run_id);

  // `now_ms` as RecognizeStudy.
  RecognizedStudy Recognize(int64_t now_ms = 0);

  std::vector<std::string> AllRuns() const;
  // Runs that the tracker has as running.
  std::vector<std::string> RunningRuns() const;

  // What changed in the observations of Recognize since the last Settle, by run_id.
  std::vector<ObservationChange> Changes() const;
  // Of the observations of the last Recognize, less those erased since.
  const EvidenceKey& key() const { return key_; }
  // Takes the observations of the last Recognize as known.
  void Settle() { before_.clear(); }

  // Runs that are not deleted: all, running or scheduled, ended.
  int64_t run_count() const { return run_count_; }
  int64_t running_count() const { return running_count_; }
  int64_t ended_count() const { return ended_count_; }

 private:
  struct Run {
    RunRecord record;
    ObservedRun observed;  // Empty unless it ended and is not deleted.
    std::optional<int64_t> stale_time_ms;  // As StaleTimeMs says of all that was logged.
  };

  // Adds the run to the counts, or takes it away.
  void Count(const RunRecord& run, int64_t change);
  void Observe(Run& run);
  void ListStaleRuns(int64_t now_ms, RecognizedStudy& study) const;
  void Replace(const std::string& run_id, std::optional<Observation>& observation, std::optional<Observation> now);

  std::map<std::string, Run> runs_;  // By run_id.
  SourceCounts sources_;             // Of finished runs that are not deleted.
  SourceMapping mapping_;            // Of the last Recognize.
  std::set<std::string> unread_;     // Runs that changed since.
  std::map<std::string, std::optional<Observation>> before_;  // Of runs whose observation changed since Settle.
  EvidenceKey key_;
  int64_t run_count_ = 0;
  int64_t running_count_ = 0;
  int64_t ended_count_ = 0;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_STUDY_RECOGNIZER_H_
