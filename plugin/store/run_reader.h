#ifndef ISOFLOP_PLUGIN_STORE_RUN_READER_H_
#define ISOFLOP_PLUGIN_STORE_RUN_READER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plugin/recognize/run_record.h"
#include "plugin/store/run_store.h"
#include "plugin/store/sqlite_database.h"

namespace isoflop {

// Reads runs from a SQLite store, in one read transaction, as RunStore::LoadRuns says. `run_ids` null: all runs of the
// study.
absl::StatusOr<std::vector<RunRecord>> ReadRuns(SqliteDatabase& database, const std::string& study_id,
                                                const std::vector<std::string>* run_ids);

// Reads curves, in one read transaction, as RunStore::LoadCurves says.
absl::StatusOr<std::vector<MetricCurve>> ReadCurves(SqliteDatabase& database, const std::string& study_id,
                                                    const std::string& key);
// Reads one, as RunStore::LoadCurve says.
absl::StatusOr<MetricCurve> ReadCurve(SqliteDatabase& database, const std::string& run_id, const std::string& key);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_RUN_READER_H_
