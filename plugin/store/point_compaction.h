#ifndef ISOFLOP_PLUGIN_STORE_POINT_COMPACTION_H_
#define ISOFLOP_PLUGIN_STORE_POINT_COMPACTION_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "plugin/store/sqlite_database.h"

namespace isoflop {

// Thins and packs the points of one settled run, as RunStore::CompactSettledRun says, within a transaction of the
// caller's. Returns whether there was one.
absl::StatusOr<bool> CompactSettledRun(SqliteDatabase& database, int64_t now_ms);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_POINT_COMPACTION_H_
