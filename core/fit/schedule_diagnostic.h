#ifndef ISOFLOP_CORE_FIT_SCHEDULE_DIAGNOSTIC_H_
#define ISOFLOP_CORE_FIT_SCHEDULE_DIAGNOSTIC_H_

#include <optional>

#include "core/fit/diagnostic.h"
#include "core/fit/prepared.h"

namespace isoflop {

// UNFINISHED_SCHEDULE: runs whose learning rate ended above 15 % of its peak, or that ended before 98 % of their planned steps, as far as
// the runs tell. Read from the log, never from the loss: a loss taken at half of a cosine schedule lies near the law of finished runs.
// WARNING. Not said where no run of the fit finished its schedule and all ended at their peak rate: a study of constant rates is consistent.
std::optional<Diagnostic> DiagnoseSchedules(const Prepared& evidence);

// Whether it ended before 98 % of its planned steps, and with over 15 % of its peak learning rate; not where it does not tell.
bool StoppedEarly(const Observation& run);
bool EndedHot(const Observation& run);

// Whether its rate never decayed: ends at 99 % of its peak or more.
bool HasConstantRate(const Observation& run);

inline constexpr double kDecayedShare = 0.15;       // Of the peak learning rate.
inline constexpr double kFinishedStepShare = 0.98;  // Of the planned steps.

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_SCHEDULE_DIAGNOSTIC_H_
