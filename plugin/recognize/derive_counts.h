#ifndef ISOFLOP_PLUGIN_RECOGNIZE_DERIVE_COUNTS_H_
#define ISOFLOP_PLUGIN_RECOGNIZE_DERIVE_COUNTS_H_

#include <vector>

#include "core/fit/observation.h"
#include "core/quantity/quantity.h"

namespace isoflop {

// Fills what is absent and follows from what is given: N and D from each other by C = 6ND, D from D = SB; and S and B from D = SB where they
// are among `needed`, as what no law uses must not change the content of an observation.
void DeriveCounts(const std::vector<Quantity>& needed, Observation& observation);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_RECOGNIZE_DERIVE_COUNTS_H_
