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

// {"schema_version": 1, "version", "advice_grid": a table (table.h) of what AdviceDocument says of each budget: budget_flops, parameter_count, token_count,
// as_good_parameter_count, loss_nats_per_token, extrapolation_factor, and drift_weighted with parameter_count and token_count (of each the estimate alone) and
// loss_nats_per_token}. Losses have 6 digits and all else 4 (RoundDrawn), from which a page prints what it would print from all of them. Codes as
// AdviseAllocation.
absl::StatusOr<nlohmann::ordered_json> AdviceGridDocument(const Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_ADVICE_GRID_DOCUMENT_H_
