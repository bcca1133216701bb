#ifndef ISOFLOP_PLUGIN_CLI_CSV_TABLE_H_
#define ISOFLOP_PLUGIN_CLI_CSV_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace isoflop {

// One record of a CSV file.
struct CsvRecord {
  int64_t line = 0;  // On which it starts; the first line of the file is 1.
  std::vector<std::string> fields;
};

// Splits CSV text (RFC 4180) into records; blank lines are left out, a byte-order mark is dropped. InvalidArgument, starting with
// "`file_name`:line:", where quoting is broken and for bytes that are no UTF-8 text.
absl::StatusOr<std::vector<CsvRecord>> ReadCsvRecords(std::string_view text, std::string_view file_name);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_CSV_TABLE_H_
