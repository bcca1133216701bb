#include "core/advice/next_runs.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kNormal95 = 1.959963984540054;  // The 97.5 percentile of the normal distribution.
constexpr double kSizesBeside = 2;               // Times and over the best size: the other two points of the target.
constexpr int kFrontierEvery = 3;
constexpr double kFrontierShare = 0.5;           // Of what has been spent: what the dearest run may cost.
constexpr double kGreatestShares[] = {1, 0.5, 0.25, 0.125};  // Of a sweep, that one run may cost.
constexpr double kFrontierDepth = 1.0 / 3;       // Of that run's cost: what the others at the frontier cost at least.

absl::Status CheckPositive(const char* name, double value) {
  if (std::isfinite(value) && value > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s must be positive and finite, got %g", name, value));
}

absl::Status CheckInput(const std::vector<CandidateRun>& candidates, const NextRunsOptions& options) {
  RETURN_IF_ERROR(CheckPositive("target_flops", options.target_flops));
  if (candidates.empty()) return absl::InvalidArgumentError("candidates must not be empty");
  for (const CandidateRun& run : candidates) {
    RETURN_IF_ERROR(CheckPositive("parameter_count of a candidate", run.parameter_count));
    RETURN_IF_ERROR(CheckPositive("token_count of a candidate", run.token_count));
    RETURN_IF_ERROR(CheckPositive("training_flops of a candidate", run.training_flops));
  }
  RETURN_IF_ERROR(CheckPositive("spent_flops", options.spent_flops));
  if (options.sweep_flops) RETURN_IF_ERROR(CheckPositive("sweep_flops", *options.sweep_flops));
  if (options.run_count < 1) return absl::InvalidArgumentError(absl::StrFormat("run_count must be at least 1, got %d", options.run_count));
  return absl::OkStatus();
}

std::pair<double, double> LogInterval(double log_centre, double deviation) {
  return {RoundResult(std::exp(log_centre - kNormal95 * deviation)), RoundResult(std::exp(log_centre + kNormal95 * deviation))};
}

// One candidate as the design sees it.
struct Choice {
  FreeVector gradient;
  double cost = 0;
  bool taken = false;
  double drop = 0;  // By the covariance as it stands.
};

// Where a plan stands.
struct Planner {
  const DesignFit& fit;
  const DesignTarget& target;
  const NextRunsOptions& options;
  FreeMatrix covariance;
  double spent = 0;       // Planned runs included.
  int planned_count = 0;
  std::vector<Choice> choices = {};

  using Allowed = std::function<bool(const Choice&)>;
  using Score = std::function<double(const Choice&)>;

  void Judge() {
    for (Choice& choice : choices) choice.drop = target.VarianceDrop(covariance, choice.gradient, fit.log_loss_variance);
  }

  void Take(size_t i) {
    covariance = CovarianceAfter(choices[i]);
    spent += choices[i].cost;
    choices[i].taken = true;
    ++planned_count;
  }

  std::optional<size_t> Best(const Allowed& allowed, const Score& score) const {
    std::optional<size_t> best;
    for (size_t i = 0; i < choices.size(); ++i) {
      if (choices[i].taken || !allowed(choices[i])) continue;
      if (!best || score(choices[i]) > score(choices[*best])) best = i;
    }
    return best;
  }

  FreeMatrix CovarianceAfter(const Choice& choice) const { return CovarianceWithRun(covariance, choice.gradient, fit.log_loss_variance); }

  double Narrowing(const Choice& choice) const {
    return 1 - target.LogLossDeviation(CovarianceAfter(choice)) / target.LogLossDeviation(covariance);
  }

  std::optional<size_t> MostPerFlop() const {
    const auto per_flop = [](const Choice& choice) { return choice.drop / choice.cost; };
    const auto telling = Best([&](const Choice& choice) { return options.least_narrowing == 0 || Narrowing(choice) >= options.least_narrowing; }, per_flop);
    return telling ? telling : Best([](const Choice&) { return true; }, per_flop);
  }

  std::optional<size_t> AtFrontier() const {
    const auto cost = [](const Choice& choice) { return choice.cost; };
    const auto dearest = Best([&](const Choice& choice) { return choice.cost <= kFrontierShare * spent; }, cost);
    if (!dearest) return std::nullopt;
    const double cap = choices[*dearest].cost;
    return Best([&](const Choice& choice) { return choice.cost <= cap && choice.cost >= kFrontierDepth * cap; },
                [](const Choice& choice) { return choice.drop; });
  }

  std::optional<size_t> MostWithin(double cap) const {
    return Best([&](const Choice& choice) { return choice.cost <= cap; }, [](const Choice& choice) { return choice.drop; });
  }
};

NextRun Describe(const Planner& planner, const std::vector<CandidateRun>& candidates, size_t i, RunPurpose purpose) {
  const Choice& choice = planner.choices[i];
  const CandidateRun& run = candidates[i];
  const double narrowing = planner.Narrowing(choice);
  const double log_loss = planner.fit.PredictLogLoss(run.parameter_count, run.token_count);
  const double variance = planner.fit.log_loss_variance + choice.gradient.dot(planner.covariance * choice.gradient);
  return {.candidate = i,
          .run = run,
          .purpose = purpose,
          .narrowing = RoundResult(narrowing),
          .size_narrowing = RoundResult(1 - planner.target.LogSizeDeviation(planner.CovarianceAfter(choice)) / planner.target.LogSizeDeviation(planner.covariance)),
          .bits_per_flop = RoundResult(-std::log2(1 - narrowing) / choice.cost),
          .loss_nats_per_token = RoundResult(std::exp(log_loss)),
          .loss_interval = LogInterval(log_loss, std::sqrt(variance)),
          .best_parameter_count = RoundResult(planner.fit.BestSplit(choice.cost).parameter_count)};
}

// What to run next, and what for; nothing where the plan is at its end.
using Next = std::optional<std::pair<size_t, RunPurpose>>;

Next NextOneByOne(const Planner& planner) {
  const int64_t count = planner.options.done_count + planner.planned_count + 1;
  if (const auto frontier = count % kFrontierEvery == 0 ? planner.AtFrontier() : std::nullopt) return std::pair{*frontier, RunPurpose::kFrontier};
  const auto next = planner.MostPerFlop();
  return next ? Next(std::pair{*next, RunPurpose::kInformation}) : std::nullopt;
}

// No run costs more than `greatest_share` of the sweep.
Next NextOfSweep(const Planner& planner, double greatest_share) {
  const double sweep = *planner.options.sweep_flops, left = sweep - (planner.spent - planner.options.spent_flops);
  const auto next = planner.MostWithin(std::min({left, planner.spent, greatest_share * sweep}));
  return next ? Next(std::pair{*next, RunPurpose::kInformation}) : std::nullopt;
}

// A plan, and the summed variance of ln L at the target that it leaves.
struct Planned {
  NextRunsPlan plan;
  double variance = 0;
};

Planned PlanBy(const DesignFit& fit, const DesignTarget& target, const std::vector<CandidateRun>& candidates, const NextRunsOptions& options,
               const std::function<Next(const Planner&)>& choose) {
  Planner planner{fit, target, options, fit.covariance, options.spent_flops};
  for (const CandidateRun& run : candidates) {
    planner.choices.push_back({.gradient = fit.LossGradient(run.parameter_count, run.token_count), .cost = run.training_flops});
  }
  NextRunsPlan plan{.target_flops = options.target_flops, .before = target.Intervals(fit.covariance)};
  while (planner.planned_count < options.run_count) {
    planner.Judge();
    const Next next = choose(planner);
    if (!next) break;
    plan.runs.push_back(Describe(planner, candidates, next->first, next->second));
    plan.training_flops += planner.choices[next->first].cost;
    planner.Take(next->first);
  }
  return {std::move(plan), target.SummedVariance(planner.covariance)};
}

}  // namespace

