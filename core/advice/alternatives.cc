#include "core/advice/alternatives.h"

#include <algorithm>
#include <cmath>

#include "core/advice/frontier_law.h"
#include "core/advice/iso_loss.h"
#include "core/base/significant_digits.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

void FillSameLoss(const LawEnsemble& ensemble, const CostModel& model, double loss, double size, Alternative& alternative) {
  const auto tokens_of = [&](const RepeatedDataLaw& law) {
    if (model.unique_token_count) return TokenCountForLoss(law, size, *model.unique_token_count, loss);
    return TokenCountForLoss(law.base, size, loss);
  };
  const double tokens = tokens_of(ensemble.estimate);
  const double flops = TrainingFlops(size, tokens);
  const auto of = [&](const Figure& figure) { return IntervalOf(ensemble, flops, figure); };
  alternative.same_loss_token_count = of(tokens_of);
  alternative.same_loss_training_flops = of([&](const RepeatedDataLaw& law) { return TrainingFlops(size, tokens_of(law)); });
  alternative.same_loss_compute_factor = of([&](const RepeatedDataLaw& law) {
    return TrainingFlops(size, tokens_of(law)) / ComputeEquivalent(ComputeFrontierLaw(law.base), loss);
  });
  if (!std::isfinite(tokens)) return;
  if (model.unique_token_count) alternative.same_loss_epoch_count = RoundResult(tokens / *model.unique_token_count);
  alternative.same_loss_cost = CostOf(model, size, tokens);
}

}  // namespace

std::vector<Alternative> CompareAlternatives(const LawEnsemble& ensemble, const CostModel& model, double training_flops,
                                             double loss_nats_per_token, const std::vector<double>& parameter_counts) {
  std::vector<Alternative> alternatives;
  for (const double size : parameter_counts) {
    Alternative alternative{.same_compute = DescribeRun(ensemble, model, size, TokenCountForBudget(training_flops, size))};
    FillSameLoss(ensemble, model, loss_nats_per_token, size, alternative);
    alternatives.push_back(std::move(alternative));
  }
  return alternatives;
}

size_t CompareWithMenuBest(const LawEnsemble& ensemble, const CostModel& model, std::vector<Alternative>& alternatives) {
  const auto loss_of = [&](const Alternative& one, const RepeatedDataLaw& law) {
    return LossOfRun(law, model, one.same_compute.parameter_count, one.same_compute.token_count);
  };
  const auto best = std::min_element(alternatives.begin(), alternatives.end(), [&](const Alternative& a, const Alternative& b) {
    return loss_of(a, ensemble.estimate) < loss_of(b, ensemble.estimate);
  });
  const double least = loss_of(*best, ensemble.estimate);
  for (Alternative& one : alternatives) {
    one.above_menu_best = IntervalOf(ensemble, one.same_compute.training_flops,
                                     [&](const RepeatedDataLaw& law) { return loss_of(one, law) - loss_of(*best, law); });
    one.as_good_as_menu_best = IsAsGood(ensemble, loss_of(one, ensemble.estimate), least);
  }
  return static_cast<size_t>(best - alternatives.begin());
}

}  // namespace isoflop
