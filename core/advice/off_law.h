#ifndef ISOFLOP_CORE_ADVICE_OFF_LAW_H_
#define ISOFLOP_CORE_ADVICE_OFF_LAW_H_

#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/observation.h"

namespace isoflop {

// How far a finished run ends off what the other runs say of it.
struct OffLaw {
  double log_loss_shift = 0;  // e, in ln L: above what is expected is positive.
  double z = 0;               // In standard deviations of run noise there.
};

struct OffLawReport {
  std::vector<OffLaw> runs;              // In the order of the observations. Shape [run_count].
  double scale = 0;                      // s, of ln L.
  double smallest_visible_shift = 0;     // Seen nine times in ten at kWarnZ: (4 + 1.28) s, of ln L.
};

// A law is fitted to all runs (core/advice/design_fit.h), with the Huber delta of reported laws, so that the runs that are off pull it least; a run's residual without it is r / (1 - h), h its leverage. What the law leaves over
// smoothly is taken off by the surface through the other runs (core/advice/residual_surface.h), with error e and variance v:
//
//   z = e / (s sqrt(v)),   s = 1.4826 median |e / sqrt(v)| sqrt(n / (n - 5))
//
// A shift of +1 % is below what published studies can show.
// FailedPrecondition below kLeastOffLawRuns; otherwise as FitForDesign.
absl::StatusOr<OffLawReport> FindOffLaw(const std::vector<Observation>& observations);

inline constexpr double kWarnZ = 4;  // |z| above: off the law.
inline constexpr double kNoteZ = 3;  // Worth a look.
inline constexpr size_t kLeastOffLawRuns = 8;

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_OFF_LAW_H_
