#include "core/advice/fixed_choice.h"

#include <cmath>
#include <functional>

#include "core/advice/iso_loss.h"
#include "core/base/significant_digits.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

using Split = std::function<OptimalSplit(const AdditiveLaw&)>;

WayToLoss Describe(const LawEnsemble& ensemble, const CostModel& model, const Split& split) {
  const OptimalSplit own = split(ensemble.estimate.base);
  const double flops = TrainingFlops(own.parameter_count, own.token_count);
  const auto of = [&](const Figure& figure) { return IntervalOf(ensemble, flops, figure); };
  WayToLoss way{.parameter_count = of([&](const RepeatedDataLaw& law) { return split(law.base).parameter_count; }),
                .token_count = of([&](const RepeatedDataLaw& law) { return split(law.base).token_count; }),
                .training_flops = of([&](const RepeatedDataLaw& law) {
                  const OptimalSplit run = split(law.base);
                  return TrainingFlops(run.parameter_count, run.token_count);
                })};
  if (std::isfinite(flops)) way.cost = CostOf(model, own.parameter_count, own.token_count);
  return way;
}

FixedChoice Advise(const LawEnsemble& ensemble, const CostModel& given, const Split& best, const std::optional<Split>& target) {
  CostModel model = given;  // All tokens new.
  model.unique_token_count.reset();
  const OptimalSplit run = best(ensemble.estimate.base);
  FixedChoice choice{.best = Describe(ensemble, model, best)};
  choice.loss_nats_per_token = NewRunLossOf(ensemble, TrainingFlops(run.parameter_count, run.token_count), [&](const RepeatedDataLaw& law) {
    return PredictLoss(law.base, run.parameter_count, run.token_count);
  });
  if (target) choice.target = Describe(ensemble, model, *target);
  return choice;
}

}  // namespace

OptimalSplit BestSplitOfSize(const AdditiveLaw& law, double parameter_count) {
  const AllocationExponents split = ComputeAllocationExponents(law);
  const double flops = std::pow(parameter_count / split.parameter_coefficient, 1 / split.parameter_exponent);
  return {parameter_count, TokenCountForBudget(flops, parameter_count)};
}

OptimalSplit BestSplitOfTokens(const AdditiveLaw& law, double token_count) {
  const AllocationExponents split = ComputeAllocationExponents(law);
  const double flops = std::pow(token_count / split.token_coefficient, 1 / split.token_exponent);
  return {flops / (kFlopsPerParameterToken * token_count), token_count};
}

FixedChoice AdviseFixedSize(const LawEnsemble& ensemble, const CostModel& model, double parameter_count, std::optional<double> target_loss) {
  std::optional<Split> target;
  if (target_loss) {
    target = [=](const AdditiveLaw& law) { return OptimalSplit{parameter_count, TokenCountForLoss(law, parameter_count, *target_loss)}; };
  }
  FixedChoice choice = Advise(ensemble, model, [=](const AdditiveLaw& law) { return BestSplitOfSize(law, parameter_count); }, target);
  choice.parameter_count = parameter_count;
  return choice;
}

FixedChoice AdviseFixedTokens(const LawEnsemble& ensemble, const CostModel& model, double token_count, std::optional<double> target_loss) {
  std::optional<Split> target;
  if (target_loss) {
    target = [=](const AdditiveLaw& law) { return OptimalSplit{ParameterCountForLoss(law, token_count, *target_loss), token_count}; };
  }
  FixedChoice choice = Advise(ensemble, model, [=](const AdditiveLaw& law) { return BestSplitOfTokens(law, token_count); }, target);
  choice.token_count = token_count;
  return choice;
}

}  // namespace isoflop
