#include "plugin/study/study_state.h"

#include <unordered_set>
#include <utility>

#include "core/base/status.h"

namespace isoflop {

absl::Status StudyState::ReadSettings(RunStore& store) {
  ASSIGN_OR_RETURN(SettingTags tags, store.LoadSettings(record_.study_id));
  auto settings = std::make_shared<const StudySettings>(ParseStudySettings(std::move(tags)));
  if (settings->mapping != recognizer_.mapping_settings()) {
    ASSIGN_OR_RETURN(std::vector<RunRecord> records, store.LoadRuns(record_.study_id));
    recognizer_.SetMapping(settings->mapping);
    Replace(std::move(records), recognizer_.AllRuns());
  }
  settings_ = std::move(settings);
  return absl::OkStatus();
}

absl::Status StudyState::ReadAllRuns(RunStore& store) {
  ASSIGN_OR_RETURN(std::vector<RunRecord> records, store.LoadRuns(record_.study_id));
  Replace(std::move(records), recognizer_.AllRuns());
  return absl::OkStatus();
}

absl::Status StudyState::ReadRuns(RunStore& store, const std::set<std::string>& run_ids) {
  ASSIGN_OR_RETURN(std::vector<RunRecord> records,
                   store.LoadRuns(record_.study_id, std::vector<std::string>(run_ids.begin(), run_ids.end())));
  Replace(std::move(records), {run_ids.begin(), run_ids.end()});
  return absl::OkStatus();
}

void StudyState::Replace(std::vector<RunRecord> records, const std::vector<std::string>& run_ids) {
  std::unordered_set<std::string> found;
  for (RunRecord& record : records) {
    found.insert(record.run_id);
    recognizer_.Set(std::move(record));
  }
  for (const std::string& run_id : run_ids) {
    if (!found.contains(run_id)) recognizer_.Erase(run_id);
  }
}

StudyView StudyState::Recognize(int64_t now_ms) {
  StudyView view;
  view.study_id = record_.study_id;
  view.display_name = record_.display_name;
  view.deleted = record_.deleted;
  view.settings = settings_;
  view.run_count = recognizer_.run_count();
  view.ended_run_count = recognizer_.ended_count();
  view.recognized = std::make_shared<const RecognizedStudy>(recognizer_.Recognize(now_ms));
  view.running_run_count = view.recognized->running_count;
  view.evidence_key = recognizer_.key();
  return view;
}

}  // namespace isoflop
