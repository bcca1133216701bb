#ifndef ISOFLOP_CORE_ADVICE_TOKEN_LIMITED_H_
#define ISOFLOP_CORE_ADVICE_TOKEN_LIMITED_H_

#include "core/law/additive_law.h"

namespace isoflop {

// The best run of C = 6 N D training FLOPs on at most `greatest_token_count` tokens: what one epoch holds, or what a rate of tokens or of the
// largest useful batch lets through before a deadline. Past the limit D stays there and N = C / (6 D), whence
//
//   dL/d ln C = -X,   dL/d ln D_max = X - Y at fixed C        (X, Y: core/advice/marginal_value.h)
//
// Where the limit does not bind, D is the best split's and the last derivative 0. Inputs positive; not finite without an inner optimum.
struct TokenLimitedRun {
  double parameter_count = 0;
  double token_count = 0;
  double loss_nats_per_token = 0;
  double loss_per_log_compute = 0;
  double loss_per_log_limit = 0;
};
TokenLimitedRun ComputeTokenLimitedRun(const AdditiveLaw& law, double training_flops, double greatest_token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_TOKEN_LIMITED_H_
