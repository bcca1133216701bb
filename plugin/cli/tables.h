#ifndef ISOFLOP_PLUGIN_CLI_TABLES_H_
#define ISOFLOP_PLUGIN_CLI_TABLES_H_

#include <string>
#include <vector>

#include "core/advice/allocation.h"
#include "core/fit/fit.h"

namespace isoflop {

// What `isoflop fit` prints for people: the law, each parameter to six significant digits with its interval, what the runs span, and every
// caution.
std::string FitTable(const Fit& fit);

// The allocation laws of several approaches side by side, a line each; one that gives none has its reason instead.
std::string ApproachesTable(const std::vector<Fit>& fits);

// What to doubt, three lines a diagnostic: what it is, what it does, and what mends it.
std::string DiagnosticLines(const std::vector<Diagnostic>& diagnostics);

// What `isoflop advise` prints for people: a line a budget, then the cautions. Sizes are in `convention`, which is named unless it is TOTAL.
std::string AdviceTable(const std::vector<Advice>& advice, ParameterConvention convention);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_TABLES_H_
