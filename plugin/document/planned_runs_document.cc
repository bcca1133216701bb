#include "plugin/document/planned_runs_document.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/time/time.h"
#include "core/base/significant_digits.h"
#include "plugin/document/json_values.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

constexpr double kLevel = .95;

std::optional<double> Deviation(const std::optional<double>& reached, const std::optional<double>& planned) {
  return reached && planned && *planned > 0 ? std::optional(*reached / *planned - 1) : std::nullopt;
}

ordered_json Rounded(const std::optional<double>& value) { return value ? ordered_json(RoundResult(*value)) : ordered_json(nullptr); }

ordered_json Figures(const RunFigures& figures) {
  return {{"parameter_count", Rounded(figures.parameter_count)},
          {"token_count", Rounded(figures.token_count)},
          {"training_flops", Rounded(figures.training_flops)}};
}

// What became of a plan.
struct Outcome {
  RunFigures deviation;
  std::optional<double> loss_deviation;
  std::optional<bool> as_planned, held;
};

Outcome OutcomeOf(const PlanFigures& plan) {
  Outcome outcome;
  if (!plan.run || !plan.run->loss_nats_per_token) return outcome;
  const RunFigures& reached = plan.run->figures;
  outcome.deviation = {Deviation(reached.parameter_count, plan.planned.parameter_count), Deviation(reached.token_count, plan.planned.token_count),
                       Deviation(reached.training_flops, plan.planned.training_flops)};
  outcome.loss_deviation = Deviation(plan.run->loss_nats_per_token, plan.predicted.estimate);
  const auto& [n, d, c] = outcome.deviation;
  if (n && d) outcome.as_planned = std::max(std::abs(*n), std::abs(*d)) <= kAsPlannedShare;
  if (plan.predicted.lower && plan.predicted.upper) {
    outcome.held = *plan.predicted.lower <= *plan.run->loss_nats_per_token && *plan.run->loss_nats_per_token <= *plan.predicted.upper;
  }
  return outcome;
}

ordered_json RunObject(const std::optional<RunOfPlanFigures>& run) {
  if (!run) return nullptr;
  return {{"run", run->run_id},
          {"name", run->run_name},
          {"state", run->state},
          {"reason", run->reason.empty() ? ordered_json(nullptr) : ordered_json(run->reason)},
          {"other_run_count", run->other_run_count}};
}

ordered_json OptionalBool(const std::optional<bool>& value) { return value ? ordered_json(*value) : ordered_json(nullptr); }

ordered_json PlanObject(const PlanFigures& plan, const Outcome& outcome) {
  ordered_json object = {{"name", plan.name},
                         {"file", plan.file},
                         {"time", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(plan.time_ms), absl::UTCTimeZone())},
                         {"verdict", plan.verdict},
                         {"law", {{"id", plan.law}, {"version", plan.law_version}}},
                         {"planned", Figures(plan.planned)},
                         {"predicted", IntervalObject(plan.predicted)},
                         {"run", RunObject(plan.run)},
                         {"reached", nullptr},
                         {"deviation", nullptr},
                         {"as_planned", OptionalBool(outcome.as_planned)},
                         {"held", OptionalBool(outcome.held)}};
  if (plan.run && plan.run->loss_nats_per_token) {
    object["reached"] = Figures(plan.run->figures);
    object["reached"]["loss_nats_per_token"] = Rounded(plan.run->loss_nats_per_token);
    object["deviation"] = Figures(outcome.deviation);
    object["deviation"]["loss_nats_per_token"] = Rounded(outcome.loss_deviation);
  }
  return object;
}

ordered_json RecordObject(const std::vector<Outcome>& outcomes) {
  int64_t count = 0, held_count = 0, off_plan_count = 0;
  double sum = 0, absolute_sum = 0;
  for (const Outcome& outcome : outcomes) {
    if (outcome.as_planned == false) ++off_plan_count;
    if (outcome.as_planned != true || !outcome.held) continue;
    ++count;
    held_count += *outcome.held ? 1 : 0;
    sum += *outcome.loss_deviation;
    absolute_sum += std::abs(*outcome.loss_deviation);
  }
  const auto mean = [&](double total) { return count > 0 ? ordered_json(RoundResult(total / static_cast<double>(count))) : ordered_json(nullptr); };
  return {{"count", count},
          {"held_count", held_count},
          {"held_share", mean(static_cast<double>(held_count))},
          {"mean_deviation", mean(sum)},
          {"mean_absolute_deviation", mean(absolute_sum)},
          {"off_plan_count", off_plan_count}};
}

}  // namespace

ordered_json PlannedRunsDocument(const std::vector<PlanFigures>& plans) {
  std::vector<Outcome> outcomes;
  for (const PlanFigures& plan : plans) outcomes.push_back(OutcomeOf(plan));
  const size_t shown = std::min(plans.size(), kMostPlannedRuns);
  ordered_json list = ordered_json::array();
  for (size_t i = 0; i < shown; ++i) {
    const size_t newest = plans.size() - 1 - i;
    list.push_back(PlanObject(plans[newest], outcomes[newest]));
  }
  return {{"schema_version", kSchemaVersion},
          {"level", kLevel},
          {"plan_count", plans.size()},
          {"left_out_count", plans.size() - shown},
          {"record", RecordObject(outcomes)},
          {"plans", std::move(list)}};
}

}  // namespace isoflop
