#include "plugin/document/cost_document.h"

#include "plugin/document/json_values.h"

namespace isoflop {

nlohmann::ordered_json CostObject(const RunCost& cost) {
  return {{"days", OptionalNumber(cost.days)},
          {"training_price", OptionalNumber(cost.training_price)},
          {"electricity_price", OptionalNumber(cost.electricity_price)},
          {"data_price", OptionalNumber(cost.data_price)},
          {"serving_price", OptionalNumber(cost.serving_price)},
          {"total_price", OptionalNumber(cost.total_price)}};
}

}  // namespace isoflop
