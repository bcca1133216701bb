#ifndef ISOFLOP_PLUGIN_CLI_TRADE_OFFS_TABLE_H_
#define ISOFLOP_PLUGIN_CLI_TRADE_OFFS_TABLE_H_

#include <string>

#include "core/advice/trade_offs.h"

namespace isoflop {

// What `isoflop advise` prints of trade-offs for people: each part as a small table under the sentence that sums it up.
std::string TradeOffsTable(const TradeOffs& answer);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_TRADE_OFFS_TABLE_H_
