#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_AUTHOR_FIELDS_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_AUTHOR_FIELDS_H_

#include <string>

#include "plugin/plan/plan_problem.h"
#include "plugin/plan/yaml_tree.h"

namespace isoflop {

// What a framework's file says of its run in the fields of plans, in comments, which the framework passes over:
//
//   # isoflop: study: pretraining
//   # isoflop: hardware: {gpu_count: 64, gpu_flops_per_sec: 989e12}
//
// What follows each "# isoflop:" is one line of a YAML map; the lines must be indented alike, or further for a map within. A null where there is
// none.
YamlNode ReadAuthorComments(const std::string& text, const std::string& file, PlanProblems& problems);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_AUTHOR_FIELDS_H_
