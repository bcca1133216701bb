#ifndef ISOFLOP_PLUGIN_DOCUMENT_PANEL_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_PANEL_DOCUMENT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "plugin/recognize/recognize.h"

namespace isoflop {

// What the panel is made of, at one moment.
struct PanelInput {
  std::string study_id;    // The tracker's experiment id.
  std::string study_name;  // The experiment's name; may be empty.
  int64_t run_count = 0;   // Deleted runs not counted.
  const Fit* fit = nullptr;             // The law to show; null when there is none yet.
  int64_t create_time_ms = 0;           // Of that law, milliseconds since 1970 (UTC).
  int64_t newest_version = 0;           // Of the study's law; differs from fit->version where an older version was asked for.
  const RecognizedStudy* recognized = nullptr;  // Required.
  std::vector<SettingIssue> setting_issues;     // Of the study's settings; those of names that no run has are in `recognized`.
  std::optional<double> budget_flops;           // Absent: the greatest round budget (1, 2, 5) up to ten times the largest run.
};

// The document that the panel shows. Every figure in it is computed here; the page only formats. Keys:
//
//   state            "ready", "extrapolating" (the budget is past the largest run), "not_trusted" (an ERROR diagnostic stands), "thin" (no law
//                    can be identified) or "no_mapping" (a quantity that the law needs was not recognised)
//   verdict          one object of AdviceDocument, or null
//   version, newest_version  of the law shown and of the newest; an old one may have no replicas, and then gives no bounds but its parameters'
//   law              FitDocument without the replicas' estimates and without `excluded`, or null
//   frontier         85 budgets, 1e18 to 3e22 or further, with best size and loss
//   runs             those that are drawn: all up to 2,000, else some of each kind (drawn_runs.h)
//   run_selection    null, or how many runs there are, how many are drawn, and why; RunsDocument holds them all
//   contours, excluded (grouped by reason; `by_hand` where a person marked the runs), mapping, missing
//   needs, suggested_runs, suggested_plan, prior_offer  while there is no law (thin_document.h)
//   setting_issues   settings that are not used: {"name", "value", "reason"}
//
// Frontier, runs and contours have 6 digits.
//
// Returns InvalidArgument for a budget that is not positive and finite.
absl::StatusOr<nlohmann::ordered_json> PanelDocument(const PanelInput& input);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_PANEL_DOCUMENT_H_
