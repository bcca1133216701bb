#ifndef ISOFLOP_CORE_ADVICE_ISO_LOSS_H_
#define ISOFLOP_CORE_ADVICE_ISO_LOSS_H_

#include "core/law/additive_law.h"

namespace isoflop {

// D = (B / (L - E - A N^-alpha))^(1 / beta): tokens with which N parameters reach loss L. Infinite where they never do.
double TokenCountForLoss(const AdditiveLaw& law, double parameter_count, double loss_nats_per_token);

// N = (A / (L - E - B D^-beta))^(1 / alpha): parameters with which D tokens reach loss L. Infinite where they never do.
double ParameterCountForLoss(const AdditiveLaw& law, double token_count, double loss_nats_per_token);

// Training FLOPs, the same for both, at which models of two sizes reach one loss; below, the smaller is better:
//
//   C = 6 (B (N2^beta - N1^beta) / (A (N1^-alpha - N2^-alpha)))^(1 / beta)
//
// Not finite for two equal sizes.
double TrainingFlopsOfTie(const AdditiveLaw& law, double parameter_count, double other_parameter_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_ISO_LOSS_H_
