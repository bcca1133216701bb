#ifndef ISOFLOP_CORE_FIT_ROBUST_SPREAD_H_
#define ISOFLOP_CORE_FIT_ROBUST_SPREAD_H_

#include <cmath>
#include <utility>
#include <vector>

#include "core/fit/percentile.h"

namespace isoflop {

// 1.4826 median |x|: of normal values around 0 their standard deviation, whatever a few others do. `values` is not empty.
inline double RobustSpread(std::vector<double> values) {
  for (double& value : values) value = std::abs(value);
  return 1.4826 * Quantile(std::move(values), 0.5);
}

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_ROBUST_SPREAD_H_
