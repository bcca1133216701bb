#ifndef ISOFLOP_CORE_ADVICE_RATE_SCHEDULE_H_
#define ISOFLOP_CORE_ADVICE_RATE_SCHEDULE_H_

#include <optional>
#include <vector>

#include "core/advice/loss_curve.h"

namespace isoflop {

// The learning rate over its peak, against the fraction of the run, linear between points. Shapes [point_count], one at least.
struct RateSchedule {
  std::vector<double> fractions;  // Ascending.
  std::vector<double> shares;     // In [0, 1].
  double warm_up = 0;             // The fraction at which 99 % of the peak is first reached; 0 where the first point is there already.

  // The first or the last share outside the points.
  double ShareAt(double fraction) const;

  // The fraction of another run that is as far past its own warm-up.
  double AlignedFraction(double fraction, const RateSchedule& other) const;
};

// The schedule that a curve shows, up to its last point, for a run of `step_count` steps; a warm-up begins at 0. Nothing where it has no positive rate.
std::optional<RateSchedule> ScheduleOf(const LossCurve& curve, double step_count);

// The greatest difference of the shares at the points of `run` past its warm-up, both taken as far past their own warm-ups: runs of one recipe
// and other lengths often share a warm-up of a fixed number of steps. 0 where `run` has no such point.
double ShapeDistance(const RateSchedule& run, const RateSchedule& other);

inline constexpr double kSameShape = 0.05;  // Distance of schedules that are taken for one: a constant and a cosine differ so from 15 % on.

// `run` so far, and `other` from there on.
RateSchedule ContinueAs(const RateSchedule& run, const RateSchedule& other);

// How the run will go on: as the constant, the linear (to 0) or the cosine schedule (to 0 or a tenth) whose distance is least, up to
// kSameForm; nothing where none is so near. A decay that has not begun cannot be seen coming.
std::optional<RateSchedule> ContinueByForm(const RateSchedule& run);

inline constexpr double kSameForm = 0.02;

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_RATE_SCHEDULE_H_
