#include "plugin/cli/check_source.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/advice/hyperparameters.h"
#include "core/base/status.h"
#include "plugin/cli/fit_source.h"
#include "plugin/cli/input_file.h"
#include "plugin/cli/remote_study.h"

namespace isoflop {
namespace {

absl::StatusOr<std::string> StudyOf(const std::vector<PlannedRun>& runs) {
  std::set<std::string> studies;
  for (const PlannedRun& run : runs) studies.insert(run.study);
  studies.erase("");
  if (studies.size() == 1) return *studies.begin();
  if (studies.empty()) return absl::InvalidArgumentError("--study is missing, and no plan names a study");
  return absl::InvalidArgumentError(absl::StrCat("plans must name one study to be checked together, got ", absl::StrJoin(studies, ", ")));
}

absl::StatusOr<std::vector<Fit>> ReadHyperparameterFits(const std::vector<std::string>& paths) {
  std::vector<Fit> fits;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(Fit fit, ReadFitFile(path));
    const absl::Status status = CheckHyperparameterFit(fit);
    if (!status.ok()) return absl::InvalidArgumentError(absl::StrCat(InputFileName(path), ": ", status.message()));
    fits.push_back(std::move(fit));
  }
  return fits;
}

absl::StatusOr<FitSnapshot> FindFit(const CheckFlags& flags, const std::vector<PlannedRun>& runs) {
  if (!flags.fit_path.empty()) return ReadSnapshotFile(flags.fit_path);
  std::string study = flags.study;
  if (study.empty()) {
    ASSIGN_OR_RETURN(study, StudyOf(runs));
  }
  ASSIGN_OR_RETURN(const RemoteStudy remote, RemoteStudy::Find(flags.server.empty() ? UsualServer() : flags.server, study));
  ASSIGN_OR_RETURN(const std::string json, remote.FetchSnapshot("", 0));
  return ParseSnapshotDocument(json);
}

}  // namespace

absl::StatusOr<FitSnapshot> FindSnapshot(const CheckFlags& flags, const std::vector<PlannedRun>& runs) {
  ASSIGN_OR_RETURN(FitSnapshot snapshot, FindFit(flags, runs));
  ASSIGN_OR_RETURN(std::vector<Fit> named, ReadHyperparameterFits(flags.hyperparameter_paths));
  if (!named.empty()) snapshot.hyperparameter_fits = std::move(named);
  return snapshot;
}

}  // namespace isoflop
