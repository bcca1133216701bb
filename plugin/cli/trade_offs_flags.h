#ifndef ISOFLOP_PLUGIN_CLI_TRADE_OFFS_FLAGS_H_
#define ISOFLOP_PLUGIN_CLI_TRADE_OFFS_FLAGS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/trade_offs.h"

namespace isoflop {

// The flags of `isoflop advise` that ask for trade-offs.
struct TradeOffsFlags {
  bool all = false;            // --trade-offs: what needs no further figure.
  TradeOffsQuestion question;  // Without a budget, and without fits of hyperparameters.
  std::vector<std::string> hyperparameter_paths;
  std::string menu_path;  // Empty: none.

  // Whether any of the flags was given.
  bool given(const CLI::App& command) const;
};

// The models of a table, sizes in `convention`: as given in it, counted from the columns that describe the network, or converted; what was converted
// is told on standard error. InvalidArgument, with the line, where it cannot be read. Nothing for an empty path.
absl::StatusOr<std::vector<MenuModel>> ReadMenu(const std::string& path, ParameterConvention convention);

// Adds them to the command; `flags` must outlive it.
void AddTradeOffsFlags(CLI::App& command, TradeOffsFlags& flags);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_TRADE_OFFS_FLAGS_H_
