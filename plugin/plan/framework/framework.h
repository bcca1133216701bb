#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_H_

#include <optional>
#include <string>
#include <string_view>

#include "core/check/planned_run.h"
#include "plugin/plan/plan_problem.h"
#include "plugin/plan/plan_text.h"
#include "plugin/plan/yaml_tree.h"

namespace isoflop {

// Configurations of training frameworks, read as they are.
enum class Framework { kHuggingFace, kLitgpt, kMegatron, kNanogpt, kTorchtitan };

// How a file is written: by the end of its name or, where that tells nothing, by its lines.
enum class PlanSyntax { kYaml, kToml, kPython, kShell };
PlanSyntax SyntaxOf(const PlanText& plan);

// Whose configuration a document of YAML or JSON is, by its keys; nothing for none of them.
std::optional<Framework> FrameworkOf(const YamlNode& root);

// The one run of a framework's file; its name is empty unless its author gives one. `root` is the document of a file of YAML or JSON, null for others.
// `beside`, which may be null, is a second file that goes with it, such as training_args.json with config.json. What is wrong is added to `problems`.
//
// Fields of plans that a framework has no setting for may stand in comments (author_fields.h) or, in YAML and JSON, under the key `isoflop`.
PlannedRun ReadFrameworkRun(const PlanText& plan, PlanSyntax syntax, const YamlNode* root, const PlanText* beside, PlanProblems& problems);

// What can be read, for messages.
std::string_view KnownPlanFormats();

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_FRAMEWORK_H_
