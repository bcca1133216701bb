#ifndef ISOFLOP_PLUGIN_SERVICE_FORECAST_PAGES_H_
#define ISOFLOP_PLUGIN_SERVICE_FORECAST_PAGES_H_

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/service/forecast_study.h"
#include "plugin/study/view_publisher.h"

namespace isoflop {

// Computes what the panel's tab of running runs shows, for those that ask, and remembers what does not change with them: the curves of finished runs
// until the evidence changes, and what is said of a run until the view does or it logs something new. Thread safe; waits for no refit. What is
// said to a reader is kept in the store, the first of each tenth of a run's way, and scored when the run has ended.
class ForecastPages {
 public:
  explicit ForecastPages(RunStore& store) : store_(store) {}

  // The document (plugin/document/forecasts_document.h) as JSON. Codes as RunStore::LoadRuns.
  absl::StatusOr<std::string> Write(const ViewPublisher::View& view);

 private:
  // What was said of a running run, and of what it had logged then.
  struct KeptRun {
    std::string state;
    RunForecast said;
  };
  // Of one study. All but the id is guarded by the mutex, which is held while a document is made: who asks for the same one meanwhile waits for it.
  struct Kept {
    std::string study_id;
    std::mutex mutex;
    std::optional<EvidenceKey> evidence;  // Of the finished runs, as is what follows.
    FinishedCurves finished;
    Examined examined;
    std::vector<CutRun> cut;
    std::vector<RunRecordOfForecast> record;
    ViewPublisher::View view;  // Of what follows.
    std::map<std::string, KeptRun> runs;  // Running ones, by id.
    std::string json;
  };
  std::shared_ptr<Kept> Find(const std::string& study_id);
  // Says anew what has changed; answers whether anything has.
  absl::StatusOr<bool> Renew(const ViewPublisher::View& view, const std::vector<RunRecord>& running, Kept& kept);
  absl::Status LoadFinished(const StudyView& view, const std::vector<RunRecord>& running, Kept& kept);

  RunStore& store_;
  std::mutex mutex_;
  std::list<std::shared_ptr<Kept>> kept_;  // Latest used first. Guarded by mutex_.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_FORECAST_PAGES_H_
