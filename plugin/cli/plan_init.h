#ifndef ISOFLOP_PLUGIN_CLI_PLAN_INIT_H_
#define ISOFLOP_PLUGIN_CLI_PLAN_INIT_H_

#include <CLI/CLI.hpp>

namespace isoflop {

// `isoflop plan init`: writes a plan from the advice for a budget, or from a run in the tracker. `exit_code` must outlive the app.
void AddPlanInitCommand(CLI::App& plan, int* exit_code);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_PLAN_INIT_H_
