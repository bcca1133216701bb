#ifndef ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_CHOICE_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_CHOICE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/quantity/quantity.h"
#include "plugin/recognize/quantity_names.h"
#include "plugin/recognize/run_record.h"

namespace isoflop {

enum class SourceKind { kParam, kMetric, kTag };

// "param", "metric" or "tag".
const char* SourceKindName(SourceKind kind);

// Where a quantity is read from in every run of a study.
struct Source {
  SourceKind kind = SourceKind::kParam;
  std::string key;
  const KnownName* known = nullptr;

  bool operator==(const Source&) const = default;
};

struct SourceChoice {
  Source source;
  std::string reason;
};

// In how many runs each source of each quantity stands.
class SourceCounts {
 public:
  void Add(const RunRecord& run) { Count(run, 1); }
  // `run` as it was added.
  void Remove(const RunRecord& run) { Count(run, -1); }

  // The best-ranked name among those that at least half as many runs have as the commonest one; nothing without any.
  std::optional<SourceChoice> Choose(Quantity quantity) const;

 private:
  using Candidates = std::map<std::pair<SourceKind, std::string>, int64_t>;  // Runs that have it.

  void Count(const RunRecord& run, int64_t change);

  int64_t run_count_ = 0;
  std::map<Quantity, Candidates> candidates_;
};

// The run without the parameters, tags and metrics that no source can be, but for the tag that leaves it out (exclusion_tag.h).
RunRecord OnlySources(RunRecord run);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_CHOICE_H_
