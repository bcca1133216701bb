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
//   frontier         a table (table.h) of 85 budgets, 1e18 to 3e22 or further: budget_flops, and parameter_count and loss_nats_per_token, each of
//                    estimate, lower and upper
//   runs             a table of those that are drawn, all up to 2,000, else some of each kind (drawn_runs.h): run_key (as much of the run's id as tells it
//                    apart, run_keys.h), parameter_count, token_count, training_flops, loss_nats_per_token, log_residual. Their names, ids and
//                    figures with all digits are in RunsDocument
//   run_selection    null, or how many runs there are, how many are drawn, and why
//   farthest_runs    the 6 farthest off the law: {"run_id", "run_name", "log_residual"}
//   contours, excluded (grouped by reason; `by_hand` where a person marked the runs), mapping, missing
//   needs, suggested_runs, suggested_plan, prior_offer  while there is no law (thin_document.h)
//   setting_issues   settings that are not used: {"name", "value", "reason"}
//
// What is drawn, and printed with fewer digits, has 5 digits (RoundDrawn): frontier, runs and contours, of which points where the line looks straight are left
// out. The frontier's losses have 6 and residuals 4.
//
// Returns InvalidArgument for a budget that is not positive and finite.
absl::StatusOr<nlohmann::ordered_json> PanelDocument(const PanelInput& input);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_PANEL_DOCUMENT_H_
