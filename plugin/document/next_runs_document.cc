#include "plugin/document/next_runs_document.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "plugin/document/json_values.h"
#include "plugin/document/plan_writer.h"
#include "plugin/document/round_steps.h"

namespace isoflop {
namespace {

using nlohmann::ordered_json;

constexpr double kSweepsInTarget = 50;

std::string NameOf(const CandidateRun& run, size_t index) { return run.name.empty() ? absl::StrCat("next-", index + 1) : run.name; }

std::vector<CandidateRun> ProposedRuns(const NextRunsAdvice& advice) {
  if (!advice.plan) return advice.first_runs;
  std::vector<CandidateRun> runs;
  for (const NextRun& next : advice.plan->runs) runs.push_back(next.run);
  return runs;
}

std::string PlanItem(const CandidateRun& run, size_t index) {
  return PlanItemText({{"name", NameOf(run, index)},
                       {"purpose", "evidence"},
                       {"parameter_count", run.parameter_count},
                       {"token_count", run.token_count},
                       {"training_flops", run.training_flops}});
}

ordered_json IntervalsObject(const TargetIntervals& intervals) {
  return {{"loss_nats_per_token", RangeArray(intervals.loss_nats_per_token)}, {"parameter_count", RangeArray(intervals.parameter_count)}};
}

ordered_json SelectionColumns(const std::vector<TargetIntervals>& selections) {
  if (selections.empty()) return nullptr;
  ordered_json columns = {{"loss_lower", ordered_json::array()}, {"loss_upper", ordered_json::array()},
                          {"size_lower", ordered_json::array()}, {"size_upper", ordered_json::array()}};
  for (const TargetIntervals& after : selections) {
    columns["loss_lower"].push_back(after.loss_nats_per_token.first);
    columns["loss_upper"].push_back(after.loss_nats_per_token.second);
    columns["size_lower"].push_back(after.parameter_count.first);
    columns["size_upper"].push_back(after.parameter_count.second);
  }
  return columns;
}

const char* NameOf(PrecisionState state) {
  switch (state) {
    case PrecisionState::kReached: return "REACHED";
    case PrecisionState::kWithinBudget: return "WITHIN_BUDGET";
    case PrecisionState::kDrifting: return "DRIFTING";
    case PrecisionState::kSplitUnknown: return "SPLIT_UNKNOWN";
    case PrecisionState::kTooFar: return "TOO_FAR";
    case PrecisionState::kNoiseLimited: return "NOISE_LIMITED";
    case PrecisionState::kBudgetLimited: break;
  }
  return "BUDGET_LIMITED";
}

ordered_json PrecisionObject(const std::optional<PrecisionReach>& reach) {
  if (!reach) return nullptr;
  return {{"state", NameOf(reach->state)},
          {"wanted", reach->wanted},
          {"now", reach->now},
          {"best", reach->best},
          {"budget_flops", reach->budget_flops},
          {"size_factor", reach->size_factor},
          {"log_loss_noise", reach->log_loss_noise},
          {"drift", OptionalNumber(reach->drift)},
          {"needed_flops", OptionalNumber(reach->needed_flops)},
          {"enough_noise", OptionalNumber(reach->enough_noise)},
          {"message", PrecisionSentence(*reach)}};
}

ordered_json RunObject(const CandidateRun& run, size_t index) {
  return {{"name", NameOf(run, index)},
          {"parameter_count", run.parameter_count},
          {"token_count", run.token_count},
          {"training_flops", run.training_flops}};
}

ordered_json PlannedRun(const NextRun& next, size_t index, double target_flops) {
  ordered_json object = RunObject(next.run, index);
  object["target_share"] = RoundResult(next.run.training_flops / target_flops);
  object["narrowing"] = next.narrowing;
  object["size_narrowing"] = next.size_narrowing;
  object["bits_per_flop"] = next.bits_per_flop;
  object["kind"] = next.purpose == RunPurpose::kFrontier ? "FRONTIER" : "INFORMATION";
  object["reason"] = std::string(ReasonFor(next));
  object["loss_nats_per_token"] = IntervalObject({next.loss_nats_per_token, next.loss_interval.first, next.loss_interval.second});
  return object;
}

ordered_json FirstRun(const CandidateRun& run, size_t index) {
  ordered_json object = RunObject(run, index);
  for (const char* key : {"target_share", "narrowing", "size_narrowing", "bits_per_flop"}) object[key] = nullptr;
  object["kind"] = "FIRST";
  object["reason"] = "one of four sizes at two budgets";
  object["loss_nats_per_token"] = nullptr;
  return object;
}

ordered_json RunArray(const NextRunsAdvice& advice) {
  ordered_json array = ordered_json::array();
  if (!advice.plan) {
    for (size_t i = 0; i < advice.first_runs.size(); ++i) array.push_back(FirstRun(advice.first_runs[i], i));
    return array;
  }
  for (size_t i = 0; i < advice.plan->runs.size(); ++i) array.push_back(PlannedRun(advice.plan->runs[i], i, advice.plan->target_flops));
  return array;
}

double CostOf(const NextRunsAdvice& advice) {
  if (advice.plan) return advice.plan->training_flops;
  double cost = 0;
  for (const CandidateRun& run : advice.first_runs) cost += run.training_flops;
  return RoundResult(cost);
}

}  // namespace

absl::StatusOr<NextRunsAdvice> AdviseNextRunsForPage(const Fit& fit, std::optional<double> target_flops, std::optional<double> sweep_flops) {
  NextRunsRequest request{.target_flops = target_flops, .sweep_flops = sweep_flops};
  if (fit.region && fit.region->training_flops) {
    const double target = target_flops.value_or(kUsualDesignTarget * fit.region->training_flops->second);
    if (!sweep_flops && target > 0) request.sweep_flops = RoundStepAtMost(target / kSweepsInTarget);
  }
  return AdviseNextRuns(fit, request);
}

ordered_json NextRunsDocument(const NextRunsAdvice& advice) {
  const bool ready = advice.plan.has_value();
  ordered_json plan = ordered_json::array();
  const std::vector<CandidateRun> runs = ProposedRuns(advice);
  for (size_t i = 0; i < runs.size(); ++i) plan.push_back(PlanItem(runs[i], i));
  ordered_json document;
  document["schema_version"] = kSchemaVersion;
  document["state"] = ready ? "ready" : "thin";
  document["target_flops"] = ready ? ordered_json(advice.plan->target_flops) : ordered_json(nullptr);
  document["spent_flops"] = advice.spent_flops;
  document["sweep_flops"] = OptionalNumber(advice.sweep_flops);
  document["training_flops"] = CostOf(advice);
  document["target_share"] = ready ? ordered_json(RoundResult(CostOf(advice) / advice.plan->target_flops)) : ordered_json(nullptr);
  document["tokens_per_parameter"] = advice.spent_flops > 0 ? ordered_json(advice.median_token_parameter_ratio) : ordered_json(nullptr);
  document["prior_weight"] = ready ? ordered_json(advice.prior_weight) : ordered_json(nullptr);
  document["interval_before"] = ready ? IntervalsObject(advice.plan->before) : ordered_json(nullptr);
  document["interval_after"] = ready ? IntervalsObject(advice.after) : ordered_json(nullptr);
  document["interval_after_selection"] = SelectionColumns(advice.after_selection);
  document["precision"] = PrecisionObject(advice.reach);
  document["next_runs"] = RunArray(advice);
  document["plan"] = std::move(plan);
  return document;
}

std::string PrecisionSentence(const PrecisionReach& reach) {
  const std::string wanted = absl::StrFormat("the best loss at the target to +-%.2g %%", 100 * reach.wanted);
  switch (reach.state) {
    case PrecisionState::kReached:
      return absl::StrFormat("The runs so far tell %s: they give +-%.2g %%.", wanted, 100 * reach.now);
    case PrecisionState::kWithinBudget:
      return absl::StrFormat("%.3g FLOPs may tell %s: now it is +-%.2g %%, and no runs for them give less than +-%.2g %%.", reach.budget_flops, wanted,
                             100 * reach.now, 100 * reach.best);
    case PrecisionState::kDrifting:
      return absl::StrFormat("By the law alone the best loss at the target is known to +-%.2g %%, but trusting large runs more moves it by %+.2g %%: the law drifts "
                             "with the region fitted, and only runs nearer to the target tell it to +-%.2g %%.",
                             100 * reach.now, 100 * *reach.drift, 100 * reach.wanted);
    case PrecisionState::kSplitUnknown:
      return absl::StrFormat("The best size at the target is not known to a factor of %.2g, so that the interval of the loss, +-%.2g %%, holds near one split only. "
                             "Runs of other ratios of tokens to parameters tell.",
                             reach.size_factor, 100 * reach.now);
    case PrecisionState::kTooFar:
      return absl::StrFormat("The target is over %g times the dearest run, or under the cheapest: no interval of a law holds there, nor does the +-%.2g %% shown.",
                             kFarthestTarget, 100 * reach.now);
    case PrecisionState::kNoiseLimited:
      return absl::StrFormat("Noise-limited: no choice of candidates for %.3g FLOPs, each run once, tells %s, as one run scatters by %.2g %%: now it is "
                             "+-%.2g %%, at best +-%.2g %%. About %.2g FLOPs of the same would do, or runs that scatter by %.2g %%.",
                             reach.budget_flops, wanted, 100 * reach.log_loss_noise, 100 * reach.now, 100 * reach.best, *reach.needed_flops,
                             100 * *reach.enough_noise);
    case PrecisionState::kBudgetLimited: break;
  }
  if (reach.dearest_flops == 0) {
    return absl::StrFormat("No candidate costs as little as %.3g FLOPs: %s stays out of reach, now it is +-%.2g %%.", reach.budget_flops, wanted,
                           100 * reach.now);
  }
  return absl::StrFormat("No choice of runs for %.3g FLOPs tells %s, even with hardly any noise: now it is +-%.2g %%, at best +-%.2g %%. Candidates of other "
                         "sizes or lengths, or larger ones, are needed.",
                         reach.budget_flops, wanted, 100 * reach.now, 100 * reach.best);
}

std::string PlanTextOf(const std::vector<CandidateRun>& runs) {
  std::string text = "runs:\n";
  for (size_t i = 0; i < runs.size(); ++i) text += PlanItem(runs[i], i);
  return text;
}

std::string NextRunsPlanText(const NextRunsAdvice& advice) { return PlanTextOf(ProposedRuns(advice)); }

}  // namespace isoflop
