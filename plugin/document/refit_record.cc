#include "plugin/document/refit_record.h"

#include <array>
#include <utility>

#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::array kKinds = {RefitKind::kCold, RefitKind::kIncremental, RefitKind::kGlobalSearch,
                               RefitKind::kAdopted};

ordered_json RunsObject(const ChangedRuns& runs) { return {{"count", runs.count}, {"run_ids", runs.run_ids}}; }

ChangedRuns ParseRuns(const json& object) {
  ChangedRuns runs;
  runs.count = object.value("count", int64_t{0});
  runs.run_ids = object.value("run_ids", std::vector<std::string>());
  return runs;
}

}  // namespace

std::string_view RefitKindName(RefitKind kind) {
  switch (kind) {
    case RefitKind::kCold:
      return "cold";
    case RefitKind::kIncremental:
      return "incremental";
    case RefitKind::kGlobalSearch:
      return "global_search";
    case RefitKind::kAdopted:
      return "adopted";
  }
  return "";
}

void ChangedRuns::Add(const std::string& run_id) {
  ++count;
  if (run_ids.size() < kGreatestNamedCount) run_ids.push_back(run_id);
}

ordered_json RefitObject(const RefitRecord& record) {
  ordered_json object;
  object["kind"] = std::string(RefitKindName(record.kind));
  object["duration_ms"] = record.duration_ms;
  object["intervals_duration_ms"] = OptionalNumber(record.intervals_duration_ms);
  const auto runs = [&](ChangedRuns EvidenceChange::*member) {
    return record.change.has_value() ? RunsObject(*record.change.*member) : ordered_json(nullptr);
  };
  object["added"] = runs(&EvidenceChange::added);
  object["corrected"] = runs(&EvidenceChange::corrected);
  object["withdrawn"] = runs(&EvidenceChange::withdrawn);
  object["mapping_changed"] =
      record.change.has_value() ? ordered_json(record.change->mapping_changed) : ordered_json(nullptr);
  object["basin_changed"] = record.basin_changed;
  return object;
}

RefitRecord ParseRefitObject(const json& object) {
  RefitRecord record;
  try {
    for (const RefitKind kind : kKinds) {
      if (object.value("kind", "") == RefitKindName(kind)) record.kind = kind;
    }
    record.duration_ms = object.value("duration_ms", 0.0);
    record.basin_changed = object.value("basin_changed", false);
    if (const json& duration = object.at("intervals_duration_ms"); duration.is_number()) {
      record.intervals_duration_ms = duration.get<double>();
    }
    if (object.at("added").is_object()) {
      record.change = EvidenceChange{.added = ParseRuns(object.at("added")),
                                     .corrected = ParseRuns(object.at("corrected")),
                                     .withdrawn = ParseRuns(object.at("withdrawn")),
                                     .mapping_changed = object.value("mapping_changed", false)};
    }
  } catch (const json::exception&) {
    // A version of before there were records.
  }
  return record;
}

}  // namespace isoflop
