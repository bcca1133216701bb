#ifndef ISOFLOP_PLUGIN_CLI_COLUMNS_H_
#define ISOFLOP_PLUGIN_CLI_COLUMNS_H_

#include <string>
#include <vector>

namespace isoflop {

// Rows of a table for people, each column padded to its widest cell. The first row is the head.
std::string Columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_CLI_COLUMNS_H_
