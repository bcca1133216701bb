#ifndef ISOFLOP_PLUGIN_DOCUMENT_OTHER_SIZES_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_OTHER_SIZES_DOCUMENT_H_

#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"

namespace isoflop {

// What another size would give up at one budget (core/advice/size_penalty.h). Keys: schema_version, version, and
//
//   verdict  one object of AdviceDocument, for this budget
//   noise    {"loss_nats_per_token"}: what one run-noise standard deviation comes to at the best loss
//   tolerance  {"loss_nats_per_token"}: what a size may give up and be as good, there
//   valley   [{"parameter_count", "penalty_nats_per_token": {estimate, lower, upper}}], by size
//   sizes    [{"size_ratio", "parameter_count", "token_count", "tokens_per_parameter", "penalty_nats_per_token", "within_noise", "as_good"}]
//
// Both lists are empty where the budget is too far past the runs. Codes as AdviseAllocation.
absl::StatusOr<nlohmann::ordered_json> OtherSizesDocument(const Fit& fit, double budget_flops);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_OTHER_SIZES_DOCUMENT_H_
