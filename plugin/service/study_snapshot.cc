#include "plugin/service/study_snapshot.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "core/advice/hyperparameters.h"
#include "core/base/status.h"
#include "plugin/service/study_law.h"

namespace isoflop {

absl::StatusOr<FitSnapshot> SnapshotOf(RunStore& store, const StudyView& view, const std::string& law, int64_t version) {
  if (view.law == nullptr) return absl::FailedPreconditionError(absl::StrCat("study: ", view.study_id, " has no law yet"));
  ASSIGN_OR_RETURN(const SharedLaw found, LawAt(store, view, version, law));
  FitSnapshot snapshot{.fit = found->fit, .hyperparameter_fits = {}, .create_time = {}, .study_id = view.study_id, .study_name = view.display_name};
  snapshot.create_time = std::chrono::floor<std::chrono::seconds>(std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(found->create_time_ms)));
  for (const char* name : kHyperparameterLaws) {
    if (const SharedLaw one = view.FindLaw(name); one != nullptr && one->fit.identified()) snapshot.hyperparameter_fits.push_back(one->fit);
  }
  return snapshot;
}

}  // namespace isoflop
