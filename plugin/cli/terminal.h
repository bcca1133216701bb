#ifndef ISOFLOP_PLUGIN_CLI_TERMINAL_H_
#define ISOFLOP_PLUGIN_CLI_TERMINAL_H_

#include <cstddef>
#include <string>

namespace isoflop {

// Whether text on standard output is coloured. `when` is "always", "never" or "auto": on a terminal, but NO_COLOR (no-color.org) says no and
// CLICOLOR_FORCE (bixense.com/clicolors) says yes.
bool ShowsColour(const std::string& when);

// Columns of the terminal that standard output is; 0: it is none.
size_t TerminalWidth();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_TERMINAL_H_
