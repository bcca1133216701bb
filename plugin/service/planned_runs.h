#ifndef ISOFLOP_PLUGIN_SERVICE_PLANNED_RUNS_H_
#define ISOFLOP_PLUGIN_SERVICE_PLANNED_RUNS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/check/check_plans.h"
#include "plugin/document/planned_runs_document.h"
#include "plugin/recognize/recognize.h"
#include "plugin/store/plan_records.h"

namespace isoflop {

// The runs of a report as they are kept, judged by `snapshot` at `time_ms`. InvalidArgument where two have one name: a run would be of both.
absl::StatusOr<std::vector<PlanRecord>> RecordsOf(const CheckReport& report, const FitSnapshot& snapshot, int64_t time_ms);

// Each record beside the run that it led to, in their order. A run is of the newest record of its plan that was made before the service heard of it;
// where none was, before it heard that the run had ended, and in any case not after the run's own end: so no prediction knows its run's loss. Of several
// runs of one record a used one stands for them, else one under way, the latest first. Records that a newer one of their plan replaced before
// any run came are left out.
std::vector<PlanFigures> JoinPlans(const std::vector<PlanRecord>& records, const std::vector<RunOfPlan>& runs, const RecognizedStudy& recognized);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_PLANNED_RUNS_H_
