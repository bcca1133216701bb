#ifndef ISOFLOP_PLUGIN_CLI_CSV_COLUMNS_H_
#define ISOFLOP_PLUGIN_CLI_CSV_COLUMNS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/diagnostic.h"
#include "core/quantity/parameter_convention.h"
#include "core/quantity/quantity.h"
#include "plugin/cli/csv_runs.h"
#include "plugin/cli/csv_table.h"
#include "plugin/recognize/schedule.h"

namespace isoflop {

// A column that holds a quantity.
struct CsvColumn {
  size_t index = 0;
  std::string name;
  double unit = 1;                  // Of its figures, in the quantity's own unit.
  bool exact = true;                // Found by a known name, or mapped, and without a unit: nothing to tell.
  std::vector<std::string> others;  // Columns that might be it too.
};

// Which column of a table is what.
struct CsvColumns {
  std::map<Quantity, CsvColumn> quantities;
  std::optional<size_t> run_id, run_name;  // Labels that name the run.
  std::optional<size_t> weight, run_group;
  ScheduleColumns schedule;
  bool sizes_from_architecture = false;
  std::vector<std::pair<size_t, std::string>> where;
  ParameterConvention convention = ParameterConvention::kTotal;
  std::vector<Quantity> needed;  // Of options.needed and options.needed_otherwise, those that the table can give.
};

// Finds columns as mapped, else by known names, with or without a unit (plugin/recognize/column_header.h), and the loss, where no name is
// known, as the only column that names one. InvalidArgument, starting with "`file_name`:line:", as ReadCsvRuns.
absl::StatusOr<CsvColumns> FindColumns(const CsvRecord& header, std::string_view file_name, const CsvOptions& options);

// COLUMNS_READ (INFO): where a unit, a choice between columns or a rule decided what a quantity is; nothing where all went by exact names.
std::optional<Diagnostic> DescribeColumns(const CsvColumns& columns);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CSV_COLUMNS_H_
