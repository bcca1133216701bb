#ifndef ISOFLOP_PLUGIN_DOCUMENT_PLANNED_RUNS_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_PLANNED_RUNS_DOCUMENT_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/fit/fit.h"

namespace isoflop {

// Figures of a run: planned, or as it was. N in the convention of what it stands beside.
struct RunFigures {
  std::optional<double> parameter_count, token_count, training_flops;
};

// The run that a plan led to.
struct RunOfPlanFigures {
  std::string run_id, run_name;
  std::string state;        // "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED" or "UNSPECIFIED".
  std::string reason;       // Why a finished one is not used; empty: it is, or has not finished.
  RunFigures figures;       // Of a used one.
  std::optional<double> loss_nats_per_token;  // Likewise.
  int64_t other_run_count = 0;  // Of the same plan.
};

// A plan as it was judged, and what became of it.
struct PlanFigures {
  std::string name, file;
  int64_t time_ms = 0;  // When it was judged.
  std::string verdict;
  std::string law;
  int64_t law_version = 0;
  RunFigures planned;
  Interval predicted;  // Loss of one new run, nats/token.
  std::optional<RunOfPlanFigures> run;
};

// The share by which a figure of the run may differ from the plan's for the prediction to be about that run.
inline constexpr double kAsPlannedShare = .05;

inline constexpr size_t kMostPlannedRuns = 1000;

// Keys: schema_version, level (of every interval: .95), plan_count, left_out_count (those before the newest kMostPlannedRuns), and
//
//   record  how well predictions came true, of the plans whose run has ended within 5 % of the planned N and D (kAsPlannedShare) and whose
//     prediction has an interval: {"count", "held_count", "held_share", "mean_deviation", "mean_absolute_deviation"}, deviations as below; shares and
//     means null before the first. off_plan_count: the ended ones that went otherwise than planned.
//   plans  the newest first, kMostPlannedRuns at most. Each
//     {"name", "file", "time" (RFC 3339, when it was judged), "verdict", "law": {"id", "version"},
//      "planned": {"parameter_count", "token_count", "training_flops"},
//      "predicted": {"estimate", "lower", "upper"} of the loss of one new run, nats/token,
//      "run": null where there is none yet, else {"run", "name", "state", "reason" (why a finished one is not used, or null), "other_run_count"},
//      "reached": {"parameter_count", "token_count", "training_flops", "loss_nats_per_token"}, null until the run has ended and is used,
//      "deviation": {"parameter_count", "token_count", "training_flops", "loss_nats_per_token"}: reached over planned or predicted, less one; null likewise,
//      "as_planned": whether N and D came within 5 %; null where that is not known,
//      "held": whether the loss reached lies within the interval; null likewise}
//
// Figures are rounded by RoundResult; what is not known is null.
nlohmann::ordered_json PlannedRunsDocument(const std::vector<PlanFigures>& plans);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_PLANNED_RUNS_DOCUMENT_H_
