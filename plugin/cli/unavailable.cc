#include "plugin/cli/unavailable.h"

namespace isoflop {

void AddUnavailableCommand(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* command = app.add_subcommand(name, description + " (not available yet)");
  command->allow_extras();
  command->footer("Not available yet.");
  command->callback([name] { throw CLI::ValidationError("isoflop " + name + " is not available yet"); });
}

}  // namespace isoflop
