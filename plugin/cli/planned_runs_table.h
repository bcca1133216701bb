#ifndef ISOFLOP_PLUGIN_CLI_PLANNED_RUNS_TABLE_H_
#define ISOFLOP_PLUGIN_CLI_PLANNED_RUNS_TABLE_H_

#include <nlohmann/json.hpp>
#include <string>

namespace isoflop {

// The document of plugin/document/planned_runs_document.h for people.
std::string PlannedRunsTable(const nlohmann::ordered_json& planned_runs);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_PLANNED_RUNS_TABLE_H_
