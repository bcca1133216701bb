#ifndef ISOFLOP_CORE_ADVICE_FRONTIER_LAW_H_
#define ISOFLOP_CORE_ADVICE_FRONTIER_LAW_H_

#include "core/law/additive_law.h"

namespace isoflop {

// The least loss that an additive law gives C training FLOPs, at the best split of 6 N D = C:
//
//   L_opt(C) = E + K C^-g,   g = alpha beta / (alpha + beta),   K = (A G^-alpha + B G^beta) 6^g,
//   G = (alpha A / (beta B))^(1 / (alpha + beta))
//
// Not finite where the law has no inner optimum (core/law/additive_law.h).
struct FrontierLaw {
  double irreducible_loss = 0;  // E, nats/token
  double coefficient = 0;       // K
  double exponent = 0;          // g
};
FrontierLaw ComputeFrontierLaw(const AdditiveLaw& law);

// L_opt(C), nats/token; C positive.
double LeastLoss(const FrontierLaw& frontier, double training_flops);

// dL_opt / d ln C = -g (L_opt - E), nats/token.
double LossPerLogCompute(const FrontierLaw& frontier, double training_flops);

// C*(L) = (K / (L - E))^(1 / g), FLOPs: the compute that reaches loss L at the best split. Infinite where L <= E.
double ComputeEquivalent(const FrontierLaw& frontier, double loss_nats_per_token);

// 1 - C*(L(N, D)) / (6 N D): the part of a run's compute that the best split would have saved at the same loss.
double WastedShare(const AdditiveLaw& law, double parameter_count, double token_count);

// What `compute_factor` times the compute multiplies: N by k^a, D by k^b, L - E by k^-g.
struct ScaleUp {
  double parameter_factor = 0;
  double token_factor = 0;
  double reducible_loss_factor = 0;
};
ScaleUp ComputeScaleUp(const AdditiveLaw& law, double compute_factor);

// 2^(1/g): how many times the compute halves L - E.
double HalvingComputeFactor(const FrontierLaw& frontier);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_FRONTIER_LAW_H_
