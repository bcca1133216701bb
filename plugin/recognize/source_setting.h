#ifndef ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_SETTING_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_SETTING_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/quantity/parameter_convention.h"
#include "core/quantity/quantity.h"

namespace isoflop {

enum class SourceKind { kParam, kMetric, kTag };

// "param", "metric" or "tag".
const char* SourceKindName(SourceKind kind);

// The kinds of names that a quantity may be read from, the most trusted first. What was seen counts for more than what was planned, except for
// the size, which does not change as a run goes on.
std::vector<SourceKind> KindsOf(Quantity quantity);

// Where a person says that a quantity is read from.
struct SourceSetting {
  bool nowhere = false;            // It is not read, whatever the runs log.
  std::optional<SourceKind> kind;  // Absent: the first of KindsOf under which runs have the name.
  std::string key;
  double unit = 1;                 // Of the logged figure, in the quantity's own unit.
  ParameterConvention convention = ParameterConvention::kTotal;  // Of parameter counts.
  std::string tag, value;          // As it stands in the tracker.

  bool operator==(const SourceSetting&) const = default;
};
using MappingSettings = std::map<Quantity, SourceSetting>;

// A setting that is not used, and why.
struct SettingIssue {
  std::string name;  // Of its tag in the tracker.
  std::string value;
  std::string reason;

  bool operator==(const SettingIssue&) const = default;
};

// How the names of the tags start that say where a quantity is read from: "isoflop.mapping.loss_nats_per_token".
inline constexpr std::string_view kMappingPrefix = "isoflop.mapping.";

// Reads such a tag. What follows the prefix is a quantity's name, and of N also what it counts: parameter_count,
// non_embedding_parameter_count, without_input_embedding_parameter_count or active_parameter_count. `value` is
// "[metric:|param:|tag:]NAME[ * UNIT]", as in "eval/loss" or "param:size * 1e9", or "none". A known name has its own unit where none is given.
// InvalidArgument says what is wrong with it.
absl::StatusOr<std::pair<Quantity, SourceSetting>> ParseSourceSetting(const std::string& tag, const std::string& value);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_SOURCE_SETTING_H_
