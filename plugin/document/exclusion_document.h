#ifndef ISOFLOP_PLUGIN_DOCUMENT_EXCLUSION_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_EXCLUSION_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"

namespace isoflop {

// What a law that was fitted without, or again with, one run would advise: {"schema_version", "run_id", "excluded", "observation_count",
// "advice": one object of AdviceDocument, or null where there would be none, "error": the title of
// the diagnostic that then speaks against any advice, or null}.
absl::StatusOr<nlohmann::ordered_json> ExclusionDocument(const Fit& preview, const std::string& run_id, bool excluded, double budget_flops);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_EXCLUSION_DOCUMENT_H_
