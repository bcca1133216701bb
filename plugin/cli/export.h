#ifndef ISOFLOP_PLUGIN_CLI_EXPORT_H_
#define ISOFLOP_PLUGIN_CLI_EXPORT_H_

#include <CLI/CLI.hpp>

namespace isoflop {

// `isoflop export`: a version of a study's law with all that plans are judged by.
void AddExportCommand(CLI::App& app, int* exit_code);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_EXPORT_H_