absl::StatusOr<DesignTarget> DesignTarget::At(const DesignFit& fit, double training_flops) {
  RETURN_IF_ERROR(CheckPositive("target_flops", training_flops));
  DesignTarget target;
  target.training_flops_ = training_flops;
  target.best_ = fit.BestSplit(training_flops);
  if (!std::isfinite(target.best_.parameter_count)) return absl::FailedPreconditionError("the law of the runs has no best split of compute");
  target.log_loss_ = fit.PredictLogLoss(target.best_.parameter_count, target.best_.token_count);
  for (double factor : {1.0, kSizesBeside, 1 / kSizesBeside}) {
    target.gradients_.push_back(fit.LossGradient(factor * target.best_.parameter_count, target.best_.token_count / factor));
  }
  target.size_gradient_ = fit.BestSizeGradient(training_flops);
  return target;
}

double DesignTarget::VarianceDrop(const FreeMatrix& covariance, const FreeVector& run, double log_loss_variance) const {
  const FreeVector spread = covariance * run;
  double sum = 0;
  for (const FreeVector& gradient : gradients_) sum += std::pow(gradient.dot(spread), 2);
  return sum / (log_loss_variance + run.dot(spread));
}

double DesignTarget::SummedVariance(const FreeMatrix& covariance) const {
  double sum = 0;
  for (const FreeVector& gradient : gradients_) sum += gradient.dot(covariance * gradient);
  return sum;
}

