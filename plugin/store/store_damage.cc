#include "plugin/store/store_damage.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"

namespace isoflop {
namespace {

constexpr const char* kNoteSuffix = ".damage";

constexpr const char* kAscending =
    "SELECT study_id, law, version, observations_hash, created_time_ms, intervals_ready, document, replicas "
    "FROM law_version ORDER BY rowid";
constexpr const char* kDescending =
    "SELECT study_id, law, version, observations_hash, created_time_ms, intervals_ready, document, replicas "
    "FROM law_version ORDER BY rowid DESC";

constexpr const char* kPlans =
    "SELECT id, study_id, name, file, time_ms, verdict, law, law_version, convention, parameter_count, token_count, training_flops, loss, loss_lower, "
    "loss_upper FROM planned_run ORDER BY id";
constexpr const char* kKnownRuns = "SELECT planned_run, run_id, ended FROM planned_run_known";

std::optional<int64_t> CountIfReadable(SqliteDatabase& database, const char* sql) {
  std::optional<int64_t> count;
  const absl::Status status = database.Query(sql, [&](SqliteStatement& row) { count = row.Integer(0); });
  return status.ok() ? count : std::nullopt;
}

// Its study comes along, so that versions go on counting where they were.
absl::Status TakeOverLawVersion(SqliteStatement& row, SqliteDatabase& fresh) {
  RETURN_IF_ERROR(fresh.Execute("INSERT OR IGNORE INTO study (study_id) VALUES (?1)", row.Text(0)));
  return fresh.Execute(
      "INSERT OR IGNORE INTO law_version (study_id, law, version, observations_hash, created_time_ms, "
      "intervals_ready, document, replicas) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      row.Text(0), row.Text(1), row.Integer(2), row.Text(3), row.Integer(4), row.Integer(5), row.Text(6), row.Blob(7));
}

std::optional<double> OptionalReal(SqliteStatement& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional(row.Real(column));
}

absl::Status TakeOverPlan(SqliteStatement& row, SqliteDatabase& fresh) {
  return fresh.Execute(
      "INSERT OR IGNORE INTO planned_run (id, study_id, name, file, time_ms, verdict, law, law_version, convention, parameter_count, token_count, "
      "training_flops, loss, loss_lower, loss_upper) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
      row.Integer(0), row.Text(1), row.Text(2), row.Text(3), row.Integer(4), row.Text(5), row.Text(6), row.Integer(7), row.Text(8), OptionalReal(row, 9),
      OptionalReal(row, 10), OptionalReal(row, 11), OptionalReal(row, 12), OptionalReal(row, 13), OptionalReal(row, 14));
}

absl::Status TakeOverKnownRun(SqliteStatement& row, SqliteDatabase& fresh) {
  return fresh.Execute("INSERT OR IGNORE INTO planned_run_known VALUES (?1, ?2, ?3)", row.Integer(0), row.Text(1), row.Integer(2));
}

}  // namespace

absl::Status NoteDamage(const std::string& path, const std::string& reason) {
  std::ofstream note(path + kNoteSuffix);
  note << reason;
  note.flush();
  return note.good() ? absl::OkStatus()
                     : absl::UnavailableError(absl::StrCat("store: cannot write ", path, kNoteSuffix));
}

std::optional<std::string> NotedDamage(const std::string& path) {
  std::ifstream note(path + kNoteSuffix);
  if (!note.good()) return std::nullopt;
  std::ostringstream reason;
  reason << note.rdbuf();
  return reason.str();
}

absl::StatusOr<std::string> SetAside(const std::string& path) {
  std::string aside;
  for (int i = 1; aside.empty() || std::filesystem::exists(aside); ++i) aside = absl::StrCat(path, ".damaged-", i);
  // The database goes last: as long as it is there, a start that was interrupted here finds the damage again.
  for (const std::string suffix : {"-wal", "-shm", ""}) {
    std::error_code error;
    if (!std::filesystem::exists(path + suffix)) continue;
    std::filesystem::rename(path + suffix, aside + suffix, error);
    if (error) return absl::UnavailableError(absl::StrCat("store: cannot move ", path, suffix, ": ", error.message()));
  }
  std::error_code ignored;
  std::filesystem::remove(path + kNoteSuffix, ignored);
  return aside;
}

absl::StatusOr<StoreLoss> Salvage(const std::string& damaged_path, SqliteDatabase& fresh) {
  StoreLoss loss;
  if (!std::filesystem::exists(damaged_path)) return loss;
  const absl::StatusOr<std::unique_ptr<SqliteDatabase>> damaged = SqliteDatabase::Open(damaged_path);
  if (!damaged.ok()) return loss;
  loss.run_count = CountIfReadable(**damaged, "SELECT count(*) FROM run");
  loss.point_count = CountIfReadable(**damaged, "SELECT ifnull(sum(point_count), 0) FROM series");
  loss.event_count =
      CountIfReadable(**damaged, "SELECT value FROM counter WHERE name = 'acknowledged_event_count'");
  RETURN_IF_ERROR(fresh.Transact([&]() -> absl::Status {
    absl::Status written;
    const auto take_over = [&](SqliteStatement& row) {
      if (!written.ok()) return;
      written = TakeOverLawVersion(row, fresh);
      loss.kept_law_version_count += fresh.changed_row_count();
    };
    // From both ends: what cannot be read may lie between.
    (*damaged)->Query(kAscending, take_over).IgnoreError();
    (*damaged)->Query(kDescending, take_over).IgnoreError();
    const auto with = [&](absl::Status (*take_over)(SqliteStatement&, SqliteDatabase&)) {
      return [&written, &fresh, take_over](SqliteStatement& row) {
        if (written.ok()) written = take_over(row, fresh);
      };
    };
    // The tracker does not have them either.
    (*damaged)->Query(kPlans, with(TakeOverPlan)).IgnoreError();
    (*damaged)->Query(kKnownRuns, with(TakeOverKnownRun)).IgnoreError();
    return written;
  }));
  return loss;
}

}  // namespace isoflop
