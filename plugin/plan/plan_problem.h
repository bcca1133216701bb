#ifndef ISOFLOP_PLUGIN_PLAN_PLAN_PROBLEM_H_
#define ISOFLOP_PLUGIN_PLAN_PLAN_PROBLEM_H_

#include <string>
#include <utility>
#include <vector>

#include "core/check/planned_run.h"

namespace isoflop {

// Why a plan cannot be taken.
struct PlanProblem {
  Place place;
  std::string message;  // Field, rule and value: "token_count must be from 1 to 1e20, got -5".
};

// "plan.yaml:3:7: token_count must be ...".
inline std::string ProblemText(const PlanProblem& problem) { return PlaceText(problem.place) + ": " + problem.message; }

using PlanProblems = std::vector<PlanProblem>;

inline void AddProblem(PlanProblems& problems, Place place, std::string message) {
  PlanProblem problem;
  problem.place = std::move(place);
  problem.message = std::move(message);
  problems.push_back(std::move(problem));
}

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_PLAN_PROBLEM_H_
