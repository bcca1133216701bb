#ifndef ISOFLOP_PLUGIN_DOCUMENT_RUNS_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_RUNS_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "plugin/recognize/recognize.h"

namespace isoflop {

// The log of each run's loss over the law's, shape [run_count]; empty where `fit` is null or identifies no law.
absl::StatusOr<std::vector<double>> LogResiduals(const std::vector<Observation>& runs, const Fit* fit);

// Which runs a page asks for: all, those that the panel draws (drawn_runs.h), or one.
struct RunChoice {
  bool drawn_only = false;
  std::string run_id;  // Empty: not only one.
};

// The runs of a study that a law is fitted to, with all digits: {"schema_version", "version", "runs": [{"run_id", "run_name", "parameter_count",
// "token_count", "training_flops", "loss_nats_per_token", "log_residual" (null where no law is identified), and, each null where it is not known,
// "unique_token_count", "step_count", "batch_token_count", "learning_rate"}]}. `fit` may be null. A run that the law leaves out is not there.
absl::StatusOr<nlohmann::ordered_json> RunsDocument(const RecognizedStudy& study, const Fit* fit, const RunChoice& choice);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_RUNS_DOCUMENT_H_
