#include "plugin/service/advise_study.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"

namespace isoflop {

absl::Status CheckBudgets(const std::vector<double>& budget_flops) {
  if (budget_flops.empty() || budget_flops.size() > kGreatestBudgetCount) {
    return absl::InvalidArgumentError(
        absl::StrCat("budget_flops must hold 1 to ", kGreatestBudgetCount, " budgets, got ", budget_flops.size()));
  }
  for (const double budget : budget_flops) {
    if (std::isfinite(budget) && budget > 0) continue;
    return absl::InvalidArgumentError(absl::StrCat("budget_flops must be positive and finite, got ", budget));
  }
  return absl::OkStatus();
}

absl::StatusOr<SharedLaw> WithAskedTolerance(SharedLaw law, const std::optional<double>& tolerance) {
  if (!tolerance) return law;
  RETURN_IF_ERROR(CheckTolerance(*tolerance));
  return WithTolerance(std::move(law), tolerance);
}

absl::StatusOr<std::vector<Advice>> AdviseStudy(const StudyView& view, const std::vector<double>& budget_flops,
                                                const std::optional<double>& tolerance) {
  RETURN_IF_ERROR(CheckBudgets(budget_flops));
  if (view.law == nullptr) {
    return absl::NotFoundError(absl::StrCat("study: ", view.study_id, " has no law yet"));
  }
  ASSIGN_OR_RETURN(const SharedLaw law, WithAskedTolerance(view.law, tolerance));
  std::vector<Advice> advice;
  for (const double budget : budget_flops) {
    ASSIGN_OR_RETURN(Advice one, AdviseAllocation(law->fit, budget));
    advice.push_back(std::move(one));
  }
  return advice;
}

}  // namespace isoflop
