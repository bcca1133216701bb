#ifndef ISOFLOP_PLUGIN_DOCUMENT_NEXT_RUNS_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_NEXT_RUNS_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/advice/next_runs_advice.h"

namespace isoflop {

// What a page shows: at most six runs for a sweep, by default of about a fiftieth of the target, the last of which tests the law. Codes as AdviseNextRuns.
absl::StatusOr<NextRunsAdvice> AdviseNextRunsForPage(const Fit& fit, std::optional<double> target_flops, std::optional<double> sweep_flops);

// What to launch next, as the panel and `isoflop advise --next-runs --format json` (under "next_runs") show it. Keys:
//
//   state            "ready", or "thin": too few runs for a law, and `next_runs` are a first design
//   target_flops     whose best loss and size are to be known better; null when thin
//   spent_flops      by the runs so far
//   sweep_flops      what is to be spent, or null: one by one
//   training_flops   of the proposed runs; with a sweep, without the run at the frontier, which comes on top
//   target_share     training_flops over target_flops; null when thin
//   tokens_per_parameter    the median of the runs so far; null where there are none
//   prior_weight     how much of the law that the plan works with comes from its weak prior and not from the runs, 0 to 1; null when thin
//   interval_before  {"loss_nats_per_token": [lower, upper], "parameter_count": [lower, upper]}: the loss at the best split of the target by the law
//                    alone, without run noise, and the size there; 95 %; null when thin
//   interval_after   likewise, once the runs counted in training_flops are done
//   interval_after_selection    the same after any of them: {"loss_lower", "loss_upper", "size_lower", "size_upper"}, each a list of 2^n figures for n
//                    runs; the one at index k is after those runs i for which bit i of k is set. Null for more than 7 runs and when thin
//   precision        whether the loss there can be known as well as is wanted: {"state": "REACHED" (by the runs so far), "WITHIN_BUDGET" (perhaps), "DRIFTING", "SPLIT_UNKNOWN", "TOO_FAR",
//                    "NOISE_LIMITED" or "BUDGET_LIMITED" (by no choice of runs for the budget; core/advice/precision_reach.h), "wanted", "now", "best" (no
//                    choice of runs does better): half the 95 % interval of ln L, "budget_flops": the sweep, or as much again as has been spent,
//                    "size_factor" (between the ends of the interval of the best size), "log_loss_noise": standard deviation of one run, "drift" (of ln L), "needed_flops", "enough_noise": about what would do, null where
//                    nothing need be said, "message"}; null when thin
//   next_runs        in order, none where no candidate costs as little as the sweep: {"name", "parameter_count", "token_count", "training_flops", "target_share", "narrowing", "size_narrowing", "bits_per_flop",
//                    "kind", "reason", "loss_nats_per_token": {"estimate", "lower", "upper"}}; `kind` "INFORMATION", "FRONTIER" (tests the law) or, when
//                    thin, "FIRST"; `narrowing` the share of the interval that the run takes away after those before it; `loss_nats_per_token` what one
//                    new run should show. Null where nothing can be said.
//   plan             YAML for `isoflop check` of each run, in order; a plan is "runs:\n" followed by those that are wanted
nlohmann::ordered_json NextRunsDocument(const NextRunsAdvice& advice);

// What `reach` says, in a sentence or two.
std::string PrecisionSentence(const PrecisionReach& reach);

// YAML for `isoflop check` of these runs; those without a name get one.
std::string PlanTextOf(const std::vector<CandidateRun>& runs);

// The plan of all its runs.
std::string NextRunsPlanText(const NextRunsAdvice& advice);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_NEXT_RUNS_DOCUMENT_H_
