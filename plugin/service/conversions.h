#ifndef ISOFLOP_PLUGIN_SERVICE_CONVERSIONS_H_
#define ISOFLOP_PLUGIN_SERVICE_CONVERSIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "core/advice/allocation.h"
#include "core/fit/fit.h"
#include "isoflop/v1/advice.pb.h"
#include "isoflop/v1/fitted_laws.pb.h"
#include "isoflop/v1/run_events.pb.h"
#include "isoflop/v1/studies.pb.h"
#include "plugin/store/run_event.h"
#include "plugin/study/study_view.h"

namespace isoflop {

// Between messages and structs: nothing else in the service knows both, but compute_fit.h its request.

// InvalidArgument when the event has no kind. What it says is not checked.
absl::StatusOr<RunEvent> RunEventOf(const v1::RunEvent& message);

v1::FittedLaw FittedLawMessage(const std::string& study_id, const PublishedLaw& law);
// Of a fit that is not kept: without name, version and create_time.
v1::FittedLaw UnkeptLawMessage(const Fit& fit);
v1::Refit RefitMessage(const RefitRecord& refit);
v1::FittedLawChange FittedLawChangeMessage(const StudyView& view);
v1::Advice AdviceMessage(const Advice& advice);
v1::Study StudyMessage(const StudyView& view);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_CONVERSIONS_H_
