#ifndef ISOFLOP_CORE_ADVICE_REPEATED_DATA_H_
#define ISOFLOP_CORE_ADVICE_REPEATED_DATA_H_

#include <limits>

#include "core/law/additive_law.h"

namespace isoflop {

// The data-constrained law by its values: L = E + A / N'^alpha + B / D'^beta, where N' and D' are what N parameters and D tokens, of U unique
// ones, are worth (core/law/data_constrained.h has the formulas). An infinite scale means that nothing of that kind fades.
// Source: Muennighoff et al. 2023 (arXiv:2305.16264), equations (5) to (7).
struct RepeatedDataLaw {
  AdditiveLaw base;
  double token_repetition_scale = std::numeric_limits<double>::infinity();      // R_D
  double parameter_repetition_scale = std::numeric_limits<double>::infinity();  // R_N
};

// Nats/token; all inputs positive. Unique tokens beyond D count for nothing.
double PredictLoss(const RepeatedDataLaw& law, double parameter_count, double token_count, double unique_token_count);

// dL / d ln of each with the other two held, nats/token, in closed form. Negative; 0 in U where U >= D.
struct RepeatedDataMargin {
  double loss_per_log_parameters = 0;
  double loss_per_log_tokens = 0;
  double loss_per_log_unique_tokens = 0;
};
RepeatedDataMargin ComputeRepeatedDataMargin(const RepeatedDataLaw& law, double parameter_count, double token_count, double unique_token_count);

// A run of C FLOPs on U unique tokens. The derivatives hold at C and U; at the best run, N and D may follow.
struct RepeatedDataRun {
  double parameter_count = 0;
  double token_count = 0;
  double epoch_count = 0;  // D / U; under 1 where not all unique tokens are used.
  double loss_nats_per_token = 0;
  double loss_per_log_unique_tokens = 0;
  double loss_per_log_compute = 0;
};

// The best split of C = 6 N D with U unique tokens: the loss in ln N at fixed C can have a long flat valley, so a scan finds where it is least
// and the root of its slope refines. All inputs positive; not finite where the base law has no inner optimum.
RepeatedDataRun ComputeBestRepeatedRun(const RepeatedDataLaw& law, double training_flops, double unique_token_count);

// The run of D = epochs U, N = C / (6 D).
RepeatedDataRun ComputeRunAtEpochs(const RepeatedDataLaw& law, double training_flops, double unique_token_count, double epoch_count);

// Tokens, of U unique ones, with which N parameters reach loss L: repeats fade, so that no number may be enough; infinite then.
double TokenCountForLoss(const RepeatedDataLaw& law, double parameter_count, double unique_token_count, double loss_nats_per_token);

// The price of one unique token at which new data and compute buy the same loss at the margin, in the currency of `price_per_training_flop`:
//
//   p_d = (dL/dlnU / U) / (dL/dlnC / C) p_f
//
// Cheaper data is worth buying before more compute.
double BreakEvenTokenPrice(const RepeatedDataRun& run, double unique_token_count, double price_per_training_flop);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_REPEATED_DATA_H_
