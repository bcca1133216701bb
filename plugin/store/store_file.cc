#include "plugin/store/store_file.h"

#include <fstream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/store/checksum_vfs.h"
#include "plugin/store/sqlite_schema.h"
#include "plugin/store/store_damage.h"

namespace isoflop {
namespace {

// Of 4 KiB: a larger log makes for fewer checkpoints while points stream in.
constexpr const char* kConnectionSettings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; "
    "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536";

// SQLite's file format: bytes 20 and 68 to 71 of the header.
constexpr size_t kReservedBytesAt = 20;
constexpr size_t kApplicationIdAt = 68;

// Of a file that is not open: closing it here would end SQLite's own locks on it.
bool HasOurMark(const std::string& path) {
  std::string header(kSqliteHeaderBytes, '\0');
  std::ifstream(path, std::ios::binary).read(header.data(), kSqliteHeaderBytes);
  uint32_t id = 0;
  for (int i = 0; i < 4; ++i) id = id << 8 | static_cast<unsigned char>(header[kApplicationIdAt + i]);
  return id == kSqliteApplicationId;
}

// Gives the pages checksums, unless they have some. The table counter says that they do, as one flipped bit of the
// header would otherwise switch them off.
absl::Status AddChecksums(SqliteDatabase& database) {
  constexpr const char* kNote = "page_checksums";
  int64_t noted = 0;
  RETURN_IF_ERROR(database.Query(
      "SELECT count(*) FROM counter WHERE name = ?1", [&](SqliteStatement& row) { noted = row.Integer(0); },
      std::string_view(kNote)));
  ASSIGN_OR_RETURN(const std::string header, database.ReadHeader());
  const int reserved = static_cast<unsigned char>(header[kReservedBytesAt]);
  if (noted != 0 && reserved != kChecksumBytes) {
    return absl::DataLossError(absl::StrCat("store: the header reserves ", reserved, " bytes a page, not ",
                                            kChecksumBytes));
  }
  if (noted != 0) return absl::OkStatus();
  // Only VACUUM changes the form of pages, and not beside a write-ahead log. It happens as a whole or not at all.
  if (reserved != kChecksumBytes) RETURN_IF_ERROR(database.ExecuteScript("PRAGMA journal_mode = DELETE; VACUUM"));
  return database.Execute("INSERT INTO counter VALUES (?1, 1)", std::string_view(kNote));
}

absl::StatusOr<std::unique_ptr<SqliteDatabase>> OpenDatabase(const std::string& path) {
  if (const std::optional<std::string> reason = NotedDamage(path)) return absl::DataLossError(*reason);
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteDatabase> database, SqliteDatabase::Open(path));
  RETURN_IF_ERROR(MigrateSchema(*database));
  RETURN_IF_ERROR(AddChecksums(*database));
  RETURN_IF_ERROR(database->ExecuteScript(kConnectionSettings));
  return database;
}

absl::StatusOr<std::unique_ptr<SqliteDatabase>> Rebuild(const std::string& path, const absl::Status& damage,
                                                        StoreLoss& loss) {
  ASSIGN_OR_RETURN(const std::string aside, SetAside(path));
  ASSIGN_OR_RETURN(std::unique_ptr<SqliteDatabase> database, OpenDatabase(path));
  ASSIGN_OR_RETURN(loss, Salvage(aside, *database));
  loss.reason = std::string(damage.message());
  loss.set_aside = aside;
  return database;
}

}  // namespace

absl::StatusOr<StoreFile> OpenStoreFile(const std::string& path, const std::function<void(const StoreLoss&)>& on_loss) {
  StoreFile file;
  std::optional<StoreLoss> loss;
  ASSIGN_OR_RETURN(file.lock, StoreLock::Acquire(path + ".lock"));
  absl::StatusOr<std::unique_ptr<SqliteDatabase>> database = OpenDatabase(path);
  if (absl::IsDataLoss(database.status())) {
    const bool ours = file.lock->witnessed_event_count().has_value() || HasOurMark(path);
    if (!ours) {
      return absl::FailedPreconditionError(
          absl::StrCat("store: the file is not an isoflop store: ", database.status().message()));
    }
    database = Rebuild(path, database.status(), loss.emplace());
  }
  RETURN_IF_ERROR(database.status());
  file.database = *std::move(database);
  RETURN_IF_ERROR(file.database->Query(
      "SELECT value FROM counter WHERE name = 'acknowledged_event_count'",
      [&](SqliteStatement& row) { file.acknowledged_event_count = row.Integer(0); }));
  const int64_t missing = file.lock->witnessed_event_count().value_or(0) - file.acknowledged_event_count;
  if (!loss.has_value() && missing > 0) {
    loss = {.reason = "the end of the store's log is missing", .event_count = missing};
  }
  if (loss.has_value() && on_loss) on_loss(*loss);
  file.lock->Witness(file.acknowledged_event_count);
  return file;
}

}  // namespace isoflop
