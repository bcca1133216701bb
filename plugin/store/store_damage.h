#ifndef ISOFLOP_PLUGIN_STORE_STORE_DAMAGE_H_
#define ISOFLOP_PLUGIN_STORE_STORE_DAMAGE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "plugin/store/sqlite_database.h"
#include "plugin/store/sqlite_run_store.h"

namespace isoflop {

// Damage found in an open store is noted in a file beside it, so that the next start does not trust it. The note is
// `path` + ".damage" and holds the reason.
absl::Status NoteDamage(const std::string& path, const std::string& reason);
std::optional<std::string> NotedDamage(const std::string& path);

// Moves a store's files (database, write-ahead log, index of the log) out of the way, to names with ".damaged-" and the
// first number that is free, and removes the note. Returns the new name of the database.
absl::StatusOr<std::string> SetAside(const std::string& path);

// Counts what a damaged store held, and takes over into a fresh one the versions of laws that can be read: unlike runs
// they are nowhere else. The reason and the file's name are left to the caller.
absl::StatusOr<StoreLoss> Salvage(const std::string& damaged_path, SqliteDatabase& fresh);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_STORE_DAMAGE_H_
