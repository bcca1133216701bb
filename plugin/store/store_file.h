#ifndef ISOFLOP_PLUGIN_STORE_STORE_FILE_H_
#define ISOFLOP_PLUGIN_STORE_STORE_FILE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "plugin/store/sqlite_database.h"
#include "plugin/store/sqlite_run_store.h"
#include "plugin/store/store_lock.h"

namespace isoflop {

struct StoreFile {
  std::unique_ptr<StoreLock> lock;
  std::unique_ptr<SqliteDatabase> database;
  int64_t acknowledged_event_count = 0;
};

// Opens the file of a store, creating, migrating or rebuilding it, as OpenSqliteRunStore says.
absl::StatusOr<StoreFile> OpenStoreFile(const std::string& path, const std::function<void(const StoreLoss&)>& on_loss);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_STORE_FILE_H_
