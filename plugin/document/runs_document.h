#ifndef ISOFLOP_PLUGIN_DOCUMENT_RUNS_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_RUNS_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "plugin/recognize/recognize.h"

namespace isoflop {

// The log of each run's loss over the law's, shape [run_count]; empty where `fit` is null or identifies no law.
absl::StatusOr<std::vector<double>> LogResiduals(const std::vector<Observation>& runs, const Fit* fit);

// {"run_id", "run_name", "parameter_count", "token_count", "training_flops", "loss_nats_per_token", "log_residual"}, the figures rounded by `round`;
// the residual is null where there is none.
nlohmann::ordered_json RunObject(const Observation& run, const double* log_residual, double (*round)(double));

// Every run of a study that a law is fitted to, with all digits: {"schema_version", "version", "runs"}. `fit` may be null. Runs have, besides, what more is
// known of them, or null: "unique_token_count", "step_count", "batch_token_count", "learning_rate".
absl::StatusOr<nlohmann::ordered_json> RunsDocument(const RecognizedStudy& study, const Fit* fit);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_RUNS_DOCUMENT_H_
