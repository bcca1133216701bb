#include "plugin/service/trade_offs_of_study.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/document/round_steps.h"

namespace isoflop {
namespace {

constexpr double kUsualExtrapolation = 10;  // As of the panel.
constexpr size_t kDearestRuns = 8;          // With more, a page with every question would pass its 4 kB.

bool MakesNoBudget(const TradeOffsQuestion& question) {
  const bool is_fixed = question.parameter_counts.size() == 1 || question.token_counts.size() == 1;
  return !question.budget_flops && !is_fixed && !question.bill && !TrainingFlopsByDeadline(question.model);
}

absl::Status AskForRun(const std::vector<Observation>& runs, const std::string& run_id, StudyTradeOffs& weighed) {
  if (run_id.empty()) return absl::OkStatus();
  const auto run = std::find_if(runs.begin(), runs.end(), [&](const Observation& one) { return one.run_id == run_id; });
  if (run == runs.end()) return absl::InvalidArgumentError(absl::StrCat("run_id must be of a run that the law is about, got ", run_id));
  weighed.question.run = OptimalSplit{*run->parameter_count, *run->token_count};
  weighed.run = {.run_id = run->run_id, .run_name = run->run_name};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<StudyTradeOffs> WeighTradeOffsOfStudy(const StudyView& view, const Fit& fit, TradeOffsQuestion question, const std::string& run_id) {
  StudyTradeOffs weighed{.question = std::move(question)};
  if (fit.identified() && MakesNoBudget(weighed.question)) {
    weighed.question.budget_flops = RoundStepAtMost(kUsualExtrapolation * fit.region->training_flops->second);
  }
  RETURN_IF_ERROR(AskForRun(view.recognized->observations, run_id, weighed));
  // Kept where the service is set to fit them.
  std::vector<SharedLaw> tuned;
  for (const char* name : kHyperparameterLaws) {
    if (const SharedLaw law = view.FindLaw(name); law != nullptr && law->fit.identified()) tuned.push_back(law);
  }
  for (const SharedLaw& law : tuned) weighed.question.hyperparameter_fits.push_back(&law->fit);
  ASSIGN_OR_RETURN(weighed.answer, WeighTradeOffs(fit, weighed.question));
  weighed.question.hyperparameter_fits.clear();
  return weighed;
}

std::vector<NamedRun> DearestRuns(const StudyView& view) {
  std::vector<const Observation*> runs;
  for (const Observation& run : view.recognized->observations) runs.push_back(&run);
  const auto dearer = [](const Observation* a, const Observation* b) {
    if (const auto of_a = TrainingFlopsOf(*a), of_b = TrainingFlopsOf(*b); of_a != of_b) return of_a > of_b;
    return a->run_id < b->run_id;
  };
  const size_t count = std::min(runs.size(), kDearestRuns);
  std::partial_sort(runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(count), runs.end(), dearer);
  std::vector<NamedRun> dearest;
  for (size_t rank = 0; rank < count; ++rank) dearest.push_back({.run_id = runs[rank]->run_id, .run_name = runs[rank]->run_name});
  return dearest;
}

}  // namespace isoflop
