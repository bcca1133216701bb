#ifndef ISOFLOP_PLUGIN_CLI_CHECK_H_
#define ISOFLOP_PLUGIN_CLI_CHECK_H_

#include <CLI/CLI.hpp>

namespace isoflop {

// `isoflop check`: judges planned runs by a fit. `exit_code` must outlive the app.
void AddCheckCommand(CLI::App& app, int* exit_code);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CHECK_H_
