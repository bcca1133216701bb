#ifndef ISOFLOP_PLUGIN_DOCUMENT_TRADE_OFF_SENTENCES_H_
#define ISOFLOP_PLUGIN_DOCUMENT_TRADE_OFF_SENTENCES_H_

#include <string>
#include <utility>
#include <vector>

#include "core/advice/trade_offs.h"

namespace isoflop {

// Each part of the trade-offs in words that a lead would act on, by the part's name; empty where the part is absent or says nothing. Counts have two
// significant digits and M, B or T; what the replicas do not settle is said to be open.
std::vector<std::pair<std::string, std::string>> TradeOffSentences(const TradeOffs& answer);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_DOCUMENT_TRADE_OFF_SENTENCES_H_
