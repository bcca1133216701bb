#include "plugin/document/runs_document.h"

#include <cmath>
#include <utility>

#include "core/advice/allocation.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
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

ordered_json RunObject(const Observation& run, const double* log_residual, double (*round)(double)) {
  return {{"run_id", run.run_id},
          {"run_name", run.run_name},
          {"parameter_count", round(*run.parameter_count)},
          {"token_count", round(*run.token_count)},
          {"training_flops", round(*TrainingFlopsOf(run))},
          {"loss_nats_per_token", round(*run.loss_nats_per_token)},
          {"log_residual", log_residual == nullptr ? ordered_json(nullptr) : ordered_json(round(RoundResult(*log_residual)))}};
}

absl::StatusOr<ordered_json> RunsDocument(const RecognizedStudy& study, const Fit* fit) {
  ASSIGN_OR_RETURN(const std::vector<double> residuals, LogResiduals(study.observations, fit));
  ordered_json runs = ordered_json::array();
  for (size_t run = 0; run < study.observations.size(); ++run) {
    const Observation& observation = study.observations[run];
    runs.push_back(RunObject(observation, residuals.empty() ? nullptr : &residuals[run], +[](double value) { return value; }));
    runs.back()["unique_token_count"] = OptionalNumber(observation.unique_token_count);
    runs.back()["step_count"] = OptionalNumber(observation.step_count);
    runs.back()["batch_token_count"] = OptionalNumber(observation.batch_token_count);
    runs.back()["learning_rate"] = OptionalNumber(observation.learning_rate);
  }
  return ordered_json{{"schema_version", kSchemaVersion}, {"version", fit == nullptr ? 0 : fit->version}, {"runs", std::move(runs)}};
}

}  // namespace isoflop
