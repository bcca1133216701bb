#ifndef ISOFLOP_PLUGIN_RECOGNIZE_EXCLUSION_TAG_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_EXCLUSION_TAG_H_

#include <optional>
#include <string>
#include <string_view>

#include "plugin/recognize/run_record.h"

namespace isoflop {

// A person leaves a run out of the laws by this tag in the tracker, so that the mark is durable and shared. Its value is "true" or the reason;
// empty or "false" means that the run is not left out.
inline constexpr std::string_view kExclusionTag = "isoflop.exclude";

// How each reason that comes from the tag starts.
inline constexpr std::string_view kExcludedByTag = "excluded by hand";

// Such as "excluded by hand: wrong tokenizer"; nothing where the run's tags do not leave it out.
std::optional<std::string> ReasonToExclude(const RunRecord& run);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_EXCLUSION_TAG_H_
