#ifndef ISOFLOP_PLUGIN_DOCUMENT_SNAPSHOT_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_SNAPSHOT_DOCUMENT_H_

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"

namespace isoflop {

// A version of a study's law with all that plans are judged by, so that they can be judged without the service.
struct FitSnapshot {
  Fit fit;
  std::vector<Fit> hyperparameter_fits;  // The study's newest of those laws (core/advice/hyperparameters.h).
  std::optional<std::chrono::sys_seconds> create_time;  // Of the version; nothing where it is not known.
  std::string study_id;    // Empty: the fit is of no study.
  std::string study_name;  // In the tracker.
};

// What `isoflop export` prints: FitDocument and, besides, "create_time" (RFC 3339), "study" {"id", "name"} and "hyperparameter_fits", each a FitDocument.
nlohmann::ordered_json SnapshotDocument(const FitSnapshot& snapshot);

// Reads that or a plain FitDocument back. InvalidArgument names the key and the rule.
absl::StatusOr<FitSnapshot> ParseSnapshotDocument(std::string_view json);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_SNAPSHOT_DOCUMENT_H_
