#ifndef ISOFLOP_PLUGIN_SERVICE_STUDY_SNAPSHOT_H_
#define ISOFLOP_PLUGIN_SERVICE_STUDY_SNAPSHOT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "plugin/document/snapshot_document.h"
#include "plugin/store/run_store.h"
#include "plugin/study/study_view.h"

namespace isoflop {

// A version of one of the study's laws, as LawAt finds it, with its laws of hyperparameters. FailedPrecondition while the study has no law at all; else
// codes as LawAt.
absl::StatusOr<FitSnapshot> SnapshotOf(RunStore& store, const StudyView& view, const std::string& law, int64_t version);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_STUDY_SNAPSHOT_H_
