#include <CLI/CLI.hpp>

#include "plugin/cli/advise.h"
#include "plugin/cli/check.h"
#include "plugin/cli/compare.h"
#include "plugin/cli/exit_code.h"
#include "plugin/cli/export.h"
#include "plugin/cli/fit.h"
#include "plugin/cli/plan.h"
#include "plugin/cli/serve.h"
#include "plugin/cli/status.h"
#include "plugin/cli/unavailable.h"

int main(int argc, char** argv) {
  CLI::App app("Tells where the next FLOP should go: scaling laws and advice from your training runs", "isoflop");
  app.set_version_flag("--version", "isoflop " ISOFLOP_VERSION);
  app.require_subcommand(0, 1);  // None is refused below: CLI11 would take a mistyped one for none.
  app.footer("Example:\n  isoflop fit runs.csv\n\n`isoflop COMMAND --help` explains a command.");
  int exit_code = isoflop::kDone;
  isoflop::AddFitCommand(app, &exit_code);
  isoflop::AddCompareCommand(app, &exit_code);
  isoflop::AddAdviseCommand(app, &exit_code);
  isoflop::AddCheckCommand(app, &exit_code);
  isoflop::AddPlanCommand(app, &exit_code);
  isoflop::AddExportCommand(app, &exit_code);
  isoflop::AddServeCommand(app, &exit_code);
  isoflop::AddStatusCommand(app, &exit_code);
  for (const auto& [name, description] : {std::pair{"import", "Read runs into a study"},
                                          std::pair{"follow", "Follow a tracker that takes no server plug-in"},
                                          std::pair{"unpublish", "Remove what follow published"},
                                          std::pair{"doctor", "Show what was recognised, and why"}}) {
    isoflop::AddUnavailableCommand(app, name, description);
  }
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) throw CLI::RequiredError::Subcommand(1);
  } catch (const CLI::ParseError& error) {
    // CLI11 has a code for each mistake; ours is 2 for all of them, and 0 for help.
    return app.exit(error) == 0 ? isoflop::kDone : isoflop::kWrongUse;
  }
  return exit_code;
}
