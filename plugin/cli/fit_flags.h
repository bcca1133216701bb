#ifndef ISOFLOP_PLUGIN_CLI_FIT_FLAGS_H_
#define ISOFLOP_PLUGIN_CLI_FIT_FLAGS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "plugin/cli/conversion_flags.h"
#include "plugin/cli/csv_runs.h"

namespace isoflop {

// What to read and how to fit it: the flags that `fit` and `compare` share, as given.
struct FitFlags {
  std::string path;
  std::string law = "chinchilla";
  std::string loss = "huber";
  std::string convention;
  std::string abscissa;
  std::vector<std::string> mapping, fixed, bounds, priors, where;
  std::string weight_column, run_column, group_column, published_prior;
  double huber_delta = kDefaultHuberDelta;
  std::optional<double> guess_loss;
  double hold_out_fraction = 0.2;
  int replica_count = kDefaultReplicaCount;
  uint64_t seed = 1;
  bool skip_bad_rows = false;
  ConversionFlags conversion;
};

// Declares the flags on a subcommand; `--law` and `--loss` are left to the caller.
void AddFitFlags(CLI::App& command, FitFlags& flags);

// The options of a fit. InvalidArgument names the flag, the rule and the value.
absl::StatusOr<FitOptions> MakeFitOptions(const FitFlags& flags);

// What to read from the table for that law. Codes as MakeFitOptions.
absl::StatusOr<CsvOptions> MakeCsvOptions(const FitFlags& flags, const std::vector<Quantity>& needed);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_FIT_FLAGS_H_
