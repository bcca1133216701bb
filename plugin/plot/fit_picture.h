#ifndef ISOFLOP_PLUGIN_PLOT_FIT_PICTURE_H_
#define ISOFLOP_PLUGIN_PLOT_FIT_PICTURE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"

namespace isoflop {

// A fit, the runs it came from and the options it was made with; all outlive the drawing.
struct FittedRuns {
  const Fit* fit = nullptr;
  const std::vector<Observation>* observations = nullptr;
  FitOptions options;
};

// One fit as an SVG document: loss against compute, IsoFLOP profiles where runs share budgets, residuals of a law, best
// size against compute without one. Returns InvalidArgument where there is nothing to draw.
absl::StatusOr<std::string> DrawFit(const FittedRuns& fitted);

// Several side by side, a column each, over the same axes. Codes as DrawFit.
absl::StatusOr<std::string> DrawFits(const std::vector<FittedRuns>& fitted);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLOT_FIT_PICTURE_H_
