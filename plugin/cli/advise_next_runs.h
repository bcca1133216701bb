#ifndef ISOFLOP_PLUGIN_CLI_ADVISE_NEXT_RUNS_H_
#define ISOFLOP_PLUGIN_CLI_ADVISE_NEXT_RUNS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/next_runs_advice.h"

namespace isoflop {

struct NextRunsFlags {
  bool asked = false;
  double sweep = 0;  // FLOPs; 0: one by one.
  int count = 6;
  double precision = kWantedPrecision;
  std::string candidates_path;  // Empty: none.
  std::string plan_path;        // Empty: none; - for standard output.
};

// --next-runs and what goes with it.
void AddNextRunsFlags(CLI::App& command, NextRunsFlags& flags);

// `budgets`: none, or the one whose answer is sought. InvalidArgument for more, and for a table of candidates that cannot be read; else codes as
// AdviseNextRuns.
absl::StatusOr<NextRunsAdvice> RunNextRuns(const NextRunsFlags& flags, const Fit& fit, const std::vector<double>& budgets);

// What --next-runs prints for people.
std::string NextRunsTable(const NextRunsAdvice& advice);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_ADVISE_NEXT_RUNS_H_
