#ifndef ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_OF_STUDY_H_
#define ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_OF_STUDY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/trade_offs.h"
#include "plugin/document/trade_offs_document.h"
#include "plugin/study/study_view.h"

namespace isoflop {

struct StudyTradeOffs {
  TradeOffs answer;
  TradeOffsQuestion question;  // As answered: with the budget that stood in, and without fits of hyperparameters.
  NamedRun run;                // For which more compute was weighed.
};

// Trade-offs by a version of a study's law. Where the question makes no budget, the panel's default one; hyperparameters by the study's own laws of them;
// more compute is weighed for the run of that id, or for the plan where it is empty. InvalidArgument for a run that is not among those the law is
// about, and otherwise codes as WeighTradeOffs.
absl::StatusOr<StudyTradeOffs> WeighTradeOffsOfStudy(const StudyView& view, const Fit& fit, TradeOffsQuestion question, const std::string& run_id);

// The runs of the most compute among those that the law is about, dearest first: those for which a reader may ask for more.
std::vector<NamedRun> DearestRuns(const StudyView& view);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_OF_STUDY_H_
