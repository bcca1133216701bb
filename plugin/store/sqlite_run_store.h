#ifndef ISOFLOP_PLUGIN_STORE_SQLITE_RUN_STORE_H_
#define ISOFLOP_PLUGIN_STORE_SQLITE_RUN_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "plugin/store/run_store.h"

namespace isoflop {

// What a store was found to have lost when it was opened. Counts are those of all that went, nothing where that could not
// be read.
struct StoreLoss {
  std::string reason;
  std::string set_aside;  // Where the damaged file is now; empty when the store is used on, without its newest events.
  std::optional<int64_t> event_count;
  std::optional<int64_t> run_count;
  std::optional<int64_t> point_count;
  int64_t kept_law_version_count = 0;  // Taken over from the damaged file: the tracker does not have them.
};

struct SqliteStoreOptions {
  // Called while the store is opened; may be empty.
  std::function<void(const StoreLoss&)> on_loss;
  // Called once, when the open store is found to be damaged: it is to be closed and opened again. On the thread that found
  // it; must not block; may be empty.
  std::function<void()> on_damage;
};

// Opens a store in a SQLite file (write-ahead log, full synchronisation, a checksum in each page), creating or migrating
// it as needed. The file belongs to one process at a time, guarded by a lock on `path` + ".lock".
//
// A damaged store (torn or changed pages, found now or by an earlier use) is set aside and replaced by an empty one that
// keeps the law versions which can be read; the tracker has the rest. A store whose log lost its end is used on.
//
// Returns FailedPrecondition when another process has it open, when a newer isoflop wrote it, or when it is not an
// isoflop store; otherwise as RunStore.
absl::StatusOr<std::unique_ptr<RunStore>> OpenSqliteRunStore(const std::string& path, SqliteStoreOptions options = {});

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_SQLITE_RUN_STORE_H_
