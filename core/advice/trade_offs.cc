#include "core/advice/trade_offs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/advice/frontier_law.h"
#include "core/advice/token_limited.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kScaleUp = 10;
constexpr double kSizeFactors[] = {0.25, 0.5, 1, 2, 4};  // Of the best size, where no menu is given.

absl::Status CheckPositive(const char* field, double value) {
  if (std::isfinite(value) && value > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s must be positive and finite, got %g", field, value));
}

absl::Status CheckQuestion(const TradeOffsQuestion& question) {
  if (question.budget_flops) RETURN_IF_ERROR(CheckPositive("budget_flops", *question.budget_flops));
  if (question.bill) RETURN_IF_ERROR(CheckPositive("bill", *question.bill));
  if (question.target_loss_nats_per_token) {
    RETURN_IF_ERROR(CheckPositive("target_loss_nats_per_token", *question.target_loss_nats_per_token));
  }
  if (question.greatest_token_count) RETURN_IF_ERROR(CheckPositive("greatest_token_count", *question.greatest_token_count));
  for (double n : question.parameter_counts) RETURN_IF_ERROR(CheckPositive("parameter_count", n));
  for (double d : question.token_counts) RETURN_IF_ERROR(CheckPositive("token_count", d));
  for (const MenuModel& model : question.menu) {
    if (model.parameter_count) RETURN_IF_ERROR(CheckPositive("menu parameter_count", *model.parameter_count));
    if (!model.parameter_count && !model.architecture) return absl::InvalidArgumentError("menu must give each model a parameter_count or an architecture");
  }
  if (!question.menu.empty() && (question.parameter_counts.size() > 1 || question.token_counts.size() > 1)) {
    return absl::InvalidArgumentError("menu must be the only one: parameter_counts and token_counts may hold at most one value beside it");
  }
  if (question.run) {
    RETURN_IF_ERROR(CheckPositive("run parameter_count", question.run->parameter_count));
    RETURN_IF_ERROR(CheckPositive("run token_count", question.run->token_count));
  }
  return CheckCostModel(question.model);
}

// The one value of a list that fixes a quantity; nothing for a menu or an empty list.
std::optional<double> Fixed(const std::vector<double>& values) {
  return values.size() == 1 ? std::optional(values[0]) : std::nullopt;
}

absl::StatusOr<OptimalSplit> BestForMoney(const LawEnsemble& ensemble, const TradeOffsQuestion& question) {
  const std::optional<RunPrices> prices = PricesOf(question.model);
  if (!prices) {
    return absl::InvalidArgumentError("bill needs gpu_flops_per_sec with gpu_price_per_hour, or with gpu_power_kw and electricity_price_per_kwh");
  }
  const PricedRun run = ComputeBestForBill(ensemble.estimate.base, *prices, *question.bill);
  return OptimalSplit{run.parameter_count, run.token_count};
}

absl::StatusOr<double> BudgetOf(const LawEnsemble& ensemble, const TradeOffsQuestion& question) {
  const std::optional<double> n = Fixed(question.parameter_counts), d = Fixed(question.token_counts);
  if (question.budget_flops) return *question.budget_flops;
  if (n && d) return TrainingFlops(*n, *d);
  if (question.bill) {
    ASSIGN_OR_RETURN(const OptimalSplit best, BestForMoney(ensemble, question));
    return TrainingFlops(best.parameter_count, best.token_count);
  }
  if (const std::optional<double> flops = TrainingFlopsByDeadline(question.model)) return *flops;
  if (n || d) {
    const AdditiveLaw& law = ensemble.estimate.base;
    const OptimalSplit best = n ? BestSplitOfSize(law, *n) : BestSplitOfTokens(law, *d);
    return RoundResult(TrainingFlops(best.parameter_count, best.token_count));
  }
  return absl::InvalidArgumentError(
      "budget_flops is missing; so are a bill, one parameter_count or one token_count, and gpu_count, gpu_flops_per_sec and days");
}

absl::StatusOr<OptimalSplit> PlanOf(const LawEnsemble& ensemble, const TradeOffsQuestion& question, double flops) {
  const std::optional<double> n = Fixed(question.parameter_counts), d = Fixed(question.token_counts);
  if (n) return OptimalSplit{*n, d && !question.budget_flops ? *d : TokenCountForBudget(flops, *n)};
  if (d) return OptimalSplit{flops / (kFlopsPerParameterToken * *d), *d};
  if (question.bill && !question.budget_flops) return BestForMoney(ensemble, question);
  if (question.model.unique_token_count) {
    const RepeatedDataRun best = ComputeBestRepeatedRun(WithFadingSizes(ensemble).estimate, flops, *question.model.unique_token_count);
    return OptimalSplit{best.parameter_count, best.token_count};
  }
  const TokenLimitedRun run = ComputeTokenLimitedRun(ensemble.estimate.base, flops, question.greatest_token_count.value_or(INFINITY));
  return OptimalSplit{run.parameter_count, run.token_count};
}

ScaleUpAdvice AdviseScaleUp(const LawEnsemble& ensemble, double flops) {
  const double more = kScaleUp * flops;
  const auto of = [&](const Figure& figure) { return IntervalOf(ensemble, flops, figure); };
  const auto scale = [](const RepeatedDataLaw& law) { return ComputeScaleUp(law.base, kScaleUp); };
  const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents(ensemble.estimate.base), more);
  return {.compute_factor = kScaleUp,
          .parameter_factor = of([&](const RepeatedDataLaw& law) { return scale(law).parameter_factor; }),
          .token_factor = of([&](const RepeatedDataLaw& law) { return scale(law).token_factor; }),
          .reducible_loss_factor = of([&](const RepeatedDataLaw& law) { return scale(law).reducible_loss_factor; }),
          .loss_nats_per_token = NewRunLossOf(ensemble, more, [&](const RepeatedDataLaw& law) {
            return PredictLoss(law, best.parameter_count, best.token_count, best.token_count);
          }),
          .halving_compute_factor = of([](const RepeatedDataLaw& law) { return HalvingComputeFactor(ComputeFrontierLaw(law.base)); })};
}

