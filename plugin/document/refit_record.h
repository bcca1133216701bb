#ifndef ISOFLOP_PLUGIN_DOCUMENT_REFIT_RECORD_H_
#define ISOFLOP_PLUGIN_DOCUMENT_REFIT_RECORD_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isoflop {

// How a version of a law came about.
enum class RefitKind {
  kCold,          // From many starts, as `isoflop fit` does it.
  kIncremental,   // From the version before, by the runs that changed.
  kGlobalSearch,  // From many starts, as another optimum may have won or the schedule asks for it.
  kAdopted,       // Its figures stood already, under the same evidence.
};

// "cold", "incremental", "global_search" or "adopted".
std::string_view RefitKindName(RefitKind kind);

// Runs that changed in one way: how many, and the first few of them.
struct ChangedRuns {
  static constexpr size_t kGreatestNamedCount = 20;

  int64_t count = 0;
  std::vector<std::string> run_ids;  // At most kGreatestNamedCount.

  void Add(const std::string& run_id);
};

// What changed in the evidence since the version before.
struct EvidenceChange {
  ChangedRuns added;
  ChangedRuns corrected;
  ChangedRuns withdrawn;
  bool mapping_changed = false;  // Quantities are read from other names.
};

// Why and how a version was made.
struct RefitRecord {
  RefitKind kind = RefitKind::kCold;
  double duration_ms = 0;                       // Of the point estimate.
  std::optional<double> intervals_duration_ms;  // Absent until they are there.
  std::optional<EvidenceChange> change;         // Absent where it is not known: it came while the service was down.
  bool basin_changed = false;                   // Another optimum than that of the version before.
};

// {"kind", "duration_ms", "intervals_duration_ms", "added": {"count", "run_ids"}, "corrected", "withdrawn",
// "mapping_changed", "basin_changed"}; null where it is not known.
nlohmann::ordered_json RefitObject(const RefitRecord& record);

// Reads one back; anything that is not as RefitObject writes it is left at its default.
RefitRecord ParseRefitObject(const nlohmann::json& object);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_REFIT_RECORD_H_
