#ifndef ISOFLOP_PLUGIN_CLI_UNAVAILABLE_H_
#define ISOFLOP_PLUGIN_CLI_UNAVAILABLE_H_

#include <CLI/CLI.hpp>
#include <string>

namespace isoflop {

// Declares a documented subcommand that this version does not bring yet: giving it ends the program with "not available yet" and exit 2,
// whatever follows it.
void AddUnavailableCommand(CLI::App& app, const std::string& name, const std::string& description);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_UNAVAILABLE_H_
