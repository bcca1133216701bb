#ifndef ISOFLOP_PLUGIN_STORE_SQLITE_DATABASE_H_
#define ISOFLOP_PLUGIN_STORE_SQLITE_DATABASE_H_

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace isoflop {

// Bytes that live elsewhere.
struct SqliteBlob {
  const void* data = nullptr;  // Null for NULL.
  size_t size = 0;             // In bytes.

  std::string_view bytes() const { return {static_cast<const char*>(data), size}; }
};

// A prepared statement. Not thread safe.
class SqliteStatement {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}
  ~SqliteStatement() { sqlite3_finalize(statement_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  // Binds all parameters and runs to the end, calling `row` (may be empty) at each row; columns are read with the
  // functions below. Returns SQLite's result code, SQLITE_OK when all went well.
  template <typename... Args>
  int Run(const std::function<void(SqliteStatement&)>& row, const Args&... args) {
    int index = 0;
    (Bind(++index, args), ...);
    return StepToEnd(row);
  }

  int64_t Integer(int column) { return sqlite3_column_int64(statement_, column); }
  double Real(int column) { return sqlite3_column_double(statement_, column); }
  bool IsNull(int column) { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string Text(int column);
  // Valid until the row is left.
  SqliteBlob Blob(int column) {
    const void* data = sqlite3_column_blob(statement_, column);
    return {data, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  void Bind(int index, int64_t value) { sqlite3_bind_int64(statement_, index, value); }
  void Bind(int index, int value) { sqlite3_bind_int64(statement_, index, value); }
  void Bind(int index, bool value) { sqlite3_bind_int64(statement_, index, value); }
  void Bind(int index, double value) { sqlite3_bind_double(statement_, index, value); }
  void Bind(int index, const std::optional<double>& value) { value ? Bind(index, *value) : Bind(index, nullptr); }
  void Bind(int index, std::nullptr_t) { sqlite3_bind_null(statement_, index); }
  void Bind(int index, const char* value) = delete;  // It would become a bool.
  // The text must live until Run returns.
  void Bind(int index, std::string_view value) {
    sqlite3_bind_text64(statement_, index, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  // Likewise.
  void Bind(int index, const SqliteBlob& blob) {
    sqlite3_bind_blob64(statement_, index, blob.data, blob.size, SQLITE_STATIC);
  }
  int StepToEnd(const std::function<void(SqliteStatement&)>& row);

  sqlite3_stmt* statement_;
};

inline constexpr int kSqliteHeaderBytes = 100;

// One connection. Not thread safe.
class SqliteDatabase {
 public:
  using RowFunction = std::function<void(SqliteStatement&)>;

  // Creates the file when it is missing, with checksums in its pages (checksum_vfs.h). Codes as RunStore.
  static absl::StatusOr<std::unique_ptr<SqliteDatabase>> Open(const std::string& path);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  // Runs several statements without parameters.
  absl::Status ExecuteScript(const std::string& sql);

  // Runs one statement. Statements are prepared once and kept.
  template <typename... Args>
  absl::Status Execute(std::string_view sql, const Args&... args) {
    return Query(sql, nullptr, args...);
  }

  // Runs one statement, calling `row` at each row.
  template <typename... Args>
  absl::Status Query(std::string_view sql, const RowFunction& row, const Args&... args) {
    absl::StatusOr<SqliteStatement*> statement = Prepare(sql);
    if (!statement.ok()) return statement.status();
    return ToStatus((*statement)->Run(row, args...));
  }

  // Runs `body` in a transaction, which takes the write lock at once; rolls back unless both `body` and the commit are
  // OK.
  absl::Status Transact(const std::function<absl::Status()>& body);

  // The statement of this text, which lives as long as the connection.
  absl::StatusOr<SqliteStatement*> Prepare(std::string_view sql);

  // OK, or the connection's last error under the code that RunStore promises.
  absl::Status ToStatus(int result) const;

  // The first bytes of the file, as it is on disk.
  absl::StatusOr<std::string> ReadHeader();

  int64_t changed_row_count() const { return sqlite3_changes64(handle_); }
  int64_t last_row_id() const { return sqlite3_last_insert_rowid(handle_); }

 private:
  explicit SqliteDatabase(sqlite3* handle) : handle_(handle) {}

  sqlite3* handle_;
  std::unordered_map<std::string_view, std::unique_ptr<SqliteStatement>> statements_;  // Keys are string literals.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_SQLITE_DATABASE_H_
