#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_PYTHON_SETTINGS_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_PYTHON_SETTINGS_H_

#include <string>

#include "plugin/plan/framework/settings.h"
#include "plugin/plan/plan_problem.h"

namespace isoflop {

// What a configuration in Python sets by lines such as `n_layer = 12`. The file is never executed: a value is a number, text, True, False, None, or
// arithmetic of numbers and of names set above ("5 * 8", "learning_rate / 10"). Any other value, and one that is set within a block, is kRefused, to be
// told where it is needed. A star import and exec() are problems: they may set anything.
Settings ReadPythonSettings(const std::string& text, const std::string& file, PlanProblems& problems);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_PYTHON_SETTINGS_H_
