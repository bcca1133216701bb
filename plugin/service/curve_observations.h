#ifndef ISOFLOP_PLUGIN_SERVICE_CURVE_OBSERVATIONS_H_
#define ISOFLOP_PLUGIN_SERVICE_CURVE_OBSERVATIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "plugin/recognize/recognize.h"
#include "plugin/store/run_store.h"

namespace isoflop {

inline constexpr int kGreatestObservationCount = 100'000;  // That one call may fit.

// What approach envelope fits: `recognized`, with the points of each run's loss curve in place of the run's one observation. Of each
// StepInterval (plugin/store/curve_thinner.h; 16 an octave) the last point counts. At a point of step s:
//
//   L  the loss at s; run_group is the run, N the run's.
//   D  where tokens are a metric with two or more of such points, that metric at s, on the line between its neighbours; otherwise
//      D of the run times s / (step of the last loss).
//   C  where the run logs one, C of the run times D / (D of the run); absent otherwise.
//
// Points with a loss or a D that is not positive, or outside the steps at which that metric was logged, are left out and counted in `excluded`.
//
// FailedPrecondition where no run has two points, and over kGreatestObservationCount. Otherwise as RunStore::LoadCurves.
absl::StatusOr<RecognizedStudy> ObserveCurves(RunStore& store, const std::string& study_id, const RecognizedStudy& recognized);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_CURVE_OBSERVATIONS_H_
