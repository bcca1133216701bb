#include "core/advice/stopping_advice.h"

#include "core/advice/stopping.h"
#include "core/base/significant_digits.h"

namespace isoflop {

StoppingAdvice AdviseStopping(const LawEnsemble& ensemble, double training_flops) {
  const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents(ensemble.estimate.base), training_flops);
  const double n = best.parameter_count, d = best.token_count;
  const auto of = [&](const Figure& figure) { return IntervalOf(ensemble, training_flops, figure); };
  StoppingAdvice advice{.parameter_count = RoundResult(n), .token_count = RoundResult(d)};
  advice.excess_over_converged = of([&](const RepeatedDataLaw& law) { return ExcessOverConverged(law.base, n, d); });
  advice.reducible_excess = of([](const RepeatedDataLaw& law) { return ReducibleExcessOnFrontier(law.base); });
  if (const double tolerance = ensemble.as_good_log_loss; tolerance > 0) {
    const auto longest = [&](const RepeatedDataLaw& law) { return LongestRunAsGood(law.base, n, tolerance); };
    advice.longest_token_count = of(longest);
    advice.longest_over_best = of([&](const RepeatedDataLaw& law) { return longest(law) / d; });
  }
  advice.restart_compute_factor =
      of([&](const RepeatedDataLaw& law) { return TrainingFlopsWhereRestartWins(law.base, n, d) / training_flops; });
  return advice;
}

}  // namespace isoflop
