#include "plugin/store/sqlite_database.h"

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/store/checksum_vfs.h"

namespace isoflop {
namespace {

// A second connection only ever waits for a checkpoint or a short write.
constexpr int kBusyTimeoutMs = 10'000;

// `system_error` is an errno, 0 where there is none.
absl::Status StatusOfResult(int result, const char* message, int system_error) {
  const std::string text = absl::StrCat("store: ", message, " (SQLite code ", result, ")");
  if (result == SQLITE_IOERR_DATA || result == SQLITE_IOERR_CORRUPTFS) return absl::DataLossError(text);
  switch (result & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return absl::ResourceExhaustedError(text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(text);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      // What is not a write, such as making the log's index larger, does not say that the disk is full.
      if (system_error == ENOSPC || system_error == EDQUOT) return absl::ResourceExhaustedError(text);
      return absl::UnavailableError(text);
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PERM:
      return absl::UnavailableError(text);
    default:
      return absl::InternalError(text);
  }
}

}  // namespace

std::string SqliteStatement::Text(int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr ? "" : std::string(text, sqlite3_column_bytes(statement_, column));
}

int SqliteStatement::StepToEnd(const std::function<void(SqliteStatement&)>& row) {
  int result;
  while ((result = sqlite3_step(statement_)) == SQLITE_ROW) {
    if (row) row(*this);
  }
  sqlite3_reset(statement_);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

absl::StatusOr<std::unique_ptr<SqliteDatabase>> SqliteDatabase::Open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, ChecksumVfsName());
  if (result != SQLITE_OK) {
    const absl::Status status =
        StatusOfResult(result, absl::StrCat("cannot open ", path, ": ", sqlite3_errmsg(handle)).c_str(),
                       sqlite3_system_errno(handle));
    sqlite3_close(handle);
    return status;
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  int reserved = kChecksumBytes;  // Counts when the file is made, and at a VACUUM.
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  return std::unique_ptr<SqliteDatabase>(new SqliteDatabase(handle));
}

SqliteDatabase::~SqliteDatabase() {
  statements_.clear();
  sqlite3_close(handle_);
}

absl::Status SqliteDatabase::ExecuteScript(const std::string& sql) {
  return ToStatus(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

absl::Status SqliteDatabase::Transact(const std::function<absl::Status()>& body) {
  RETURN_IF_ERROR(Execute("BEGIN IMMEDIATE"));
  absl::Status status = body();
  if (status.ok()) status = Execute("COMMIT");
  // A full disk may have rolled back by itself already.
  if (!status.ok() && !sqlite3_get_autocommit(handle_)) Execute("ROLLBACK").IgnoreError();
  return status;
}

absl::StatusOr<SqliteStatement*> SqliteDatabase::Prepare(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second.get();
  sqlite3_stmt* handle = nullptr;
  RETURN_IF_ERROR(ToStatus(sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                              SQLITE_PREPARE_PERSISTENT, &handle, nullptr)));
  return statements_.emplace(sql, std::make_unique<SqliteStatement>(handle)).first->second.get();
}

absl::StatusOr<std::string> SqliteDatabase::ReadHeader() {
  sqlite3_file* file = nullptr;
  RETURN_IF_ERROR(ToStatus(sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, &file)));
  std::string header(kSqliteHeaderBytes, '\0');
  RETURN_IF_ERROR(ToStatus(file->pMethods->xRead(file, header.data(), kSqliteHeaderBytes, 0)));
  return header;
}

absl::Status SqliteDatabase::ToStatus(int result) const {
  return result == SQLITE_OK ? absl::OkStatus() : StatusOfResult(result, sqlite3_errmsg(handle_), sqlite3_system_errno(handle_));
}

}  // namespace isoflop
