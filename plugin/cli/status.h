#ifndef ISOFLOP_PLUGIN_CLI_STATUS_H_
#define ISOFLOP_PLUGIN_CLI_STATUS_H_

#include <CLI/CLI.hpp>

namespace isoflop {

// Adds `isoflop status`, which shows the studies of a running server, the versions of their laws, how far they lag
// behind what was logged, and what waits.
void AddStatusCommand(CLI::App& app, int* exit_code);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_STATUS_H_
