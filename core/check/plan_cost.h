#ifndef ISOFLOP_CORE_CHECK_PLAN_COST_H_
#define ISOFLOP_CORE_CHECK_PLAN_COST_H_

#include <optional>

#include "core/check/planned_run.h"

namespace isoflop {

// What the plan's run takes (core/advice/cost_model.h), with `training_flops` in the place of 6 N D; only days, training and electricity where N or the
// tokens are not known, nothing without FLOPs.
RunCost CostOfPlan(const PlannedRun& run, const std::optional<double>& parameter_count, const std::optional<double>& training_flops);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_CHECK_PLAN_COST_H_
