#ifndef ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_QUESTION_H_
#define ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_QUESTION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/trade_offs.h"
#include "isoflop/v1/trade_offs.pb.h"

namespace isoflop {

inline constexpr int kGreatestMenu = 100;

// The question of a message and of at most one budget. InvalidArgument for over kGreatestMenu models, or an architecture that cannot be read; other
// values are checked where it is answered.
absl::StatusOr<TradeOffsQuestion> QuestionOf(const v1::TradeOffsQuestion& message, const std::vector<double>& budget_flops);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_TRADE_OFFS_QUESTION_H_
