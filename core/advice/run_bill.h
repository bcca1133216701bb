#ifndef ISOFLOP_CORE_ADVICE_RUN_BILL_H_
#define ISOFLOP_CORE_ADVICE_RUN_BILL_H_

#include "core/law/additive_law.h"

namespace isoflop {

// What a model costs over its life, in one unit: money, or FLOPs with the prices 1, 0, 1.
//
//   M(N, D) = 6 N D p_f + D p_d + 2 N D_inf p_s
//
// training, data, and serving D_inf tokens at 2 N FLOPs each. Prices are not negative, and p_f is positive.
struct RunPrices {
  double per_training_flop = 1;  // p_f
  double per_token = 0;          // p_d, of a training token
  double per_serving_flop = 1;   // p_s
  double served_token_count = 0; // D_inf
};

// Parts of M(N, D).
struct RunBill {
  double training = 0;
  double data = 0;
  double serving = 0;

  double total() const { return training + data + serving; }
};
RunBill ComputeBill(const RunPrices& prices, double parameter_count, double token_count);

struct PricedRun {
  double parameter_count = 0;
  double token_count = 0;
  double loss_nats_per_token = 0;
  RunBill bill;
  // dL / d ln M: what the best use of e times the bill would buy; negative.
  double loss_per_log_bill = 0;
};

// Least M(N, D) at loss L. At it, with r = X / Y (core/advice/marginal_value.h) and D the tokens that N parameters need for L,
//
//   6 p_f (1 - r) - p_d r / N + 2 D_inf p_s / D = 0
//
// whose left side grows with N: one bracketed root in ln N. Not finite where L <= E or the law has no inner optimum.
// Source: Sardana et al. 2024 (arXiv:2401.00448), equation (2), with the price of data besides.
PricedRun ComputeCheapestForLoss(const AdditiveLaw& law, const RunPrices& prices, double loss_nats_per_token);

// Least loss for a bill M: of N = (M - D p_d) / (6 D p_f + 2 D_inf p_s), the D at which X / Y is what 1 % more parameters cost over what 1 % more
// tokens cost; their quotient grows with D: one bracketed root in ln D. Then dL/d ln M = -Y / (share of M that grows with D).
// Not finite where the law has no inner optimum. M positive.
PricedRun ComputeBestForBill(const AdditiveLaw& law, const RunPrices& prices, double bill);

// The bill that .01 nats/token less costs at the margin: .01 M / -(dL / d ln M).
double BillPerHundredthOfLoss(const PricedRun& run);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_RUN_BILL_H_
