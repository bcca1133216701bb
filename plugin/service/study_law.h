#ifndef ISOFLOP_PLUGIN_SERVICE_STUDY_LAW_H_
#define ISOFLOP_PLUGIN_SERVICE_STUDY_LAW_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "plugin/store/run_store.h"
#include "plugin/study/study_view.h"

namespace isoflop {

// The newest version of a study's law; of the one that pages show where `name` is empty. NotFound when there is none.
absl::StatusOr<SharedLaw> NewestLaw(const StudyView& view, const std::string& name);

// A version of that law; 0 for the newest. NotFound when there is none, InvalidArgument below 0. Older ones come without their runs.
absl::StatusOr<SharedLaw> LawAt(RunStore& store, const StudyView& view, int64_t version, const std::string& name = "");

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_STUDY_LAW_H_
