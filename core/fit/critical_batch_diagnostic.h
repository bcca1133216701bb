#ifndef ISOFLOP_CORE_FIT_CRITICAL_BATCH_DIAGNOSTIC_H_
#define ISOFLOP_CORE_FIT_CRITICAL_BATCH_DIAGNOSTIC_H_

#include <optional>

#include "core/fit/diagnostic.h"
#include "core/fit/prepared.h"

namespace isoflop {

// The critical batch at the highest and the lowest loss of the runs, and how many use a larger one: CRITICAL_BATCH, an INFO. Nothing for laws
// other than kaplan_ns.
std::optional<Diagnostic> DiagnoseCriticalBatch(const Prepared& evidence, const Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_CRITICAL_BATCH_DIAGNOSTIC_H_
