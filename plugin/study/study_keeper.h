#ifndef ISOFLOP_PLUGIN_STUDY_STUDY_KEEPER_H_
#define ISOFLOP_PLUGIN_STUDY_STUDY_KEEPER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/fit/fit.h"
#include "plugin/store/run_store.h"
#include "plugin/study/keeper_event.h"
#include "plugin/study/kept_study.h"
#include "plugin/study/turn_queue.h"
#include "plugin/study/version_saver.h"
#include "plugin/study/view_publisher.h"

namespace isoflop {

struct StudyKeeperOptions {
  FitOptions fit;  // But for its law.
  // The laws that each study keeps, by their names in the registry; pages show the first.
  std::vector<std::string> laws = {"chinchilla"};
  int thread_count = 0;  // For points, and as many of lower priority for intervals; 0: one a core.
  int64_t fitter_memory_bytes = 256 << 20;  // Greatest, about, for what makes refits quick.
  // After a failure of the store, such as a full disk.
  double retry_delay_sec = 1;
  // Called from many threads; must not block. May be empty.
  std::function<void(const KeeperEvent&)> on_event;
};

// How much work waits and is under way.
struct KeeperLoad {
  size_t waiting_study_count = 0;
  size_t refitting_study_count = 0;
  size_t waiting_interval_count = 0;
  size_t computing_interval_count = 0;
};

// Keeps the laws of every study: reads changed runs, recognises them, refits when the evidence changed, stores the new
// version, publishes it at once, and publishes it again when its intervals are computed. Evidence is the content of the
// sorted observations and their convention: unchanged evidence makes no new version, after a restart neither. Changes
// that come during a refit are taken together by the next one, and newer evidence cancels the older one's intervals.
//
// Studies take turns, so that a storm in one delays another by one refit at most; intervals have threads of their own,
// below those of the points, which are below ingest. A version is on disk before it is published.
//
// Thread safe.
class StudyKeeper {
 public:
  // `now_ms` is the clock of create_time.
  StudyKeeper(RunStore& store, std::function<int64_t()> now_ms, StudyKeeperOptions options);
  // Ends at once: computations under way are dropped, as a restart takes them up.
  ~StudyKeeper();

  // Publishes every study as the store has it, with its newest laws, then starts to refit where the evidence differs.
  // To be called once, first.
  absl::Status Start();

  // The runs changed in the store. Returns at once.
  void RunsChanged(const std::vector<RunChange>& changes);

  // What is known of the study itself changed. Returns at once.
  void StudyChanged(const StudyRecord& record);

  // The settings of a study changed in the store. Returns at once.
  void SettingsChanged(const std::string& study_id);

  // Time has passed: runs may have become stale, or be so no more. Returns at once.
  void LookForStaleRuns();

  ViewPublisher& views() { return views_; }

  KeeperLoad load() const;
  // By study: for how long its oldest change that no view shows has waited, in seconds. Studies without any are left out.
  std::map<std::string, double> Lags() const;

 private:
  using IntervalKey = std::pair<std::string, std::string>;  // Study and law.

  KeptStudy& FindStudy(const std::string& study_id);
  absl::Status StartStudy(const StudyRecord& record);
  absl::StatusOr<SharedLaw> LoadNewestLaw(const StudyView& view, const std::string& law) const;

  void UpdateLoop();
  void Update(KeptStudy& study);
  std::vector<SharedLaw> Refit(KeptStudy& study, const StudyView& view, const StudyView* before);
  absl::StatusOr<SharedLaw> RefitLaw(KeptStudy& study, const StudyView& view, const StudyView* before,
                                     const std::string& name);
  void SetLaw(SharedLaw law, StudyView& view) const;
  // Publishes the view with the laws that were made for it, and ends the study's turn.
  void Show(KeptStudy& study, StudyView view, const std::vector<SharedLaw>& made);
  void PublishView(StudyView view);

  void IntervalLoop();
  void ComputeIntervals(const IntervalKey& key);
  void PublishIntervals(const std::string& study_id, const SharedLaw& law);

  void Tell(const KeeperEvent& event) const;

  RunStore& store_;
  const std::function<int64_t()> now_ms_;
  const StudyKeeperOptions options_;
  ViewPublisher views_;
  std::atomic<bool> stopping_ = false;

  FitterMemory fitter_memory_;

  mutable std::mutex studies_mutex_;
  std::map<std::string, std::unique_ptr<KeptStudy>> studies_;  // Never shrinks. Guarded by studies_mutex_.

  std::mutex publish_mutex_;  // Guards a study's next view against another thread's.

  TurnQueue<std::string> updates_;     // Studies that changed.
  TurnQueue<IntervalKey> intervals_;   // Laws whose newest version may lack its intervals.
  std::vector<std::thread> threads_;
  VersionSaver saver_;  // Last: its callbacks use all of the above.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_STUDY_KEEPER_H_
