#include "plugin/check/report_objects.h"

#include "core/base/significant_digits.h"
#include "plugin/document/json_values.h"

namespace isoflop {

using nlohmann::ordered_json;

ordered_json PlaceObject(const Place& place) { return {{"file", place.file}, {"line", place.line}, {"column", place.column}}; }

ordered_json ProblemObject(const PlanProblem& problem) { return {{"message", problem.message}, {"place", PlaceObject(problem.place)}}; }

ordered_json JudgementObject(const std::optional<Judgement>& judgement) {
  if (!judgement) return nullptr;
  return {{"loss_nats_per_token", IntervalObject(judgement->loss_nats_per_token)},
          {"loss_given_up", IntervalObject(judgement->loss_given_up)},
          {"wasted_share", IntervalObject(judgement->wasted_share)},
          {"least_flops", judgement->least_flops},
          {"cheapest_parameter_count", IntervalObject(judgement->cheapest_parameter_count)},
          {"cheapest_token_count", RoundResult(judgement->cheapest.token_count)}};
}

}  // namespace isoflop
