#include "plugin/document/runs_document.h"

#include <cmath>
#include <utility>

#include "core/advice/allocation.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "plugin/document/drawn_runs.h"
#include "plugin/document/json_values.h"

namespace isoflop {

using nlohmann::ordered_json;

absl::StatusOr<std::vector<double>> LogResiduals(const std::vector<Observation>& runs, const Fit* fit) {
  std::vector<double> residuals;
  if (fit == nullptr || !fit->identified()) return residuals;
  residuals.reserve(runs.size());
  for (const Observation& run : runs) {
    ASSIGN_OR_RETURN(const double predicted, PredictLoss(*fit, *run.parameter_count, *run.token_count));
    residuals.push_back(std::log(*run.loss_nats_per_token / predicted));
  }
  return residuals;
}

namespace {

ordered_json RunObject(const Observation& run, const double* log_residual) {
  return {{"run_id", run.run_id},
          {"run_name", run.run_name},
          {"parameter_count", *run.parameter_count},
          {"token_count", *run.token_count},
          {"training_flops", *TrainingFlopsOf(run)},
          {"loss_nats_per_token", *run.loss_nats_per_token},
          {"log_residual", log_residual == nullptr ? ordered_json(nullptr) : ordered_json(RoundResult(*log_residual))},
          {"unique_token_count", OptionalNumber(run.unique_token_count)},
          {"step_count", OptionalNumber(run.step_count)},
          {"batch_token_count", OptionalNumber(run.batch_token_count)},
          {"learning_rate", OptionalNumber(run.learning_rate)}};
}

std::vector<size_t> ChosenRuns(const std::vector<Observation>& runs, const std::vector<double>& residuals, const Fit* fit, const RunChoice& choice) {
  if (choice.drawn_only) return DrawnRunsOf(runs, residuals, fit).indices;
  std::vector<size_t> chosen;
  for (size_t run = 0; run < runs.size(); ++run) {
    if (choice.run_id.empty() || runs[run].run_id == choice.run_id) chosen.push_back(run);
  }
  return chosen;
}

}  // namespace

absl::StatusOr<ordered_json> RunsDocument(const RecognizedStudy& study, const Fit* fit, const RunChoice& choice) {
  ASSIGN_OR_RETURN(const std::vector<double> residuals, LogResiduals(study.observations, fit));
  ordered_json runs = ordered_json::array();
  for (size_t run : ChosenRuns(study.observations, residuals, fit, choice)) {
    runs.push_back(RunObject(study.observations[run], residuals.empty() ? nullptr : &residuals[run]));
  }
  return ordered_json{{"schema_version", kSchemaVersion}, {"version", fit == nullptr ? 0 : fit->version}, {"runs", std::move(runs)}};
}

}  // namespace isoflop
