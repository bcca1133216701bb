#ifndef ISOFLOP_PLUGIN_STUDY_KEPT_STUDY_H_
#define ISOFLOP_PLUGIN_STUDY_KEPT_STUDY_H_

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/store/run_store.h"
#include "plugin/study/fitter_memory.h"
#include "plugin/study/law_fitter.h"
#include "plugin/study/study_state.h"

namespace isoflop {

// One law of a study: what fits it, for one thread at a time.
class LawSlot {
 public:
  LawSlot(FitOptions options, FitterMemory& memory) : memory_(memory), fitter_(std::move(options)) {}

  // As LawFitter::FitPoint; `afresh`: from scratch, whatever is at hand. Intervals under way give up for it.
  absl::StatusOr<FittedPoint> FitPoint(const SharedStudy& study, const std::string& published_prior, const KnownFit& known, bool afresh);

  // As LawFitter::FitIntervals. Cancelled also when newer evidence waits to be fitted.
  absl::Status FitIntervals(const SharedStudy& study, const std::function<bool()>& cancelled, Fit& fit);

  void DropUnlessInUse();

 private:
  FitterMemory& memory_;
  std::atomic<int> waiting_points_ = 0;
  std::mutex mutex_;
  LawFitter fitter_;  // Guarded by mutex_.
};

// A study as the keeper holds it.
class KeptStudy {
 public:
  using Clock = std::chrono::steady_clock;

  KeptStudy(StudyRecord record, const std::vector<std::string>& laws, const FitOptions& options, FitterMemory& memory);

  const std::string& study_id() const { return study_id_; }
  LawSlot& law(const std::string& name) { return *laws_.at(name); }

  // Thread safe: what changed in the store is to be read.
  void AddRun(const std::string& run_id);
  // The running ones are to be read again: their points are no change, but tell which of them are stale.
  void AddRunningRuns();
  void SetRecord(const StudyRecord& record);
  void AddSettings();
  // Thread safe: since when the oldest change that no view shows has waited.
  std::optional<Clock::time_point> waiting_since() const;

  // The rest is for the one whose turn it is.

  // Reads the settings and all runs.
  absl::Status ReadAll(RunStore& store);
  // Reads what changed; after a failure, the same again the next time.
  absl::Status ReadChanges(RunStore& store);
  // The view, as of `now_ms`, of what was read, without laws and revision.
  StudyView Recognize(int64_t now_ms);

  // What changed since the last Settle; nothing when it is not known.
  std::optional<EvidenceChange> Change() const;
  // What the newest laws are of is not known.
  void ForgetChange() { change_known_ = false; }
  // The newest laws are of what is recognised.
  void Settle();
  // Keeps why a law could not be fitted; OK where it was. Whether that is another reason than before.
  bool SetFailure(const std::string& law, const absl::Status& status);
  // A view shows what was read. Returns for how long the oldest of its changes waited.
  Clock::duration Shown();

 private:
  struct Pending {
    std::set<std::string> run_ids;
    std::optional<StudyRecord> record;
    bool running_runs = false;
    bool settings = false;
    std::optional<Clock::time_point> since;
  };

  const std::string study_id_;
  std::map<std::string, std::unique_ptr<LawSlot>> laws_;
  StudyState state_;
  bool change_known_ = true;
  std::vector<QuantitySource> settled_mapping_;
  std::vector<QuantitySource> mapping_;
  std::map<std::string, absl::Status> failures_;  // Of the last fit of each law.

  mutable std::mutex mutex_;  // Guards the rest.
  Pending pending_;
  std::optional<Clock::time_point> reading_since_;  // The oldest of the changes that were read and no view shows.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_KEPT_STUDY_H_
