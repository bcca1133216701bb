#ifndef ISOFLOP_CORE_FIT_FIT_AT_H_
#define ISOFLOP_CORE_FIT_FIT_AT_H_

#include <optional>
#include <vector>

#include "core/fit/fit.h"
#include "core/fit/newton.h"
#include "core/fit/prepared.h"

namespace isoflop {

// FitLaw in two steps, with the search for optima between them, for those that keep optima from one fit to the next (core/refit).

// Whether the evidence may support the law, for all that its structure says: then RefuseByStructure has nothing.
bool MaySupportLaw(const Prepared& evidence);

// The fit without parameters of evidence that cannot support the law, whatever a search would find, with the reason; nothing when a search may
// begin.
std::optional<Fit> RefuseByStructure(const Prepared& evidence, const FitOptions& options);

// The fit that `optima` make of the evidence: best first, the first certified. Without parameters where the best is none. No replicas yet.
Fit FitAt(const Prepared& evidence, const FitOptions& options, const std::vector<NewtonResult>& optima, std::optional<HoldOut> hold_out);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_FIT_AT_H_
