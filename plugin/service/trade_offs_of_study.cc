#include "plugin/service/trade_offs_of_study.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/document/round_steps.h"
#include "plugin/document/trade_offs_document.h"

namespace isoflop {
namespace {

constexpr double kUsualExtrapolation = 10;  // As of the panel.

bool MakesNoBudget(const TradeOffsQuestion& question) {
  const bool is_plan = question.parameter_counts.size() == 1 && question.token_counts.size() == 1;
  return !question.budget_flops && !is_plan && !question.bill && !TrainingFlopsByDeadline(question.model);
}

absl::StatusOr<const Observation*> FindRun(const std::vector<Observation>& runs, const std::string& run_id) {
  const auto found = run_id.empty() ? std::max_element(runs.begin(), runs.end(),
                                                       [](const Observation& a, const Observation& b) {
                                                         return TrainingFlopsOf(a) < TrainingFlopsOf(b);
                                                       })
                                    : std::find_if(runs.begin(), runs.end(), [&](const Observation& run) { return run.run_id == run_id; });
  if (found != runs.end()) return &*found;
  return absl::InvalidArgumentError(absl::StrCat("run_id must be of a run that the law is about, got ", run_id));
}

}  // namespace

absl::StatusOr<nlohmann::ordered_json> WeighTradeOffsOfStudy(const StudyView& view, const Fit& fit, TradeOffsQuestion question, const std::string& run_id) {
  if (fit.identified() && MakesNoBudget(question)) {
    question.budget_flops = RoundStepAtMost(kUsualExtrapolation * fit.region->training_flops->second);
  }
  ASSIGN_OR_RETURN(const Observation* run, FindRun(view.recognized->observations, run_id));
  question.run = OptimalSplit{*run->parameter_count, *run->token_count};
  // Kept where the service is set to fit them, and found by their form in N and D, or in C alone.
  std::vector<SharedLaw> tuned;
  for (const char* name : {"learning_rate", "learning_rate_by_compute", "batch_size", "batch_size_by_compute"}) {
    if (const SharedLaw law = view.FindLaw(name); law != nullptr && law->fit.identified()) tuned.push_back(law);
  }
  for (const SharedLaw& law : tuned) question.hyperparameter_fits.push_back(&law->fit);
  ASSIGN_OR_RETURN(const TradeOffs answer, WeighTradeOffs(fit, question));
  return TradeOffsDocument(answer, question, {.run_id = run->run_id, .run_name = run->run_name}, fit);
}

}  // namespace isoflop
