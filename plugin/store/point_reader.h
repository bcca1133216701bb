#ifndef ISOFLOP_PLUGIN_STORE_POINT_READER_H_
#define ISOFLOP_PLUGIN_STORE_POINT_READER_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/store/series_summary.h"
#include "plugin/store/sqlite_database.h"

namespace isoflop {

// The points of one series, from rows and blocks, in MLflow's order.
absl::StatusOr<std::vector<StoredPoint>> ReadPoints(SqliteDatabase& database, int64_t series);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_POINT_READER_H_
