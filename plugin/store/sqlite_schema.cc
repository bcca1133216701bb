#include "plugin/store/sqlite_schema.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"

namespace isoflop {
namespace {

// Entry k leads from version k to version k + 1. Entries that were released are never edited.
constexpr const char* kMigrations[] = {
    R"sql(
CREATE TABLE study (
  study_id TEXT NOT NULL PRIMARY KEY,
  display_name TEXT NOT NULL DEFAULT '',
  deleted INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  study_id TEXT,              -- NULL until it is known.
  run_name TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0,
  start_time_ms INTEGER NOT NULL DEFAULT 0,
  end_time_ms INTEGER NOT NULL DEFAULT 0,
  first_heard_time_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX run_by_study ON run (study_id);

CREATE TABLE run_param (
  run INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_tag (
  run INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;

-- One metric of one run, and what its points come to. last_*: of the greatest (step, time_ms, value).
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  key TEXT NOT NULL,
  point_count INTEGER NOT NULL DEFAULT 0,
  last_step INTEGER NOT NULL DEFAULT 0,
  last_time_ms INTEGER NOT NULL DEFAULT 0,
  last_value REAL NOT NULL DEFAULT 0,
  last_is_nan INTEGER NOT NULL DEFAULT 0,
  greatest_time_ms INTEGER NOT NULL DEFAULT 0,
  repeated_step_count INTEGER NOT NULL DEFAULT 0,
  in_order INTEGER NOT NULL DEFAULT 1,  -- 0: the repeated and out-of-order points must be counted from the points.
  UNIQUE (run, key)
) STRICT;

-- MLflow's own primary key. Not-a-number is value 0 with is_nan 1.
CREATE TABLE metric_point (
  series INTEGER NOT NULL,
  step INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  value REAL NOT NULL,
  is_nan INTEGER NOT NULL,
  PRIMARY KEY (series, step, time_ms, value, is_nan)
) STRICT, WITHOUT ROWID;

CREATE TABLE law_version (
  study_id TEXT NOT NULL,
  law TEXT NOT NULL,
  version INTEGER NOT NULL,
  observations_hash TEXT NOT NULL,
  created_time_ms INTEGER NOT NULL,
  intervals_ready INTEGER NOT NULL,
  document TEXT NOT NULL,       -- The fit without its replicas' estimates.
  full_document TEXT,           -- With them; NULL in old versions.
  PRIMARY KEY (study_id, law, version)
) STRICT;

CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, end_time_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('acknowledged_event_count', 0);
)sql",
    R"sql(
-- Replicas of versions made before are computed again where they are the newest.
ALTER TABLE law_version DROP COLUMN full_document;
ALTER TABLE law_version ADD COLUMN replicas BLOB;  -- Doubles of this machine, row by row; NULL in old versions.
)sql",
    R"sql(
-- Points in MLflow's order, in point_block.h's format. The blocks of a series do not overlap. Points that came late
-- or one by one are rows of metric_point.
CREATE TABLE point_block (
  id INTEGER PRIMARY KEY,
  series INTEGER NOT NULL,
  first_step INTEGER NOT NULL,
  first_time_ms INTEGER NOT NULL,
  first_value REAL NOT NULL,
  first_is_nan INTEGER NOT NULL,
  points BLOB NOT NULL
) STRICT;
CREATE INDEX point_block_by_first ON point_block (series, first_step, first_time_ms, first_value, first_is_nan);

-- heard_time_ms: of the newest point, by the clock of this machine. thinned_*: NULL until the points were thinned.
ALTER TABLE series ADD COLUMN least_time_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE series ADD COLUMN not_finite_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE series ADD COLUMN heard_time_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE series ADD COLUMN thinned_step INTEGER;
ALTER TABLE series ADD COLUMN thinned_time_ms INTEGER;
ALTER TABLE series ADD COLUMN thinned_repeated_step_count INTEGER;
ALTER TABLE series ADD COLUMN thinned_out_of_order_count INTEGER;
UPDATE series SET
  least_time_ms = (SELECT ifnull(min(time_ms), 0) FROM metric_point WHERE series = series.id),
  not_finite_count =
    (SELECT count(*) FROM metric_point WHERE series = series.id AND (is_nan = 1 OR abs(value) >= 1e308)),
  heard_time_ms = greatest_time_ms;

-- heard_time_ms: of the newest change of its row, by the clock of this machine. compacted: all points are thinned and
-- packed.
ALTER TABLE run ADD COLUMN heard_time_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN compacted INTEGER NOT NULL DEFAULT 0;
UPDATE run SET heard_time_ms = first_heard_time_ms;
CREATE INDEX run_to_compact ON run (heard_time_ms) WHERE compacted = 0 AND status >= 3;
)sql",
    R"sql(
-- Forecasts of final losses, kept to be scored; the first of each tenth of a run's way.
CREATE TABLE prediction (
  study_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  tenth INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  law_version INTEGER NOT NULL,
  method TEXT NOT NULL,
  progress REAL NOT NULL,
  log_loss REAL NOT NULL,
  standard_deviation REAL NOT NULL,
  multiple REAL NOT NULL,
  PRIMARY KEY (study_id, run_id, tenth)
) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
-- Tags of the experiment in the tracker whose names start with "isoflop.".
CREATE TABLE study_setting (
  study_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (study_id, name)
) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
-- Planned runs as they were judged, a greater id being a later one.
CREATE TABLE planned_run (
  id INTEGER PRIMARY KEY,
  study_id TEXT NOT NULL,
  name TEXT NOT NULL,
  file TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  law TEXT NOT NULL,
  law_version INTEGER NOT NULL,
  convention TEXT NOT NULL,
  parameter_count REAL,
  token_count REAL,
  training_flops REAL,
  loss REAL,
  loss_lower REAL,
  loss_upper REAL
) STRICT;
CREATE INDEX planned_run_by_name ON planned_run (study_id, name);

-- The runs of its name that were known then.
CREATE TABLE planned_run_known (
  planned_run INTEGER NOT NULL, run_id TEXT NOT NULL, ended INTEGER NOT NULL, PRIMARY KEY (planned_run, run_id)
) STRICT, WITHOUT ROWID;
)sql",
};

