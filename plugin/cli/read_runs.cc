#include "plugin/cli/read_runs.h"

#include <map>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/law/registry.h"
#include "plugin/cli/convert_runs.h"
#include "plugin/cli/input_file.h"
#include "plugin/recognize/column_header.h"

namespace isoflop {
namespace {

absl::StatusOr<std::vector<Exclusion>> HandleBadCells(const FitFlags& flags, const CsvRuns& runs) {
  std::vector<Exclusion> excluded;
  std::string list;
  for (const BadCell& bad : runs.bad_cells) {
    const std::string what = bad.column.empty() ? bad.rule : absl::StrFormat("column \"%s\" %s", bad.column, bad.rule);
    list += absl::StrFormat("%s:%d: %s\n", InputFileName(flags.path), bad.line, what);
    if (!excluded.empty() && excluded.back().line == bad.line) {
      excluded.back().reason += "; " + what;
    } else {
      excluded.push_back({.line = bad.line, .reason = what});
    }
  }
  if (flags.skip_bad_rows || excluded.empty()) return excluded;
  return absl::InvalidArgumentError(
      absl::StrFormat("%s%d bad row%s; --skip-bad-rows fits the rest", list, excluded.size(), excluded.size() == 1 ? "" : "s"));
}

Diagnostic DoubtfulLossUnit(const std::string& column) {
  return {.code = "LOSS_UNIT_DOUBTFUL",
          .severity = Severity::kWarning,
          .title = "Unit of the loss",
          .message = absl::StrFormat("The loss column \"%s\" is read as nats a token, and its name says otherwise.", column),
          .evidence = {},
          .effect = "Of bits, E, A and B are in bits, exponents and the best split hold; of a perplexity nothing does.",
          .fix = "Convert bits with --loss-unit; of a perplexity give the logarithm."};
}

}  // namespace

absl::StatusOr<std::vector<Quantity>> NeededQuantities(const FitOptions& options) {
  ASSIGN_OR_RETURN(const Law* law, FindLaw(options.law));
  std::vector<Quantity> needed = law->inputs();
  needed.push_back(law->response());
  if (options.abscissa) needed.push_back(*options.abscissa);
  return needed;
}

absl::StatusOr<RunsRead> ReadRuns(const FitFlags& flags, const std::vector<Quantity>& needed) {
  ASSIGN_OR_RETURN(const CsvOptions csv, MakeCsvOptions(flags, needed));
  ASSIGN_OR_RETURN(const std::string text, ReadInputFile(flags.path));
  ASSIGN_OR_RETURN(CsvRuns runs, ReadCsvRuns(text, InputFileName(flags.path), csv));
  if (!flags.convention.empty() && !runs.sizes_from_architecture) runs.convention = *ParseParameterConvention(flags.convention);
  RunsRead read;
  ASSIGN_OR_RETURN(read.diagnostics, ConvertRuns(MakeConversions(flags.conversion), runs));
  if (runs.columns_read) read.diagnostics.push_back(*runs.columns_read);
  if (MakeConversions(flags.conversion).nats_per_token == 1 && NamesAnotherLossUnit(runs.loss_column)) {
    read.diagnostics.push_back(DoubtfulLossUnit(runs.loss_column));
  }
  read.convention = runs.convention;
  ASSIGN_OR_RETURN(read.excluded, HandleBadCells(flags, runs));
  if (flags.group_column.empty()) {
    read.groups.push_back({std::nullopt, std::move(runs.observations)});
    return read;
  }
  std::map<std::string, std::vector<Observation>> groups;
  for (Observation& observation : runs.observations) {
    const auto label = observation.labels.find(flags.group_column);
    if (label == observation.labels.end()) {
      return absl::InvalidArgumentError(absl::StrFormat("--group-by names the column \"%s\", which is not there or holds a quantity",
                                                        flags.group_column));
    }
    groups[label->second].push_back(std::move(observation));
  }
  for (auto& [name, observations] : groups) read.groups.push_back({name, std::move(observations)});
  return read;
}

}  // namespace isoflop
