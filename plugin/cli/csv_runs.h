#ifndef ISOFLOP_PLUGIN_CLI_CSV_RUNS_H_
#define ISOFLOP_PLUGIN_CLI_CSV_RUNS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/diagnostic.h"
#include "core/fit/observation.h"
#include "core/quantity/parameter_convention.h"
#include "core/quantity/quantity.h"

namespace isoflop {

struct CsvOptions {
  std::map<Quantity, std::string> mapping;  // The column of a quantity; others are found by the names that plugin/recognize knows.
  // Without which a row is bad. Where one of N and D has no column and C has one, it follows from C = 6ND.
  std::vector<Quantity> needed = {Quantity::kLoss, Quantity::kParameterCount, Quantity::kTokenCount};
  // Needed instead, where one of `needed` is without a column and none of these is; empty: nothing stands in.
  std::vector<Quantity> needed_otherwise;
  std::string weight_column;  // Empty: all weights 1.
  std::string run_column;     // Rows of equal value here are one run; empty: every row is one.
  // Fields of every row's architecture (plugin/recognize/read_architecture.h); they become labels and win over columns.
  std::map<std::string, std::string> architecture;
  // What is counted where no column has N, but columns and `architecture` describe the network.
  ParameterConvention architecture_convention = ParameterConvention::kTotal;
  std::vector<std::pair<std::string, std::string>> where;  // Only rows with these values in these columns are read.
};

// A rule that a line of the file breaks.
struct BadCell {
  int64_t line = 0;    // The header is line 1; a record that spans lines counts by its first.
  std::string column;  // Name of the column; empty when the whole line is at fault.
  std::string rule;
};

struct CsvRuns {
  std::vector<Observation> observations;  // Of the good lines; columns that are no quantity are their labels.
  std::vector<BadCell> bad_cells;         // In file order; one entry a rule broken.
  ParameterConvention convention = ParameterConvention::kTotal;
  bool sizes_from_architecture = false;  // N was counted, in `architecture_convention`.
  std::string loss_column;               // Its header; empty where none is a loss.
  std::optional<Diagnostic> columns_read;  // COLUMNS_READ, where reading took more than exact names.
};

// Reads a table of runs (RFC 4180; LF or CRLF; with or without a byte-order mark). Counts and FLOPs may have their digits grouped by commas
// ("1,234,567", quoted). A needed quantity that is missing, zero or negative, and a
// NaN or an infinity in any quantity's column make a line bad; an empty cell of one that is not needed is an absence.
//
// Returns InvalidArgument, starting with "`file_name`:line:", for a table that cannot be read at all: no header, a column twice, a named
// column that is not there, a needed quantity without a column, broken quoting.
absl::StatusOr<CsvRuns> ReadCsvRuns(std::string_view text, std::string_view file_name, const CsvOptions& options);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CSV_RUNS_H_
