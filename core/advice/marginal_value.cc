#include "core/advice/marginal_value.h"

#include <cmath>

namespace isoflop {

MarginalValue ComputeMarginalValue(const AdditiveLaw& law, double parameter_count, double token_count) {
  const double x = law.parameter_loss_exponent * law.parameter_loss_coefficient * std::pow(parameter_count, -law.parameter_loss_exponent);
  const double y = law.token_loss_exponent * law.token_loss_coefficient * std::pow(token_count, -law.token_loss_exponent);
  const double loss = PredictLoss(law, parameter_count, token_count);
  return {.loss_per_log_parameters = -x, .loss_per_log_tokens = -y, .parameter_elasticity = -x / loss, .token_elasticity = -y / loss};
}

}  // namespace isoflop
