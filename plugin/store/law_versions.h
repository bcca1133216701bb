#ifndef ISOFLOP_PLUGIN_STORE_LAW_VERSIONS_H_
#define ISOFLOP_PLUGIN_STORE_LAW_VERSIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "plugin/store/run_store.h"
#include "plugin/store/sqlite_database.h"

namespace isoflop {

// The rows of law_version, as RunStore speaks of them.

// To be called within a transaction.
absl::Status SaveLawVersion(SqliteDatabase& database, const LawVersion& version);

absl::Status FindLawVersion(SqliteDatabase& database, const std::string& study_id, const std::string& law,
                            int64_t version, std::optional<LawVersion>& found);
absl::Status FindNewestLawVersion(SqliteDatabase& database, const std::string& study_id, const std::string& law,
                                  std::optional<LawVersion>& found);
absl::Status ReadLawVersions(SqliteDatabase& database, const std::string& study_id, const std::string& law,
                             int64_t before, int limit, std::vector<LawVersion>& versions);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_LAW_VERSIONS_H_
