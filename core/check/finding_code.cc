#include "core/check/finding_code.h"

#include <algorithm>
#include <array>
#include <limits>

namespace isoflop {
namespace {

constexpr double kMost = std::numeric_limits<double>::max();
constexpr std::string_view kSeverityNames[] = {"off", "note", "warning", "error", "unknown"};

using enum FindingSeverity;

// In the order of FindingCode.
const std::array<FindingCodeInfo, kFindingCodeCount>& Codes() {
  static const auto* const kCodes = new std::array<FindingCodeInfo, kFindingCodeCount>{{
      {.name = "OFF_OPTIMUM",
       .title = "Off the compute optimum",
       .meaning = "The loss of this run can be had for less compute with another size and another number of tokens.",
       .computed =
           "wasted_share = 1 - C* / C, where C is the compute of the plan and C* the least with which the law reaches the plan's loss. The optimum is flat, so the distance "
           "in size is not judged: twice too large wastes about 14 %. Computed by the fitted law and by the law that trusts large runs more, each with its 95 % interval "
           "over replicas. Found only where both whole intervals lie past the limit; else see OPTIMUM_NOT_SETTLED. Where the unique tokens are known and repeat, C* is "
           "sought with the same unique tokens. Not asked of a plan that says how many tokens it will serve: see OFF_SERVING_OPTIMUM; nor where its purpose is evidence.",
       .fix = "Take the size and the tokens of the suggested edit, or say by `served_token_count` how many tokens the model will serve.",
       .severity = kError,
       .limits = {{"wasted_share", "of the compute", 0.25, 0, 1, "wasted compute over the plan's compute"},
                  {"wasted_training_flops", "FLOPs", std::nullopt, 0, kMost, "wasted compute"},
                  {"wasted_price", "", std::nullopt, 0, kMost, "wasted compute at the plan's price"},
                  {"loss_given_up", "nats/token", std::nullopt, 0, kMost, "loss above the best of the same compute"}}},
      {.name = "OFF_SERVING_OPTIMUM",
       .title = "Dear over its life",
       .meaning = "Training and serving together can be had for fewer FLOPs at the same loss, by other tokens per parameter.",
       .computed =
           "wasted_share = 1 - M* / M, where M = 6 N D + 2 N D_inf are the FLOPs of training on D tokens and serving D_inf, and M* the least with which the law reaches the "
           "plan's loss (Sardana et al. 2024, arXiv:2401.00448). By both laws, as OFF_OPTIMUM. Not asked where its purpose is evidence.",
       .fix = "Take the size and the tokens of the suggested edit.",
       .severity = kError,
       .limits = {{"wasted_share", "of the FLOPs of its life", 0.25, 0, 1, "wasted FLOPs over those of training and serving"},
                  {"wasted_life_flops", "FLOPs", std::nullopt, 0, kMost, "wasted FLOPs of training and serving"}}},
      {.name = "OPTIMUM_NOT_SETTLED",
       .title = "Optimum not settled",
       .meaning = "By one reading of the runs this plan is off the optimum past the limit, by another it is not: the evidence does not decide.",
       .computed =
           "An estimate of OFF_OPTIMUM or OFF_SERVING_OPTIMUM lies past its limit, but not both whole intervals do: the fitted law and the law that trusts large runs more "
           "disagree, or an interval reaches across the limit.",
       .fix = "Add a run near the best split at a tenth of this compute or more, and check again.",
       .severity = kWarning,
       .limits = {}},
      {.name = "TOKENS_PER_PARAMETER",
       .title = "Ratio no run has",
       .meaning = "The plan's tokens per parameter lie outside those of all runs that the law comes from.",
       .computed = "ratio_factor = D/N of the plan over the greatest of the runs, or the least of the runs over it. Not asked where its purpose is evidence.",
       .fix = "Stay within the ratios that runs have, or add a small run at this ratio.",
       .severity = kWarning,
       .limits = {{"ratio_factor", "times", 2, 1, kMost, "D/N past the nearest run's"}}},
      {.name = "EXTRAPOLATION",
       .title = "Far past the runs",
       .meaning = "The plan's compute lies far beyond the largest run: a bend of the law that the runs cannot show would move these figures out of their intervals.",
       .computed = "compute_factor = compute of the plan over that of the largest run.",
       .fix = "Add a run near the best split at a tenth of this compute or more.",
       .severity = kWarning,
       .limits = {{"compute_factor", "times", 10, 1, kMost, "compute over that of the largest run"}}},
      {.name = "BEYOND_EVIDENCE",
       .title = "Too far to judge",
       .meaning = "The plan's compute lies so far beyond the largest run that the law says nothing reliable about it. What the law would say is not judged.",
       .computed = "compute_factor = compute of the plan over that of the largest run.",
       .fix = "Add a run near the best split at a tenth of this compute or more.",
       .severity = kUnknown,
       .limits = {{"compute_factor", "times", 100, 1, kMost, "compute over that of the largest run"}}},
      {.name = "BELOW_RUNS",
       .title = "Far below the runs",
       .meaning = "The plan's compute lies far below the smallest run: small models leave the law sooner than its interval shows.",
       .computed = "compute_factor = compute of the smallest run over that of the plan. Not asked where its purpose is evidence.",
       .fix = "Run it: it costs little, and the law then reaches further down.",
       .severity = kWarning,
       .limits = {{"compute_factor", "times", 10, 1, kMost, "compute of the smallest run over the plan's"}}},
      {.name = "REPEATED_DATA",
       .title = "Data repeated often",
       .meaning = "The plan repeats its data more often than is free: repeats past the fourth epoch are worth less and less.",
       .computed = "epoch_count = tokens over unique tokens. Up to 4 epochs repeats are about as good as new tokens (Muennighoff et al. 2023, arXiv:2305.16264).",
       .fix = "Find more unique tokens, or train fewer epochs; raise weight decay if neither is possible.",
       .severity = kWarning,
       .limits = {{"epoch_count", "epochs", 4, 1, kMost, "tokens over unique tokens"}}},
      {.name = "REPEATS_WORTHLESS",
       .title = "Repeats that hardly help",
       .meaning = "The last epoch teaches hardly anything: its compute buys next to no loss.",
       .computed =
           "last_epoch_loss_of_worth = 1 - exp(-(epochs - 1) / R_D): by how much a token of the last epoch is worth less than a new one. R_D is the study's own where its law "
           "has one, else the published 15.4 (Muennighoff et al. 2023).",
       .fix = "Stop at the suggested number of tokens, and spend the rest on a larger model or on new data.",
       .severity = kError,
       .limits = {{"last_epoch_loss_of_worth", "of a new token's worth", 0.75, 0, 1, "what a token of the last epoch lost"}}},
      {.name = "LEARNING_RATE",
       .title = "Learning rate off",
       .meaning = "The peak learning rate lies far from what the study's own law of learning rates predicts for this size and these tokens.",
       .computed =
           "factor = the plan's rate over the nearest end of the near-optimal band (values that cost at most .25 % of the loss), or of the prediction's 95 % interval where "
           "there is no band. Needs a fit of learning_rate (--hyperparameters).",
       .fix = "Take the predicted rate, or show by a small sweep that this one is as good.",
       .severity = kWarning,
       .limits = {{"factor", "times", 1.5, 1, kMost, "past the nearest end of the band"}}},
      {.name = "BATCH_SIZE",
       .title = "Batch size off",
       .meaning = "The batch lies far from what the study's own law of batch sizes predicts for this size and these tokens.",
       .computed = "As LEARNING_RATE, from a fit of batch_size.",
       .fix = "Take the predicted batch, or show by a small sweep that this one is as good.",
       .severity = kWarning,
       .limits = {{"factor", "times", 1.5, 1, kMost, "past the nearest end of the band"}}},
      {.name = "OVER_BUDGET",
       .title = "Over budget",
       .meaning = "The run costs more than the plan's own budget.",
       .computed = "over_share = price (or compute, where the budget is in FLOPs) over the budget, less 1.",
       .fix = "Take the tokens of the suggested edit, or raise the budget.",
       .severity = kError,
       .limits = {{"over_share", "of the budget", 0, 0, kMost, "price or compute past the budget"}}},
      {.name = "LATE",
       .title = "Later than the deadline",
       .meaning = "On the plan's accelerators the run ends after its deadline.",
       .computed = "over_share = days of training over the days there are, less 1; over_days their difference. Days = compute / (count x FLOP/s x utilisation).",
       .fix = "Take more accelerators, or the tokens of the suggested edit.",
       .severity = kError,
       .limits = {{"over_share", "of the days there are", 0, 0, kMost, "days past the deadline over those there are"},
                  {"over_days", "days", std::nullopt, 0, kMost, "days past the deadline"}}},
      {.name = "DUPLICATE_RUN",
       .title = "Already run",
       .meaning = "A finished run of the study has this size and these tokens. Its learning rate, batch and data may differ: the fit does not hold them.",
       .computed = "distance = the greater of |N / N_run - 1| and |D / D_run - 1| for the nearest run; found where it is at most the limit.",
       .fix = "Read the finished run's loss instead, or change size or tokens; waive it for a repeat that is meant.",
       .severity = kWarning,
       .limits = {{"distance", "in N and in D", 0.01, 0, 1, "greatest distance that still counts as the same run"}}},
      {.name = "NO_INFORMATION",
       .title = "Teaches nothing new",
       .meaning = "A run that would hardly narrow what the law says at ten times the largest run so far: it is neither evidence nor, if it is no larger than that run, a result.",
       .computed =
           "narrowing = share of the 95 % interval of the log loss at the best split of ten times the largest run that this run takes away (`isoflop advise --next-runs` "
           "computes the same); found where it is under the limit. Asked of a plan past the largest run only where its purpose is evidence.",
       .fix = "Launch one of `isoflop advise --next-runs` instead.",
       .severity = kNote,
       .limits = {{"narrowing", "of the interval", 0.01, 0, 1, "least share that a run should take away"}}},
      {.name = "LAW_NOT_TRUSTED",
       .title = "Law not to be trusted",
       .meaning = "The fit has no law, or a diagnostic says that its figures must not be acted on. What the law would say is not judged.",
       .computed = "The fit has no parameters, no best split of compute, or a diagnostic of severity ERROR.",
       .fix = "See the diagnostic: mostly, add the runs that it names.",
       .severity = kUnknown,
       .limits = {}},
      {.name = "MIXED_CONVENTIONS",
       .title = "Parameters counted otherwise",
       .meaning = "The plan counts parameters otherwise than the fit does, so that the law would be read at the wrong size. What the law would say is not judged.",
       .computed = "The plan's convention differs from the fit's, and the plan has no count in the fit's.",
       .fix = "Give the architecture, from which every count follows, or the count in the fit's convention.",
       .severity = kUnknown,
       .limits = {}},
      {.name = "FLOPS_DISAGREE",
       .title = "FLOPs disagree with 6ND",
       .meaning = "The plan's own count of FLOPs is far from 6 N D: one of the three counts something else.",
       .computed = "factor = the greater of C / (6 N D) and its inverse.",
       .fix = "Check whether N has embeddings or only active experts, and whether C has attention or recomputation.",
       .severity = kWarning,
       .limits = {{"factor", "times", 2, 1, kMost, "between the plan's FLOPs and 6 N D"}}},
      {.name = "FIT_TOO_OLD",
       .title = "Fit too old",
       .meaning = "The fit is older than the policy or --max-fit-age allows, or does not say when it was made. What the law would say is not judged.",
       .computed = "Days from the fit's create_time to now, or to SOURCE_DATE_EPOCH where that is set.",
       .fix = "Export the fit again: `isoflop export --study STUDY --server ADDRESS`.",
       .severity = kUnknown,
       .limits = {{"age_days", "days", std::nullopt, 0, kMost, "age of the fit"}}},
      {.name = "WAIVER_EXPIRED",
       .title = "Waiver expired",
       .meaning = "A waiver of the plan has passed its end date, which it includes: it ended at 24:00 UTC.",
       .computed = "Today in UTC, or the day of SOURCE_DATE_EPOCH where that is set, is after the waiver's `until`.",
       .fix = "Mend what was waived, or agree on a new end date.",
       .severity = kError,
       .limits = {}},
      {.name = "WAIVER_UNUSED",
       .title = "Waiver without a finding",
       .meaning = "A waiver of the plan names a code that was not found.",
       .computed = "No finding of the run has the waiver's code.",
       .fix = "Remove the waiver.",
       .severity = kNote,
       .limits = {}},
  }};
  return *kCodes;
}

}  // namespace

std::string_view FindingSeverityName(FindingSeverity severity) { return kSeverityNames[static_cast<int>(severity)]; }

std::optional<FindingSeverity> ParseFindingSeverity(std::string_view name) {
  const auto* const found = std::find(std::begin(kSeverityNames), std::end(kSeverityNames), name);
  if (found == std::end(kSeverityNames)) return std::nullopt;
  return static_cast<FindingSeverity>(found - std::begin(kSeverityNames));
}

const FindingCodeInfo& InfoOf(FindingCode code) { return Codes()[static_cast<size_t>(code)]; }

std::optional<FindingCode> FindFindingCode(std::string_view name) {
  for (size_t i = 0; i < Codes().size(); ++i) {
    if (Codes()[i].name == name) return static_cast<FindingCode>(i);
  }
  return std::nullopt;
}

std::vector<std::string_view> FindingCodeNames() {
  std::vector<std::string_view> names;
  for (const FindingCodeInfo& info : Codes()) names.push_back(info.name);
  return names;
}

size_t LimitIndex(FindingCode code, std::string_view limit) {
  const std::vector<LimitInfo>& limits = InfoOf(code).limits;
  return static_cast<size_t>(std::find_if(limits.begin(), limits.end(), [&](const LimitInfo& info) { return info.name == limit; }) - limits.begin());
}

}  // namespace isoflop
