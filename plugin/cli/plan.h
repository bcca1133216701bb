#ifndef ISOFLOP_PLUGIN_CLI_PLAN_H_
#define ISOFLOP_PLUGIN_CLI_PLAN_H_

#include <CLI/CLI.hpp>

namespace isoflop {

// `isoflop plan`: what helps to write plans. `exit_code` must outlive the app.
void AddPlanCommand(CLI::App& app, int* exit_code);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_PLAN_H_
