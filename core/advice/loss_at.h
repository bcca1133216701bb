#ifndef ISOFLOP_CORE_ADVICE_LOSS_AT_H_
#define ISOFLOP_CORE_ADVICE_LOSS_AT_H_

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "core/law/law.h"

namespace isoflop {

// The law of `fit`, where it tells the loss from a planned run's size and tokens alone. FailedPrecondition where the fit has no parameters, or
// the law needs other quantities besides.
absl::StatusOr<const Law*> LawInSizeAndTokens(const Fit& fit);

// The loss of a run without repeated data, in nats/token, at coordinates of such a law. N and D are positive.
double LossAt(const Law& law, const Theta& theta, double parameter_count, double token_count);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_LOSS_AT_H_
