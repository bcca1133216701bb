#ifndef ISOFLOP_PLUGIN_DOCUMENT_COST_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_COST_DOCUMENT_H_

#include <nlohmann/json.hpp>

#include "core/advice/cost_model.h"

namespace isoflop {

// {"days", "training_price", "electricity_price", "data_price", "serving_price", "total_price"} of a run, each a number or null.
nlohmann::ordered_json CostObject(const RunCost& cost);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_COST_DOCUMENT_H_
