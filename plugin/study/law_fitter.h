#ifndef ISOFLOP_PLUGIN_STUDY_LAW_FITTER_H_
#define ISOFLOP_PLUGIN_STUDY_LAW_FITTER_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "plugin/document/refit_record.h"
#include "plugin/recognize/recognize.h"

namespace isoflop {

// A point estimate and how it came about.
struct FittedPoint {
  Fit fit;  // Without intervals.
  RefitKind kind = RefitKind::kCold;
  bool basin_changed = false;
};

// Fits one law to one study's evidence as it changes. The only place that knows how. Not thread safe.
class LawFitter {
 public:
  explicit LawFitter(FitOptions options) : options_(std::move(options)) {}

  // Codes as FitLaw.
  absl::StatusOr<FittedPoint> FitPoint(const RecognizedStudy& study);

  // Fills the replicas and intervals of `fit`, the point estimate for `study`. Cancelled, with `fit` untouched, when
  // `cancelled`, asked often, says so; what was computed until then may be taken up again.
  absl::Status FitIntervals(const RecognizedStudy& study, const std::function<bool()>& cancelled, Fit& fit);

 private:
  FitOptions options_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STUDY_LAW_FITTER_H_
