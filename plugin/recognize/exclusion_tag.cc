#include "plugin/recognize/exclusion_tag.h"

namespace isoflop {

std::optional<std::string> ReasonToExclude(const RunRecord& run) {
  const auto tag = run.tags.find(std::string(kExclusionTag));
  if (tag == run.tags.end() || tag->second.empty() || tag->second == "false") return std::nullopt;
  std::string reason(kExcludedByTag);
  if (tag->second != "true") reason += ": " + tag->second;
  return reason;
}

}  // namespace isoflop
