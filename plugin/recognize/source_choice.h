#ifndef ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_CHOICE_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_CHOICE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/quantity/parameter_convention.h"
#include "core/quantity/quantity.h"
#include "plugin/recognize/run_record.h"
#include "plugin/recognize/source_setting.h"

namespace isoflop {

// Where a quantity is read from in every run of a study.
struct Source {
  SourceKind kind = SourceKind::kParam;
  std::string key;
  double unit = 1;  // Of the logged figure, in the quantity's own unit.
  ParameterConvention convention = ParameterConvention::kTotal;  // Of parameter counts.

  bool operator==(const Source&) const = default;
};

struct SourceChoice {
  Source source;
  std::string reason;
  bool by_hand = false;  // A setting says so.
};

// In how many runs each source of each quantity stands.
class SourceCounts {
 public:
  explicit SourceCounts(MappingSettings settings = {}) : settings_(std::move(settings)) {}

  void Add(const RunRecord& run) { Count(run, 1); }
  // `run` as it was added.
  void Remove(const RunRecord& run) { Count(run, -1); }

  // As a setting says, where a run has it; else the best-ranked name among those that at least half as many runs have as the commonest one.
  // Nothing without any, and where a setting says so. A name that a setting claims for another quantity is not guessed at.
  std::optional<SourceChoice> Choose(Quantity quantity) const;

  // Settings that name what no run has.
  std::vector<SettingIssue> Unfound() const;

  const MappingSettings& settings() const { return settings_; }

 private:
  using Candidates = std::map<std::pair<SourceKind, std::string>, int64_t>;  // Runs that have it.

  void Count(const RunRecord& run, int64_t change);
  std::optional<SourceChoice> ChooseAsSet(Quantity quantity, const SourceSetting& setting) const;
  std::optional<SourceChoice> Guess(Quantity quantity) const;

  MappingSettings settings_;
  int64_t run_count_ = 0;
  std::map<Quantity, Candidates> candidates_;  // Of known names.
  std::map<Quantity, Candidates> set_;         // Of the names that settings give.
};

// The run without the parameters, tags and metrics that no source can be under these settings, but for the tag that leaves it out
// (exclusion_tag.h).
RunRecord OnlySources(RunRecord run, const MappingSettings& settings);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_CHOICE_H_
