#include "plugin/document/other_sizes_document.h"

#include <utility>

#include "core/advice/size_penalty.h"
#include "core/base/status.h"
#include "plugin/document/documents.h"
#include "plugin/document/json_values.h"

namespace isoflop {

using nlohmann::ordered_json;

absl::StatusOr<ordered_json> OtherSizesDocument(const Fit& fit, double budget_flops) {
  ASSIGN_OR_RETURN(const OtherSizes other, CompareSizes(fit, budget_flops));
  ordered_json valley = ordered_json::array(), sizes = ordered_json::array();
  for (const SizePenalty& point : other.valley) {
    valley.push_back({{"parameter_count", point.parameter_count}, {"penalty_nats_per_token", IntervalObject(point.penalty_nats_per_token)}});
  }
  for (const OtherSize& size : other.sizes) {
    sizes.push_back({{"size_ratio", size.size_ratio},
                     {"parameter_count", size.parameter_count},
                     {"token_count", size.token_count},
                     {"tokens_per_parameter", size.tokens_per_parameter},
                     {"penalty_nats_per_token", IntervalObject(size.penalty_nats_per_token)},
                     {"within_noise", size.within_noise},
                     {"as_good", size.as_good}});
  }
  return ordered_json{{"schema_version", kSchemaVersion},
                      {"version", fit.version},
                      {"verdict", AdviceObject(other.best)},
                      {"noise", {{"loss_nats_per_token", other.noise_nats_per_token}}},
                      {"tolerance", {{"loss_nats_per_token", other.tolerance_nats_per_token}}},
                      {"valley", std::move(valley)},
                      {"sizes", std::move(sizes)}};
}

}  // namespace isoflop
