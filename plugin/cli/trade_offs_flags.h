#ifndef ISOFLOP_PLUGIN_CLI_TRADE_OFFS_FLAGS_H_
#define ISOFLOP_PLUGIN_CLI_TRADE_OFFS_FLAGS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "core/advice/trade_offs.h"

namespace isoflop {

// The flags of `isoflop advise` that ask for trade-offs.
struct TradeOffsFlags {
  bool all = false;            // --trade-offs: what needs no further figure.
  TradeOffsQuestion question;  // Without a budget, and without fits of hyperparameters.
  std::vector<std::string> hyperparameter_paths;

  // Whether any of the flags was given.
  bool given(const CLI::App& command) const;
};

// Adds them to the command; `flags` must outlive it.
void AddTradeOffsFlags(CLI::App& command, TradeOffsFlags& flags);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_TRADE_OFFS_FLAGS_H_
