#ifndef ISOFLOP_PLUGIN_CLI_CHECK_OUTPUTS_H_
#define ISOFLOP_PLUGIN_CLI_CHECK_OUTPUTS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/check/report_format.h"

namespace isoflop {

// What is written where, as flags say it.
struct OutputFlags {
  std::string format = "table";
  const CLI::Option* format_given = nullptr;
  std::vector<std::string> outputs;  // FORMAT=PATH.
  std::string color = "auto";
  bool quiet = false;
};

// `flags` must outlive the command.
void AddOutputFlags(CLI::App& command, OutputFlags& flags);

struct OutputFile {
  ReportFormat format = ReportFormat::kText;
  std::string path;
};

struct OutputPlan {
  std::optional<ReportFormat> standard_output;
  std::vector<OutputFile> files;
};

// InvalidArgument, naming the flag: an --output that is not FORMAT=PATH, a path twice, or one of `inputs`.
absl::StatusOr<OutputPlan> OutputPlanOf(const OutputFlags& flags, const std::vector<std::string>& inputs);

// Writes every output, each file whole or not at all, and in a step of GitHub Actions whose standard output has GitHub's format the step's summary.
// InvalidArgument, naming them, where files cannot be written; the others are.
absl::Status WriteOutputs(const CheckReport& report, const OutputPlan& plan, const OutputFlags& flags);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CHECK_OUTPUTS_H_
