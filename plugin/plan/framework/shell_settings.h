#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SHELL_SETTINGS_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SHELL_SETTINGS_H_

#include <string>

#include "plugin/plan/framework/settings.h"
#include "plugin/plan/plan_problem.h"

namespace isoflop {

// The arguments ("--num-layers 24", "--lr=1e-4") of a script or a file of arguments, under names as Python's argparse has them: "num_layers". One without
// a value is "true". One that is given twice, and differently, or whose value only running the script would tell, is kRefused.
Settings ReadShellSettings(const std::string& text, const std::string& file, PlanProblems& problems);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SHELL_SETTINGS_H_
