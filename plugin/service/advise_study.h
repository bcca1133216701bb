#ifndef ISOFLOP_PLUGIN_SERVICE_ADVISE_STUDY_H_
#define ISOFLOP_PLUGIN_SERVICE_ADVISE_STUDY_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/allocation.h"
#include "plugin/study/study_view.h"

namespace isoflop {

inline constexpr int kGreatestBudgetCount = 1000;  // Of one request.

// OK for 1 to kGreatestBudgetCount budgets, each positive and finite; else InvalidArgument.
absl::Status CheckBudgets(const std::vector<double>& budget_flops);

// Advice from a study's newest law, one for each budget. NotFound when there is no law; FailedPrecondition when it
// cannot be identified; InvalidArgument as CheckBudgets and CheckTolerance. `tolerance`: what counts as good (core/advice/as_good.h); absent: what the study
// has set. An ERROR diagnostic of the law stands in each advice, as in `isoflop advise`.
absl::StatusOr<std::vector<Advice>> AdviseStudy(const StudyView& view, const std::vector<double>& budget_flops,
                                                const std::optional<double>& tolerance);

// The law with that tolerance; as it is for none. InvalidArgument as CheckTolerance.
absl::StatusOr<SharedLaw> WithAskedTolerance(SharedLaw law, const std::optional<double>& tolerance);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_ADVISE_STUDY_H_
