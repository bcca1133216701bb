#ifndef ISOFLOP_PLUGIN_PLAN_PLANNED_RUN_OF_H_
#define ISOFLOP_PLUGIN_PLAN_PLANNED_RUN_OF_H_

#include "core/check/planned_run.h"
#include "plugin/plan/plan_fields.h"
#include "plugin/plan/plan_problem.h"

namespace isoflop {

// The run that `written` says, with what follows from it (see ReadPlan). Adds what contradicts itself or is missing to `problems`.
PlannedRun PlannedRunOf(const WrittenRun& written, PlanProblems& problems);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_PLANNED_RUN_OF_H_
