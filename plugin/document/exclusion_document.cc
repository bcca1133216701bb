#include "plugin/document/exclusion_document.h"

#include <algorithm>

#include "core/advice/allocation.h"
#include "plugin/document/documents.h"
#include "plugin/document/json_values.h"

namespace isoflop {

absl::StatusOr<nlohmann::ordered_json> ExclusionDocument(const Fit& preview, const std::string& run_id, bool excluded, double budget_flops) {
  const absl::StatusOr<Advice> advice = AdviseAllocation(preview, budget_flops);
  if (absl::IsInvalidArgument(advice.status())) return advice.status();
  const auto error = std::find_if(preview.diagnostics.begin(), preview.diagnostics.end(),
                                  [](const Diagnostic& found) { return found.severity == Severity::kError; });
  const bool trusted = error == preview.diagnostics.end();
  return nlohmann::ordered_json{{"schema_version", kSchemaVersion},
                                {"run_id", run_id},
                                {"excluded", excluded},
                                {"observation_count", preview.observation_count},
                                {"advice", advice.ok() && trusted ? AdviceObject(*advice) : nlohmann::ordered_json(nullptr)},
                                {"error", trusted ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(error->title)}};
}

}  // namespace isoflop
