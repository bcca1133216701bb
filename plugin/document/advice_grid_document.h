#ifndef ISOFLOP_PLUGIN_DOCUMENT_ADVICE_GRID_DOCUMENT_H_
#define ISOFLOP_PLUGIN_DOCUMENT_ADVICE_GRID_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"

namespace isoflop {

// Budgets in FLOPs that a reader may ask "what if" about: 12 a decade, each of two significant digits so that what is printed is what was
// asked, from three decades below the decade of the largest run to three above it. 1e19 to 1e25 for a largest run of 1.3e22.
std::vector<double> GridBudgets(double largest_training_flops);

// {"schema_version": 1, "version", "advice_grid": [one object of AdviceDocument a budget, without "convention", "tolerance" and the diagnostics]}. Codes as AdviseAllocation.
absl::StatusOr<nlohmann::ordered_json> AdviceGridDocument(const Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_ADVICE_GRID_DOCUMENT_H_
