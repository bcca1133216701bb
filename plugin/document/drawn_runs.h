#ifndef ISOFLOP_PLUGIN_DOCUMENT_DRAWN_RUNS_H_
#define ISOFLOP_PLUGIN_DOCUMENT_DRAWN_RUNS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "core/fit/fit.h"
#include "core/fit/observation.h"

namespace isoflop {

inline constexpr size_t kMostDrawnRuns = 2000;

// Which runs a page draws. The counts say why; a run counts for the first reason that holds.
struct DrawnRuns {
  std::vector<size_t> indices;  // Ascending, of the runs given.
  size_t frontier_count = 0;    // Runs of a lower loss than any of less compute.
  size_t outlier_count = 0;     // The furthest from the law, of those further than 3 times the noise; at most 300.
  size_t latest_count = 0;      // The 200 that ended last.
  size_t thinned_count = 0;     // An even share of the rest, in order of compute.
};

// All runs where they are no more than kMostDrawnRuns (then each counts as thinned), else so many of them. Every run has N, D and L.
// `log_residuals` has shape [run_count], or is empty where there is no law; without `noise`, the robust scale of a log residual, there are no
// outliers. Does not depend on the order of the runs but by its indices.
DrawnRuns ChooseDrawnRuns(const std::vector<Observation>& runs, const std::vector<double>& log_residuals, std::optional<double> noise);

// The same with the noise of a fit, which may be null.
DrawnRuns DrawnRunsOf(const std::vector<Observation>& runs, const std::vector<double>& log_residuals, const Fit* fit);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_DRAWN_RUNS_H_
