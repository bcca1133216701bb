#include "core/advice/next_runs_advice.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/drift.h"
#include "core/fit/fitted_runs.h"
#include "core/fit/percentile.h"
#include "core/law/registry.h"

namespace isoflop {
namespace {

constexpr double kUsualFirstBudget = 1e19;   // FLOPs, where no run has been done.
constexpr double kLeastNarrowing = 0.01;     // One by one: a run that teaches less is hardly worth its launch.
constexpr double kOffBest = 1.5;             // Times or over the best size: a big or a small model for its compute.
constexpr int64_t kDoneBeforeFrontier = 2;   // Of three runs, the third is at the frontier.

absl::Status CheckRequest(const Fit& fit, const NextRunsRequest& request) {
  if (fit.runs.empty() && fit.observation_count > 0) {
    return absl::FailedPreconditionError("the fit does not hold its runs: fit them again, and give the newest version");
  }
  if (std::find(std::begin(kDesignLaws), std::end(kDesignLaws), fit.law) == std::end(kDesignLaws)) {
    return absl::FailedPreconditionError(absl::StrFormat("next runs follow from a fit of chinchilla or chinchilla_symmetric, got %s",
                                                         fit.law.empty() ? fit.approach : fit.law));
  }
  if (request.run_count < 1 || request.run_count > kMostNextRuns) {
    return absl::InvalidArgumentError(absl::StrFormat("run_count must be 1 to %d, got %d", kMostNextRuns, request.run_count));
  }
  return absl::OkStatus();
}

double AtMostOneTwoFive(double value) {
  const double unit = std::pow(10, std::floor(std::log10(value) + 1e-12));
  return RoundResult(unit * (value >= 5 * unit ? 5 : value >= 2 * unit ? 2 : 1));
}

double MedianRatio(const std::vector<Observation>& runs) {
  std::vector<double> ratios;
  for (const Observation& o : runs) ratios.push_back(*o.token_count / *o.parameter_count);
  return RoundResult(Quantile(std::move(ratios), 0.5));
}

// The run that tests the law once a sweep is done; nothing where none can be afforded.
absl::StatusOr<std::optional<NextRun>> FrontierTest(DesignFit fit, const std::vector<CandidateRun>& candidates, const NextRunsPlan& plan, double spent_flops) {
  for (const NextRun& next : plan.runs) {
    fit.covariance = CovarianceWithRun(fit.covariance, fit.LossGradient(next.run.parameter_count, next.run.token_count), fit.log_loss_variance);
  }
  ASSIGN_OR_RETURN(const NextRunsPlan test, PlanNextRuns(fit, candidates,
                                                         {.target_flops = plan.target_flops,
                                                          .spent_flops = spent_flops + plan.training_flops,
                                                          .done_count = kDoneBeforeFrontier,
                                                          .run_count = 1}));
  const bool done = std::any_of(plan.runs.begin(), plan.runs.end(), [&](const NextRun& next) { return next.candidate == test.runs[0].candidate; });
  if (done || test.runs[0].purpose != RunPurpose::kFrontier) return std::optional<NextRun>();
  return std::optional(test.runs[0]);
}

absl::StatusOr<NextRunsPlan> Plan(const DesignFit& fit, const std::vector<CandidateRun>& candidates, const NextRunsOptions& options) {
  ASSIGN_OR_RETURN(NextRunsPlan plan, PlanNextRuns(fit, candidates, options));
  if (!options.sweep_flops || plan.runs.empty()) return plan;
  ASSIGN_OR_RETURN(std::optional<NextRun> test, FrontierTest(fit, candidates, plan, options.spent_flops));
  if (test) plan.runs.push_back(*std::move(test));
  return plan;
}

absl::StatusOr<std::vector<CandidateRun>> CandidatesFor(const DesignFit& design, const std::vector<Observation>& runs, const NextRunsRequest& request,
                                                        double target_flops, double greatest_flops) {
  if (!request.candidates.empty()) return request.candidates;
  RETURN_IF_ERROR(DesignTarget::At(design, target_flops).status());
  std::vector<CandidateRun> candidates = CandidateGrid(design, runs, greatest_flops);
  if (candidates.empty()) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the law of the runs puts the best sizes up to %.3g FLOPs outside all that has been run: name the runs that could be launched", greatest_flops));
  }
  return candidates;
}

std::optional<double> DriftAt(const Fit& fit, double target_flops) {
  const absl::StatusOr<const Law*> law = FindLaw(fit.law);
  const std::optional<double> drift = law.ok() ? DriftOfLogLoss(**law, fit, target_flops) : std::nullopt;
  return drift ? std::optional(RoundResult(*drift)) : std::nullopt;
}

absl::Status FillAfter(const DesignFit& fit, NextRunsAdvice& advice) {
  const NextRunsPlan& plan = *advice.plan;
  std::vector<size_t> counted;
  for (size_t i = 0; i < plan.runs.size(); ++i) {
    if (!advice.sweep_flops || plan.runs[i].purpose == RunPurpose::kInformation) counted.push_back(i);
  }
  ASSIGN_OR_RETURN(advice.after, IntervalsAfter(fit, plan, counted));
  if (plan.runs.size() > kMostSelectableRuns) return absl::OkStatus();
  for (size_t selection = 0; selection < (size_t{1} << plan.runs.size()); ++selection) {
    std::vector<size_t> done;
    for (size_t i = 0; i < plan.runs.size(); ++i) {
      if (selection >> i & 1) done.push_back(i);
    }
    ASSIGN_OR_RETURN(TargetIntervals after, IntervalsAfter(fit, plan, done));
    advice.after_selection.push_back(std::move(after));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<NextRunsAdvice> AdviseNextRuns(const Fit& fit, const NextRunsRequest& request) {
  RETURN_IF_ERROR(CheckRequest(fit, request));
  const std::vector<Observation> runs = ObservationsOf(fit.runs);
  NextRunsAdvice advice{.sweep_flops = request.sweep_flops};
  double cheapest = INFINITY, dearest = 0;
  for (const Observation& o : runs) {
    advice.spent_flops += *TrainingFlopsOf(o);
    cheapest = std::min(cheapest, *TrainingFlopsOf(o));
    dearest = std::max(dearest, *TrainingFlopsOf(o));
  }
  if (!runs.empty()) advice.median_token_parameter_ratio = MedianRatio(runs);
  if (runs.size() < kLeastPlannedRuns) {
    advice.first_runs = FirstRuns(runs.empty() ? kUsualFirstBudget : AtMostOneTwoFive(dearest), runs);
    advice.spent_flops = RoundResult(advice.spent_flops);
    return advice;
  }
  ASSIGN_OR_RETURN(const DesignFit design, FitForDesign(fit.law, runs));
  advice.prior_weight = RoundResult(design.prior_weight);
  const double target_flops = request.target_flops.value_or(kUsualDesignTarget * dearest);
  ASSIGN_OR_RETURN(const std::vector<CandidateRun> candidates,
                   CandidatesFor(design, runs, request, target_flops, std::clamp(target_flops, dearest, std::max(dearest, advice.spent_flops))));
  const int test_count = request.sweep_flops && request.run_count > 1 ? 1 : 0;
  ASSIGN_OR_RETURN(advice.plan, Plan(design, candidates,
                                     {.target_flops = target_flops,
                                      .spent_flops = advice.spent_flops,
                                      .done_count = static_cast<int64_t>(runs.size()),
                                      .sweep_flops = request.sweep_flops,
                                      .run_count = request.run_count - test_count,
                                      .least_narrowing = kLeastNarrowing}));
  ASSIGN_OR_RETURN(advice.reach, ReachPrecision(design, candidates,
                                                {.target_flops = target_flops,
                                                 .wanted = request.precision,
                                                 .budget_flops = request.sweep_flops.value_or(advice.spent_flops),
                                                 .runs_flops = {cheapest, dearest},
                                                 .drift = DriftAt(fit, target_flops)}));
  advice.plan->training_flops = RoundResult(advice.plan->training_flops);
  advice.spent_flops = RoundResult(advice.spent_flops);
  RETURN_IF_ERROR(FillAfter(design, advice));
  return advice;
}

std::string_view ReasonFor(const NextRun& run) {
  if (run.purpose == RunPurpose::kFrontier) return "tests the law at high compute";
  if (run.run.parameter_count > kOffBest * run.best_parameter_count) return "short run of a big model";
  if (run.run.parameter_count < run.best_parameter_count / kOffBest) return "long run of a small model";
  return "run near the best split";
}

}  // namespace isoflop
