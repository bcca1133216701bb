#include "plugin/cli/plan.h"

#include <iostream>

#include "plugin/cli/exit_code.h"
#include "plugin/cli/plan_init.h"
#include "plugin/plan/plan_schema.h"

namespace isoflop {
namespace {

void AddSchemaCommand(CLI::App& plan, int* exit_code) {
  CLI::App* command = plan.add_subcommand("schema", "Print the JSON Schema of plans");
  command->footer(
      "Example:\n  isoflop plan schema > plan.schema.json\n\nDraft 2020-12, also kept as deploy/docs/plan.schema.json. An editor with YAML's language server takes it from the first\n"
      "line of a plan:\n  # yaml-language-server: $schema=plan.schema.json");
  command->callback([exit_code] {
    std::cout << PlanSchemaText();
    *exit_code = kDone;
  });
}

}  // namespace

void AddPlanCommand(CLI::App& app, int* exit_code) {
  CLI::App* command = app.add_subcommand("plan", "Help to write a plan for `isoflop check`");
  command->require_subcommand(1);
  command->footer("Example:\n  isoflop plan init --fit fit.json --budget 1e22 -o plan.yaml\n  isoflop plan schema > plan.schema.json");
  AddPlanInitCommand(*command, exit_code);
  AddSchemaCommand(*command, exit_code);
}

}  // namespace isoflop