absl::StatusOr<int64_t> ReadInteger(SqliteDatabase& database, const char* sql) {
  int64_t value = 0;
  RETURN_IF_ERROR(database.Query(sql, [&](SqliteStatement& row) { value = row.Integer(0); }));
  return value;
}

}  // namespace

int NewestSchemaVersion() { return static_cast<int>(std::size(kMigrations)); }

absl::Status MigrateSchema(SqliteDatabase& database) {
  return database.Transact([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t application_id, ReadInteger(database, "PRAGMA application_id"));
    ASSIGN_OR_RETURN(const int64_t version, ReadInteger(database, "PRAGMA user_version"));
    ASSIGN_OR_RETURN(const int64_t table_count, ReadInteger(database, "SELECT count(*) FROM sqlite_schema"));
    if (table_count > 0 && application_id != kSqliteApplicationId) {
      return absl::FailedPreconditionError("store: the file is not an isoflop store");
    }
    if (version > NewestSchemaVersion()) {
      return absl::FailedPreconditionError(absl::StrCat("store: schema version must be at most ", NewestSchemaVersion(),
                                                        " for this program, got ", version,
                                                        "; a newer isoflop wrote this file"));
    }
    for (int64_t next = version; next < NewestSchemaVersion(); ++next) {
      RETURN_IF_ERROR(database.ExecuteScript(kMigrations[next]));
    }
    return database.ExecuteScript(absl::StrCat("PRAGMA application_id = ", kSqliteApplicationId,
                                               "; PRAGMA user_version = ", NewestSchemaVersion()));
  });
}

}  // namespace isoflop
