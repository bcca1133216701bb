#include "plugin/service/forecast_pages.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/recognize/exclusion_tag.h"

namespace isoflop {
namespace {

constexpr size_t kKeptStudyCount = 8;

// What a forecast reads of running runs: it changes exactly when one of them logs something.
std::string StateOf(const std::vector<RunRecord>& running) {
  std::string state;
  for (const RunRecord& run : running) {
    absl::StrAppend(&state, run.run_id, ":", run.params.size(), ",", run.tags.size());
    for (const auto& [key, metric] : run.metrics) absl::StrAppend(&state, ",", metric.point_count, "@", metric.step);
    absl::StrAppend(&state, ";");
  }
  return state;
}

std::optional<std::string> RateMetricOfAny(const std::vector<RunRecord>& running, const std::vector<QuantitySource>& mapping) {
  for (const RunRecord& run : running) {
    if (auto key = RateMetricOf(run, mapping)) return key;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::string> ForecastPages::Write(const ViewPublisher::View& view) {
  std::vector<std::string> run_ids = view->recognized->running_run_ids;
  if (run_ids.size() > kMostForecastRuns) run_ids.resize(kMostForecastRuns);
  ASSIGN_OR_RETURN(std::vector<RunRecord> running, store_.LoadRuns(view->study_id, run_ids));
  std::erase_if(running, [](const RunRecord& run) { return ReasonToExclude(run).has_value(); });
  std::sort(running.begin(), running.end(), [](const RunRecord& a, const RunRecord& b) { return a.run_id < b.run_id; });
  const std::shared_ptr<Kept> kept = Find(view->study_id);
  std::lock_guard<std::mutex> guard(kept->mutex);
  std::string state = StateOf(running);
  if (kept->view == view && kept->state == state) return kept->json;
  if (kept->evidence != view->evidence_key) RETURN_IF_ERROR(LoadFinished(*view, running, *kept));
  ForecastsInput input{.version = view->version(),
                       .smallest_visible_shift = kept->examined.smallest_visible_shift,
                       .off_law = kept->examined.runs};
  if (view->law != nullptr) input.log_loss_standard_deviation = view->law->fit.log_loss_standard_deviation;
  for (const RunRecord& run : running) {
    ASSIGN_OR_RETURN(const RunningCurve curve, LoadRunningCurve(store_, run, *view->recognized, kept->finished.steps_per_token));
    input.runs.push_back(ForecastRun(run, curve, kept->finished, *view));
  }
  kept->json = ForecastsDocument(input).dump();
  kept->view = view;
  kept->state = std::move(state);
  return kept->json;
}

std::shared_ptr<ForecastPages::Kept> ForecastPages::Find(const std::string& study_id) {
  std::lock_guard<std::mutex> guard(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const std::shared_ptr<Kept>& kept) { return kept->study_id == study_id; });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return kept_.front();
  }
  kept_.push_front(std::make_shared<Kept>());
  kept_.front()->study_id = study_id;
  if (kept_.size() > kKeptStudyCount) kept_.pop_back();
  return kept_.front();
}

absl::Status ForecastPages::LoadFinished(const StudyView& view, const std::vector<RunRecord>& running, Kept& kept) {
  const RecognizedStudy& recognized = *view.recognized;
  kept.evidence.reset();
  ASSIGN_OR_RETURN(kept.finished, LoadFinishedCurves(store_, view.study_id, recognized, RateMetricOfAny(running, recognized.mapping)));
  kept.examined = ExamineFinishedRuns(recognized);
  kept.evidence = view.evidence_key;
  return absl::OkStatus();
}

}  // namespace isoflop
