#ifndef ISOFLOP_CORE_FIT_WITHHELD_INTERVALS_H_
#define ISOFLOP_CORE_FIT_WITHHELD_INTERVALS_H_

#include <optional>
#include <vector>

#include "core/fit/diagnostic.h"
#include "core/fit/prepared.h"

namespace isoflop {

// INTERVALS_WITHHELD, where what `found` says of the structure of the runs makes every interval worthless: CONSTANT_RATIO at ERROR under a law
// whose parameters of N and of D are all free. The runs then leave open what N and what D contribute. Refits to resampled runs share that
// blindness and agree with each other: on planted laws with D/N spread by .005 to .05 decades (standard deviation) their 95 % intervals hold
// the exponents in 56 to 94 studies of 100, and E in 74 to 83.
//
// Withheld are the replicas, and with them the bounds of all parameters, of the allocation and of everything that advice gives; likelihood
// profiles; and the sizes that are as good as the best. Estimates stay, under the error.
std::optional<Diagnostic> FindWithholding(const Prepared& evidence, const std::vector<Diagnostic>& found);

// Whether the findings of a fit include INTERVALS_WITHHELD.
bool IntervalsWithheld(const std::vector<Diagnostic>& found);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_WITHHELD_INTERVALS_H_
