#include "plugin/service/forecast_pages.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/recognize/exclusion_tag.h"

namespace isoflop {
namespace {

constexpr size_t kKeptStudyCount = 8;

// What a forecast reads of a running run: it changes whenever the run logs something.
std::string StateOf(const RunRecord& run) {
  std::string state = absl::StrCat(run.run_name, ":", run.params.size(), ",", run.tags.size());
  for (const auto& [key, metric] : run.metrics) absl::StrAppend(&state, ",", metric.point_count, "@", metric.step);
  return state;
}

std::optional<std::string> RateMetricOfAny(const std::vector<RunRecord>& running, const std::vector<QuantitySource>& mapping) {
  for (const RunRecord& run : running) {
    if (auto key = RateMetricOf(run, mapping)) return key;
  }
  return std::nullopt;
}

// Leaves the kMostForecasts of the largest planned compute, where the most can be saved; answers the largest of those left out.
std::optional<double> KeepLargest(const std::vector<QuantitySource>& mapping, std::vector<RunRecord>& running) {
  if (running.size() <= kMostForecasts) return std::nullopt;
  std::vector<std::pair<double, size_t>> ranked;  // Unknown compute comes last.
  for (size_t i = 0; i < running.size(); ++i) ranked.emplace_back(-PlannedFlops(running[i], mapping).value_or(0), i);
  std::sort(ranked.begin(), ranked.end());
  std::vector<RunRecord> kept;
  for (size_t i = 0; i < kMostForecasts; ++i) kept.push_back(std::move(running[ranked[i].second]));
  const double left_out_flops = -ranked[kMostForecasts].first;
  running = std::move(kept);
  return left_out_flops > 0 ? std::optional(left_out_flops) : std::nullopt;
}

}  // namespace

absl::StatusOr<std::string> ForecastPages::Write(const ViewPublisher::View& view) {
  ASSIGN_OR_RETURN(std::vector<RunRecord> running, store_.LoadRuns(view->study_id, view->recognized->running_run_ids));
  std::erase_if(running, [](const RunRecord& run) { return ReasonToExclude(run).has_value(); });
  const size_t running_count = running.size();
  const std::optional<double> left_out_flops = KeepLargest(view->recognized->mapping, running);
  const std::shared_ptr<Kept> kept = Find(view->study_id);
  std::lock_guard<std::mutex> guard(kept->mutex);
  ASSIGN_OR_RETURN(const bool changed, Renew(view, running, *kept));
  if (!changed) return kept->json;
  ForecastsInput input{.version = view->version(),
                       .smallest_visible_shift = kept->examined.smallest_visible_shift,
                       .left_out_count = static_cast<int64_t>(running_count - running.size()),
                       .left_out_flops = left_out_flops,
                       .off_law = kept->examined.runs,
                       .cut = kept->cut,
                       .record = kept->record};
  if (view->law != nullptr) input.log_loss_standard_deviation = view->law->fit.log_loss_standard_deviation;
  for (const auto& [run_id, run] : kept->runs) input.runs.push_back(run.said);
  kept->json = ForecastsDocument(input).dump();
  return kept->json;
}

absl::StatusOr<bool> ForecastPages::Renew(const ViewPublisher::View& view, const std::vector<RunRecord>& running, Kept& kept) {
  bool changed = kept.view != view || kept.runs.size() != running.size();
  if (kept.evidence != view->evidence_key) RETURN_IF_ERROR(LoadFinished(*view, running, kept));
  std::map<std::string, KeptRun> runs;
  std::vector<Prediction> predictions;
  const std::vector<PastForecast> past = PastOf(kept.record);
  for (const RunRecord& record : running) {
    KeptRun& run = runs[record.run_id];
    run.state = StateOf(record);
    const auto before = kept.runs.find(record.run_id);
    if (kept.view == view && before != kept.runs.end() && before->second.state == run.state) {
      run.said = before->second.said;
      continue;
    }
    changed = true;
    ASSIGN_OR_RETURN(const RunningCurve curve, LoadRunningCurve(store_, record, *view->recognized, kept.finished.steps_per_token));
    run.said = ForecastRun(record, curve, kept.finished, *view, past);
    if (auto prediction = PredictionOf(run.said, *view)) predictions.push_back(*std::move(prediction));
  }
  // A store that cannot be written to, such as one on a full disk, still answers.
  if (!predictions.empty()) store_.KeepPredictions(predictions).IgnoreError();
  kept.view = view;
  kept.runs = std::move(runs);
  return changed;
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
  kept.cut = FindCutRuns(recognized);
  ASSIGN_OR_RETURN(std::vector<Prediction> predictions, store_.LoadPredictions(view.study_id));
  kept.record = ScorePredictions(std::move(predictions), recognized);
  kept.examined = ExamineFinishedRuns(recognized);
  kept.evidence = view.evidence_key;
  return absl::OkStatus();
}

}  // namespace isoflop