double DesignTarget::LogLossDeviation(const FreeMatrix& covariance) const {
  return std::sqrt(gradients_.front().dot(covariance * gradients_.front()));
}

double DesignTarget::LogSizeDeviation(const FreeMatrix& covariance) const { return std::sqrt(size_gradient_.dot(covariance * size_gradient_)); }

TargetIntervals DesignTarget::Intervals(const FreeMatrix& covariance) const {
  return {.loss_nats_per_token = LogInterval(log_loss_, LogLossDeviation(covariance)),
          .parameter_count = LogInterval(std::log(best_.parameter_count), LogSizeDeviation(covariance))};
}

FreeMatrix CovarianceWithRun(const FreeMatrix& covariance, const FreeVector& run, double log_loss_variance) {
  const FreeVector spread = covariance * run;
  return covariance - spread * spread.transpose() / (log_loss_variance + run.dot(spread));
}

absl::StatusOr<NextRunsPlan> PlanNextRuns(const DesignFit& fit, const std::vector<CandidateRun>& candidates, const NextRunsOptions& options) {
  RETURN_IF_ERROR(CheckInput(candidates, options));
  ASSIGN_OR_RETURN(const DesignTarget target, DesignTarget::At(fit, options.target_flops));
  if (!options.sweep_flops) return PlanBy(fit, target, candidates, options, NextOneByOne).plan;
  Planned best;
  for (double share : kGreatestShares) {
    const auto next = [&](const Planner& planner) { return NextOfSweep(planner, share); };
    Planned planned = PlanBy(fit, target, candidates, options, next);
    if (best.plan.runs.empty() || planned.variance < best.variance) best = std::move(planned);
  }
  return best.plan;
}

absl::StatusOr<TargetIntervals> IntervalsAfter(const DesignFit& fit, const NextRunsPlan& plan, const std::vector<size_t>& done) {
  ASSIGN_OR_RETURN(const DesignTarget target, DesignTarget::At(fit, plan.target_flops));
  FreeMatrix covariance = fit.covariance;
  for (size_t i : done) {
    const CandidateRun& run = plan.runs.at(i).run;
    covariance = CovarianceWithRun(covariance, fit.LossGradient(run.parameter_count, run.token_count), fit.log_loss_variance);
  }
  return target.Intervals(covariance);
}

}  // namespace isoflop
