#ifndef ISOFLOP_PLUGIN_PLOT_ALLOCATION_CHART_H_
#define ISOFLOP_PLUGIN_PLOT_ALLOCATION_CHART_H_

#include <optional>

#include "plugin/plot/chart.h"
#include "plugin/plot/runs_of_fit.h"

namespace isoflop {

// Best size against compute, for approaches without a law: the best size of each budget, the line through them and the 95 % interval of that
// line over the replicas; dashed past the last budget, up to ten times its compute. Nothing for a law, or without a line.
std::optional<Chart> AllocationChart(const RunsOfFit& drawn);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLOT_ALLOCATION_CHART_H_