bool HasMenu(const TradeOffsQuestion& question) {
  return !question.menu.empty() || question.parameter_counts.size() > 1 || question.token_counts.size() > 1;
}

absl::StatusOr<std::vector<double>> SizesOf(const TradeOffsQuestion& question, ParameterConvention convention, double best_size, double flops) {
  if (question.parameter_counts.size() > 1) return question.parameter_counts;
  std::vector<double> sizes;
  for (const MenuModel& model : question.menu) {
    if (model.parameter_count) {
      sizes.push_back(*model.parameter_count);
      continue;
    }
    ASSIGN_OR_RETURN(const double counted, CountParameters(*model.architecture, convention));
    sizes.push_back(counted);
  }
  if (!sizes.empty()) return sizes;
  if (question.token_counts.size() > 1) {
    for (double d : question.token_counts) sizes.push_back(flops / (kFlopsPerParameterToken * d));
  } else {
    for (double factor : kSizeFactors) sizes.push_back(factor * best_size);
  }
  return sizes;
}

std::optional<FixedChoice> AdviseFixed(const LawEnsemble& ensemble, const TradeOffsQuestion& question) {
  const std::optional<double> n = Fixed(question.parameter_counts), d = Fixed(question.token_counts);
  if (n && !d) return AdviseFixedSize(ensemble, question.model, *n, question.target_loss_nats_per_token);
  if (d && !n) return AdviseFixedTokens(ensemble, question.model, *d, question.target_loss_nats_per_token);
  return std::nullopt;
}

// What the parts are about, whichever law they follow from.
struct Subject {
  double flops = 0;
  OptimalSplit plan;
  OptimalSplit run;           // For more compute.
  std::vector<double> sizes;  // Of the alternatives.
};

