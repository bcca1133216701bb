#ifndef ISOFLOP_PLUGIN_STORE_CURVE_THINNER_H_
#define ISOFLOP_PLUGIN_STORE_CURVE_THINNER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "plugin/store/series_summary.h"

namespace isoflop {

// The interval of steps that `step` falls into: each step below 32 is its own, above it 16 intervals of equal width make
// up an octave [2^k, 2^(k+1)), so that neighbours are at most 6 % apart. Negative steps mirror the positive ones. Some
// 270 intervals reach a million steps, 960 of each sign reach all.
int64_t StepInterval(int64_t step);

// Chooses the points of a series that are kept for good:
//
//   the last and the first in MLflow's order, the one of least finite value (the greatest of several), and the last
//   finite one of each StepInterval.
//
// Each choice is a greatest or a least element, so the choice depends on the set of points alone: neither on their
// order, nor on how often each came, nor on whether some were thinned before: Thin(Thin(A) + B) = Thin(A + B).
class CurveThinner {
 public:
  // Returns whether the point is among the chosen ones now and was not before.
  bool Add(const StoredPoint& point);

  // The chosen points, in MLflow's order.
  std::vector<StoredPoint> Points() const;

 private:
  std::optional<StoredPoint> first_;
  std::optional<StoredPoint> last_;
  std::optional<StoredPoint> least_;
  std::map<int64_t, StoredPoint> last_of_interval_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_CURVE_THINNER_H_
