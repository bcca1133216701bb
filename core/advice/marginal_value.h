#ifndef ISOFLOP_CORE_ADVICE_MARGINAL_VALUE_H_
#define ISOFLOP_CORE_ADVICE_MARGINAL_VALUE_H_

#include "core/law/additive_law.h"

namespace isoflop {

// What a little more of each buys a run of N parameters on D new tokens, under L = E + A / N^alpha + B / D^beta:
//
//   dL/d ln N = -X,   X = alpha A N^-alpha,        dL/d ln D = -Y,   Y = beta B D^-beta
//
// 1 % more of either costs 1 % more compute, so the next percent belongs to parameters where X > Y; X = Y at the best split. Both are negative, in
// nats/token for a factor e; 1 % buys a hundredth of that. Elasticities are d ln L: -X / L and -Y / L.
struct MarginalValue {
  double loss_per_log_parameters = 0;
  double loss_per_log_tokens = 0;
  double parameter_elasticity = 0;
  double token_elasticity = 0;
};
MarginalValue ComputeMarginalValue(const AdditiveLaw& law, double parameter_count, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_MARGINAL_VALUE_H_
