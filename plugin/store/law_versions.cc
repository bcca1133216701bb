#include "plugin/store/law_versions.h"

#include <cstring>
#include <utility>

#include "core/base/status.h"

namespace isoflop {
namespace {

// Each version that is saved takes the replicas from the one it pushes out; this many more are looked at, since the
// intervals of a version may come when newer ones are there.
constexpr int64_t kLateVersions = 16;

LawVersion ReadLawVersion(SqliteStatement& row, const std::string& study_id, const std::string& law) {
  LawVersion version = {.study_id = study_id,
                        .law = law,
                        .version = row.Integer(0),
                        .observations_hash = row.Text(1),
                        .created_time_ms = row.Integer(2),
                        .intervals_ready = row.Integer(3) != 0,
                        .document = row.Text(4)};
  const SqliteBlob replicas = row.Blob(5);
  version.replicas.resize(replicas.size / sizeof(double));
  if (replicas.size > 0) std::memcpy(version.replicas.data(), replicas.data, replicas.size);
  return version;
}

}  // namespace

absl::Status SaveLawVersion(SqliteDatabase& database, const LawVersion& version) {
  SqliteBlob replicas;
  if (!version.replicas.empty()) replicas = {version.replicas.data(), version.replicas.size() * sizeof(double)};
  RETURN_IF_ERROR(database.Execute(
      "INSERT OR REPLACE INTO law_version (study_id, law, version, observations_hash, created_time_ms, "
      "intervals_ready, document, replicas) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      version.study_id, version.law, version.version, version.observations_hash, version.created_time_ms,
      version.intervals_ready, version.document, replicas));
  const int64_t pushed_out = version.version - kVersionsWithReplicas;
  return database.Execute(
      "UPDATE law_version SET replicas = NULL "
      "WHERE study_id = ?1 AND law = ?2 AND version BETWEEN ?3 AND ?4 AND replicas IS NOT NULL",
      version.study_id, version.law, pushed_out - kLateVersions, pushed_out);
}

absl::Status FindLawVersion(SqliteDatabase& database, const std::string& study_id, const std::string& law,
                            int64_t version, std::optional<LawVersion>& found) {
  return database.Query(
      "SELECT version, observations_hash, created_time_ms, intervals_ready, document, replicas "
      "FROM law_version WHERE study_id = ?1 AND law = ?2 AND version = ?3",
      [&](SqliteStatement& row) { found = ReadLawVersion(row, study_id, law); }, study_id, law, version);
}

absl::Status FindNewestLawVersion(SqliteDatabase& database, const std::string& study_id, const std::string& law,
                                  std::optional<LawVersion>& found) {
  return database.Query(
      "SELECT version, observations_hash, created_time_ms, intervals_ready, document, replicas "
      "FROM law_version WHERE study_id = ?1 AND law = ?2 ORDER BY version DESC LIMIT 1",
      [&](SqliteStatement& row) { found = ReadLawVersion(row, study_id, law); }, study_id, law);
}

absl::Status ReadLawVersions(SqliteDatabase& database, const std::string& study_id, const std::string& law,
                             int64_t before, int limit, std::vector<LawVersion>& versions) {
  return database.Query(
      "SELECT version, observations_hash, created_time_ms, intervals_ready, document, NULL "
      "FROM law_version WHERE study_id = ?1 AND law = ?2 AND version < ?3 ORDER BY version DESC LIMIT ?4",
      [&](SqliteStatement& row) { versions.push_back(ReadLawVersion(row, study_id, law)); }, study_id, law, before,
      limit);
}

}  // namespace isoflop
