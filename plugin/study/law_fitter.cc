#include "plugin/study/law_fitter.h"

#include <utility>

#include "core/base/status.h"

namespace isoflop {

absl::StatusOr<FittedPoint> LawFitter::FitPoint(const RecognizedStudy& study) {
  options_.convention = study.convention;
  FittedPoint point;
  ASSIGN_OR_RETURN(point.fit, FitLaw(study.observations, options_));
  return point;
}

absl::Status LawFitter::FitIntervals(const RecognizedStudy& study, const std::function<bool()>& cancelled, Fit& fit) {
  options_.convention = study.convention;
  return ComputeReplicas(study.observations, options_, cancelled, fit);
}

}  // namespace isoflop
