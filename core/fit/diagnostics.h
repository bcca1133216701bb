#ifndef ISOFLOP_CORE_FIT_DIAGNOSTICS_H_
#define ISOFLOP_CORE_FIT_DIAGNOSTICS_H_

#include <string_view>
#include <vector>

#include "core/fit/diagnostic.h"
#include "core/fit/observation.h"
#include "core/fit/prepared.h"

namespace isoflop {

// FEW_RUNS, NARROW_RANGE, NARROW_COMPUTE and CONSTANT_RATIO (core/fit/diagnostic.h), as far as the quantities that the law takes allow them.
// Structural: they hold whatever the fit says. `needed_run_count` is the least number of runs that the law can be fitted to.
std::vector<Diagnostic> DiagnoseEvidence(const Prepared& evidence, int needed_run_count);

// Whether D/N is constant to 1 %.
bool HasConstantRatio(const std::vector<Observation>& observations);

// Whether every parameter of one axis is free, and there is one: a single value of its quantity then leaves them undetermined.
bool AxisIsFree(const Prepared& evidence, Axis axis);

// Errors first, then warnings; the order within a severity is kept.
void SortWorstFirst(std::vector<Diagnostic>& diagnostics);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_DIAGNOSTICS_H_
