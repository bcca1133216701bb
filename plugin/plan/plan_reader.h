#ifndef ISOFLOP_PLUGIN_PLAN_PLAN_READER_H_
#define ISOFLOP_PLUGIN_PLAN_PLAN_READER_H_

#include <string>
#include <vector>

#include "core/check/planned_run.h"
#include "plugin/plan/plan_problem.h"
#include "plugin/plan/plan_text.h"

namespace isoflop {

struct PlanReading {
  std::vector<PlannedRun> runs;  // Empty where there are problems.
  PlanProblems problems;         // All of them, in the order of the file.
};

inline constexpr size_t kGreatestPlanRunCount = 10'000;

// Reads a plan: YAML or JSON, in one of three forms.
//
//   name: 7b                       runs:                          learning_rate: 3e-4
//   parameter_count: 6.7B          - name: small                  sweep:
//   token_count: 2T                  parameter_count: 1B            parameter_count: [1B, 3B, 7B]
//                                    token_count: 20B               token_count: [20B, 60B]
//
// One run; a list of runs (which may also be the whole file); or every combination of the values under `sweep`. With `runs` and `sweep`, fields at
// the top stand for every run that has none of its own. plugin/plan/plan_field.h lists the fields. Other counts follow where they can: N from
// an architecture, D from steps times batch or epochs times unique tokens, the batch from sequences times their length, days from two dates. What
// is given twice must agree: D to 1 %, N to 5 %, as names of sizes are round; the architecture's N then stands.
//
// Or reads the configuration of a training framework as it is (framework/framework.h), which is one run; the file's name and what it holds tell
// which. `beside`, which may be null, is the file that goes with it.
PlanReading ReadPlan(const std::string& text, const std::string& file, const PlanText* beside = nullptr);

// The files in its folder that may hold the training arguments of a Hugging Face config.json, best first; none for any other file.
std::vector<std::string> TrainingArgumentsFiles(const std::string& file);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_PLAN_READER_H_