TradeOffParts WeighParts(const LawEnsemble& ensemble, const TradeOffsQuestion& question, const Subject& subject) {
  const CostModel& model = question.model;
  const double loss = question.target_loss_nats_per_token.value_or(LeastLossOf(ensemble.estimate, subject.flops));
  const LawEnsemble limited = model.unique_token_count ? WithFadingSizes(ensemble) : ensemble;
  TradeOffParts parts;
  parts.plan = DescribeRun(limited, model, subject.plan.parameter_count, subject.plan.token_count);
  parts.margin = ComputeMarginTable(limited, model, subject.plan.parameter_count, subject.plan.token_count);
  parts.fixed = AdviseFixed(ensemble, question);
  parts.scale_up = AdviseScaleUp(ensemble, subject.flops);
  parts.alternatives = CompareAlternatives(limited, model, subject.flops, loss, subject.sizes);
  for (size_t i = 0; i < question.menu.size(); ++i) parts.alternatives[i].name = question.menu[i].name;
  if (HasMenu(question)) parts.menu_best = CompareWithMenuBest(limited, model, parts.alternatives);
  parts.more_compute = SpendMoreCompute(ensemble, subject.run.parameter_count, subject.run.token_count);
  parts.stopping = AdviseStopping(ensemble, subject.flops);
  if (question.target_loss_nats_per_token) parts.target = AdviseLossTarget(ensemble, model, loss);
  if (model.unique_token_count) parts.data_limited = AdviseLimitedData(ensemble, model, subject.flops);
  if (model.served_token_count) parts.serving = AdviseServing(ensemble, model, loss);
  return parts;
}

// Whether a run in the parts costs more than the largest one that the law knows. Scaling up reaches the farthest for the budget.
bool ReachesPastRuns(const TradeOffParts& parts, const Subject& subject, double greatest_flops) {
  const auto past = [&](const Interval& cost) { return !cost.estimate || *cost.estimate > greatest_flops; };
  const double more_compute = parts.more_compute->compute_factor * TrainingFlops(subject.run.parameter_count, subject.run.token_count);
  return std::max(kScaleUp * subject.flops, more_compute) > greatest_flops || (parts.fixed && past(parts.fixed->best.training_flops)) ||
         (parts.target && past(parts.target->least_compute.training_flops)) || (parts.serving && past(parts.serving->training_flops));
}

}  // namespace

absl::StatusOr<TradeOffs> WeighTradeOffs(const Fit& fit, const TradeOffsQuestion& question) {
  RETURN_IF_ERROR(CheckQuestion(question));
  ASSIGN_OR_RETURN(const LawEnsemble ensemble, MakeLawEnsemble(fit));
  Subject subject;
  ASSIGN_OR_RETURN(subject.flops, BudgetOf(ensemble, question));
  TradeOffs answer;
  ASSIGN_OR_RETURN(answer.advice, AdviseAllocation(fit, subject.flops));
  if (!answer.advice.parameter_count.estimate) return answer;
  ASSIGN_OR_RETURN(subject.plan, PlanOf(ensemble, question, subject.flops));
  subject.run = question.run.value_or(subject.plan);
  ASSIGN_OR_RETURN(subject.sizes, SizesOf(question, fit.convention, *answer.advice.parameter_count.estimate, subject.flops));
  static_cast<TradeOffParts&>(answer) = WeighParts(ensemble, question, subject);
  for (const Fit* tuned : question.hyperparameter_fits) {
    ASSIGN_OR_RETURN(HyperparameterAdvice advice, AdviseHyperparameter(*tuned, subject.plan.parameter_count, subject.plan.token_count));
    answer.hyperparameters.push_back(std::move(advice));
  }
  if (!fit.drift_weighted || !ReachesPastRuns(answer, subject, ensemble.greatest_training_flops)) return answer;
  const absl::StatusOr<LawEnsemble> weighted = MakeLawEnsemble(DriftWeightedFit(fit));
  if (!weighted.ok()) return answer;  // It has no best split.
  answer.drift_weighted = WeighParts(*weighted, question, subject);
  answer.drift_weight_sum = fit.drift_weighted->weight_sum;
  return answer;
}

}  // namespace isoflop
