#ifndef ISOFLOP_PLUGIN_STUDY_STUDY_STATE_H_
#define ISOFLOP_PLUGIN_STUDY_STUDY_STATE_H_

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "plugin/recognize/study_recognizer.h"
#include "plugin/store/run_store.h"
#include "plugin/study/study_view.h"

namespace isoflop {

// The runs of one study as the store has them, and what they are recognised as. Not thread safe.
class StudyState {
 public:
  explicit StudyState(StudyRecord record) : record_(std::move(record)) {}

  // Reads the settings, and all runs again where these change what is which quantity.
  absl::Status ReadSettings(RunStore& store);
  // Reads all runs again, or those named. A run that the store no longer has is forgotten.
  absl::Status ReadAllRuns(RunStore& store);
  absl::Status ReadRuns(RunStore& store, const std::set<std::string>& run_ids);

  void set_record(StudyRecord record) { record_ = std::move(record); }

  // Recognises the runs that were read, as of `now_ms`, and counts them. The view's laws and revision are left for the
  // caller.
  StudyView Recognize(int64_t now_ms);

  // Runs that the tracker has as running.
  std::vector<std::string> RunningRuns() const { return recognizer_.RunningRuns(); }

  // What changed in the observations of Recognize since the last Settle.
  std::vector<ObservationChange> Changes() const { return recognizer_.Changes(); }
  void Settle() { recognizer_.Settle(); }

 private:
  // Takes the records in the place of those of `run_ids`, which are forgotten where there is no record.
  void Replace(std::vector<RunRecord> records, const std::vector<std::string>& run_ids);

  StudyRecord record_;
  std::shared_ptr<const StudySettings> settings_ = std::make_shared<const StudySettings>();
  StudyRecognizer recognizer_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_STUDY_STATE_H_
