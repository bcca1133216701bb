#ifndef ISOFLOP_PLUGIN_SERVICE_FORECAST_PAGES_H_
#define ISOFLOP_PLUGIN_SERVICE_FORECAST_PAGES_H_

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/service/forecast_study.h"
#include "plugin/study/view_publisher.h"

namespace isoflop {

// Computes what the panel's tab of running runs shows, for those that ask, and remembers what does not change with them: the curves of finished runs
// until the evidence changes, and the whole document until the view does or a running run logs something new. Thread safe; waits for no writer and no refit.
class ForecastPages {
 public:
  explicit ForecastPages(RunStore& store) : store_(store) {}

  // The document (plugin/document/forecasts_document.h) as JSON. Codes as RunStore::LoadRuns.
  absl::StatusOr<std::string> Write(const ViewPublisher::View& view);

  static constexpr size_t kMostForecastRuns = 200;  // Of a study, by run id; the rest are counted only.

 private:
  // Of one study. All but the id is guarded by the mutex, which is held while a document is made: who asks for the same one meanwhile waits for it.
  struct Kept {
    std::string study_id;
    std::mutex mutex;
    std::optional<EvidenceKey> evidence;  // Of the finished runs, as is what follows.
    FinishedCurves finished;
    Examined examined;
    ViewPublisher::View view;  // Of the document, with the state of its running runs.
    std::string state;
    std::string json;
  };
  std::shared_ptr<Kept> Find(const std::string& study_id);
  absl::Status LoadFinished(const StudyView& view, const std::vector<RunRecord>& running, Kept& kept);

  RunStore& store_;
  std::mutex mutex_;
  std::list<std::shared_ptr<Kept>> kept_;  // Latest used first. Guarded by mutex_.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_FORECAST_PAGES_H_
