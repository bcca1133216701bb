#include "core/advice/stopping.h"

#include <cmath>

#include "core/advice/find_root.h"
#include "core/advice/frontier_law.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kWidest = 40;  // A length is sought within this many e-foldings.

}  // namespace

double ExcessOverConverged(const AdditiveLaw& law, double parameter_count, double token_count) {
  return PredictLoss(law, parameter_count, token_count) / PredictLoss(law, parameter_count, INFINITY) - 1;
}

double ReducibleExcessOnFrontier(const AdditiveLaw& law) { return law.parameter_loss_exponent / law.token_loss_exponent; }

double LongestRunAsGood(const AdditiveLaw& law, double parameter_count, double log_loss_given_up) {
  const FrontierLaw frontier = ComputeFrontierLaw(law);
  const AllocationExponents split = ComputeAllocationExponents(law);
  // The frontier's run of this size.
  const double flops = std::pow(parameter_count / split.parameter_coefficient, 1 / split.parameter_exponent);
  const double shortest = std::log(TokenCountForBudget(flops, parameter_count));
  const auto excess = [&](double log_tokens) {
    const double d = std::exp(log_tokens);
    return std::log(PredictLoss(law, parameter_count, d) / LeastLoss(frontier, TrainingFlops(parameter_count, d))) - log_loss_given_up;
  };
  if (!(excess(shortest + kWidest) > 0)) return std::isnan(shortest) ? shortest : INFINITY;
  return std::exp(FindRoot(excess, shortest, shortest + kWidest));
}

double TrainingFlopsWhereRestartWins(const AdditiveLaw& law, double parameter_count, double token_count) {
  const FrontierLaw frontier = ComputeFrontierLaw(law);
  const auto advantage = [&](double log_flops) {
    const double flops = std::exp(log_flops);
    return PredictLoss(law, parameter_count, token_count + TokenCountForBudget(flops, parameter_count)) - LeastLoss(frontier, flops);
  };
  const double centre = std::log(TrainingFlops(parameter_count, token_count));
  if (std::isnan(frontier.coefficient)) return frontier.coefficient;
  return std::exp(FindRoot(advantage, centre - kWidest, centre + kWidest));
}

}  // namespace isoflop
