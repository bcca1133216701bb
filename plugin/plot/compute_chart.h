#ifndef ISOFLOP_PLUGIN_PLOT_COMPUTE_CHART_H_
#define ISOFLOP_PLUGIN_PLOT_COMPUTE_CHART_H_

#include "plugin/plot/chart.h"
#include "plugin/plot/runs_of_fit.h"

namespace isoflop {

// Loss against compute: the runs; the least loss that the law gives each budget, with the 95 % interval of one new run
// there; dashed past the largest run, up to ten times its compute. A law in one quantity is drawn over that quantity
// instead. After approaches without a law: the runs and the least loss of each budget. Where a law has no best split of
// compute, the runs alone.
Chart ComputeChart(const RunsOfFit& drawn);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLOT_COMPUTE_CHART_H_
