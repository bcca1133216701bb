#ifndef ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_OF_STUDY_H_
#define ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_OF_STUDY_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "core/advice/trade_offs.h"
#include "plugin/study/study_view.h"

namespace isoflop {

// TradeOffsDocument of a version of a study's law. Where the question makes no budget, the panel's default one; more compute is weighed for the run of that id,
// or of the most compute where it is empty. InvalidArgument for a run that is not among those the law is about, and
// otherwise codes as WeighTradeOffs.
absl::StatusOr<nlohmann::ordered_json> WeighTradeOffsOfStudy(const StudyView& view, const Fit& fit, TradeOffsQuestion question, const std::string& run_id);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_OF_STUDY_H_
