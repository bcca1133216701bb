#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_TOML_TREE_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_TOML_TREE_H_

#include <string>

#include "plugin/plan/plan_problem.h"
#include "plugin/plan/yaml_tree.h"

namespace isoflop {

// Reads a document of TOML. What breaks its grammar, or nests too deep, is a problem with its place.
YamlNode ReadTomlTree(const std::string& text, const std::string& file, PlanProblems& problems);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_TOML_TREE_H_
