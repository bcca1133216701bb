#include "plugin/cli/check_outputs.h"

#include <algorithm>
#include <iostream>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status.h"
#include "plugin/check/report_github.h"
#include "plugin/check/report_markdown.h"
#include "plugin/cli/continuous_integration.h"
#include "plugin/cli/output_file.h"
#include "plugin/cli/terminal.h"

namespace isoflop {
namespace {

absl::StatusOr<OutputFile> ParseOutput(const std::string& text) {
  const size_t equals = text.find('=');
  const std::optional<ReportFormat> format = ParseReportFormat(text.substr(0, equals));
  if (equals == std::string::npos || equals + 1 == text.size() || !format) {
    return absl::InvalidArgumentError(
        absl::StrCat("--output must be FORMAT=PATH with a format of ", absl::StrJoin(ReportFormatNames(), ", "), "; got \"", text, "\""));
  }
  return OutputFile{*format, text.substr(equals + 1)};
}

// The text for people does not say again what standard error said of plans that cannot be read.
void Print(const CheckReport& report, ReportFormat format, const OutputFlags& flags) {
  if (format == ReportFormat::kText && report.runs.empty()) return;
  ReportStyle style = StyleHere();
  style.problems = false;
  if (format == ReportFormat::kText) {
    style.colour = ShowsColour(flags.color);
    style.width = TerminalWidth();
  }
  std::cout << WriteReport(report, format, style) << std::flush;
}

void AddToStepSummary(const CheckReport& report) {
  const absl::Status added = AppendToGitHubSummary([&report](size_t room) { return CheckMarkdown(report, room); });
  if (!added.ok()) std::cerr << "isoflop check: the step has no summary: " << added.message() << "\n";
}

}  // namespace

void AddOutputFlags(CLI::App& command, OutputFlags& flags) {
  flags.format_given = command.add_option("--format", flags.format, "Of standard output")->capture_default_str()->check(CLI::IsMember(ReportFormatNames()));
  command.add_option("--output", flags.outputs, "FORMAT=PATH: writes a file, too; may come several times; - is standard output, instead of --format")
      ->allow_extra_args(false);
  command.add_option("--color", flags.color, "Of text on standard output: auto, which heeds NO_COLOR and CLICOLOR_FORCE, always or never")
      ->capture_default_str()->check(CLI::IsMember({"auto", "always", "never"}));
  command.add_flag("--quiet", flags.quiet, "Nothing on standard output but what --output writes there");
}

absl::StatusOr<OutputPlan> OutputPlanOf(const OutputFlags& flags, const std::vector<std::string>& inputs) {
  OutputPlan plan;
  std::set<std::string> paths;
  for (const std::string& text : flags.outputs) {
    ASSIGN_OR_RETURN(OutputFile output, ParseOutput(text));
    if (!paths.insert(output.path).second) return absl::InvalidArgumentError(absl::StrCat("--output must name each path once, got \"", output.path, "\" twice"));
    if (output.path == "-") {
      plan.standard_output = output.format;
    } else if (std::count(inputs.begin(), inputs.end(), output.path) > 0) {
      return absl::InvalidArgumentError(absl::StrCat("--output must not write over what is read, got \"", output.path, "\""));
    } else {
      plan.files.push_back(std::move(output));
    }
  }
  if (plan.standard_output) {
    if (flags.format_given->count() > 0) return absl::InvalidArgumentError("--format and an --output to - are both of standard output: give one");
  } else if (!flags.quiet) {
    plan.standard_output = ParseReportFormat(flags.format);
  }
  return plan;
}

absl::Status WriteOutputs(const CheckReport& report, const OutputPlan& plan, const OutputFlags& flags) {
  std::vector<std::string> failures;
  const ReportStyle style = StyleHere();
  for (const OutputFile& output : plan.files) {
    const absl::Status written = WriteOutputFile(output.path, WriteReport(report, output.format, style));
    if (!written.ok()) failures.emplace_back(written.message());
  }
  if (plan.standard_output == ReportFormat::kGitHub) AddToStepSummary(report);
  // Last: whoever reads it may stop early.
  if (plan.standard_output) Print(report, *plan.standard_output, flags);
  return failures.empty() ? absl::OkStatus() : absl::InvalidArgumentError(absl::StrJoin(failures, "; "));
}

}  // namespace isoflop
