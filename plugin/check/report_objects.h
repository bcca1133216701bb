#ifndef ISOFLOP_PLUGIN_CHECK_REPORT_OBJECTS_H_
#define ISOFLOP_PLUGIN_CHECK_REPORT_OBJECTS_H_

#include <nlohmann/json.hpp>
#include <optional>

#include "core/check/judged_law.h"
#include "plugin/plan/plan_problem.h"

namespace isoflop {

// Parts of the report that stand in it and in its diff.

nlohmann::ordered_json PlaceObject(const Place& place);
nlohmann::ordered_json ProblemObject(const PlanProblem& problem);

// Null without a judgement.
nlohmann::ordered_json JudgementObject(const std::optional<Judgement>& judgement);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CHECK_REPORT_OBJECTS_H_
