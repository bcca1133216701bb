#ifndef ISOFLOP_PLUGIN_CLI_FORECASTS_TABLE_H_
#define ISOFLOP_PLUGIN_CLI_FORECASTS_TABLE_H_

#include <nlohmann/json.hpp>
#include <string>

namespace isoflop {

// What `isoflop advise --forecasts` prints for people, of what plugin/document/forecasts_document.h explains.
std::string ForecastsTable(const nlohmann::ordered_json& forecasts);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_FORECASTS_TABLE_H_
