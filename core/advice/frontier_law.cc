#include "core/advice/frontier_law.h"

#include <cmath>

#include "core/quantity/training_flops.h"

namespace isoflop {

FrontierLaw ComputeFrontierLaw(const AdditiveLaw& law) {
  const AllocationExponents split = ComputeAllocationExponents(law);
  const double alpha = law.parameter_loss_exponent, beta = law.token_loss_exponent;
  return {.irreducible_loss = law.irreducible_loss,
          .coefficient = law.parameter_loss_coefficient * std::pow(split.parameter_coefficient, -alpha) +
                         law.token_loss_coefficient * std::pow(split.token_coefficient, -beta),
          .exponent = alpha * beta / (alpha + beta)};
}

double LeastLoss(const FrontierLaw& frontier, double training_flops) {
  return frontier.irreducible_loss + frontier.coefficient * std::pow(training_flops, -frontier.exponent);
}

double LossPerLogCompute(const FrontierLaw& frontier, double training_flops) {
  return -frontier.exponent * frontier.coefficient * std::pow(training_flops, -frontier.exponent);
}

double ComputeEquivalent(const FrontierLaw& frontier, double loss_nats_per_token) {
  const double reducible = loss_nats_per_token - frontier.irreducible_loss;
  return reducible > 0 ? std::pow(frontier.coefficient / reducible, 1 / frontier.exponent) : INFINITY;
}

double WastedShare(const AdditiveLaw& law, double parameter_count, double token_count) {
  return 1 - ComputeEquivalent(ComputeFrontierLaw(law), PredictLoss(law, parameter_count, token_count)) /
                 TrainingFlops(parameter_count, token_count);
}

ScaleUp ComputeScaleUp(const AdditiveLaw& law, double compute_factor) {
  const AllocationExponents split = ComputeAllocationExponents(law);
  return {.parameter_factor = std::pow(compute_factor, split.parameter_exponent),
          .token_factor = std::pow(compute_factor, split.token_exponent),
          .reducible_loss_factor = std::pow(compute_factor, -ComputeFrontierLaw(law).exponent)};
}

double HalvingComputeFactor(const FrontierLaw& frontier) { return std::pow(2, 1 / frontier.exponent); }

}  // namespace isoflop
