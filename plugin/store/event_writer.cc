#include "plugin/store/event_writer.h"

#include <map>
#include <set>
#include <utility>

#include "core/base/status.h"
#include "plugin/store/series_row.h"

namespace isoflop {
namespace {

// Some 100 MB; beyond it the memory of runs and series starts afresh.
constexpr int64_t kGreatestSeriesCount = 400'000;

// Replaces the rows of `run` in run_param or run_tag. Sets `changed` when they differed.
absl::Status ReplaceNames(SqliteDatabase& database, const char* select, const char* erase, const char* insert,
                          int64_t run, const NamedValues& names, bool& changed) {
  std::map<std::string, std::string> known;
  RETURN_IF_ERROR(database.Query(
      select, [&](SqliteStatement& row) { known.emplace(row.Text(0), row.Text(1)); }, run));
  const std::map<std::string, std::string> wanted(names.begin(), names.end());
  if (known == wanted) return absl::OkStatus();
  changed = true;
  RETURN_IF_ERROR(database.Execute(erase, run));
  for (const auto& [key, value] : wanted) RETURN_IF_ERROR(database.Execute(insert, run, key, value));
  return absl::OkStatus();
}

}  // namespace

absl::Status EventWriter::Apply(absl::Span<const RunEvent> events, int64_t now_ms, std::vector<RunChange>& changes) {
  if (series_count_ > kGreatestSeriesCount) Forget();
  touched_series_.clear();
  std::set<std::pair<std::string, std::string>> changed_runs;  // Study and run.
  for (const RunEvent& event : events) {
    ASSIGN_OR_RETURN(Run * run, FindRun(event.run_id, now_ms));
    const RunRow before = *run;
    bool changed = false;
    RETURN_IF_ERROR(std::visit([&](const auto& kind) { return ApplyKind(kind, *run, changed); }, event.kind));
    const bool row_changed = static_cast<const RunRow&>(*run) != before;
    if (row_changed) RETURN_IF_ERROR(SaveRun(*run, now_ms));
    if (!row_changed && !(changed && run->ended())) continue;
    if (!run->study_id.empty()) changed_runs.emplace(run->study_id, event.run_id);
    if (before.study_id != run->study_id && !before.study_id.empty())
      changed_runs.emplace(before.study_id, event.run_id);
  }
  RETURN_IF_ERROR(SaveTouchedSeries(now_ms));
  for (const auto& [study_id, run_id] : changed_runs) changes.push_back({.study_id = study_id, .run_id = run_id});
  return database_.Execute("UPDATE counter SET value = value + ?1 WHERE name = 'acknowledged_event_count'",
                           static_cast<int64_t>(events.size()));
}

void EventWriter::Forget() {
  runs_.clear();
  series_count_ = 0;
  point_writer_.Forget();
}

absl::StatusOr<EventWriter::Run*> EventWriter::FindRun(const std::string& run_id, int64_t now_ms) {
  if (const auto found = runs_.find(run_id); found != runs_.end()) return &found->second;
  RunRow run;
  RETURN_IF_ERROR(database_.Query(
      "SELECT id, study_id, run_name, status, deleted, start_time_ms, end_time_ms, compacted FROM run WHERE run_id = ?1",
      [&](SqliteStatement& row) {
        run = {.id = row.Integer(0),
               .study_id = row.Text(1),
               .run_name = row.Text(2),
               .status = static_cast<RunStatus>(row.Integer(3)),
               .deleted = row.Integer(4) != 0,
               .start_time_ms = row.Integer(5),
               .end_time_ms = row.Integer(6),
               .compacted = row.Integer(7) != 0};
      },
      run_id));
  if (run.id == 0) {
    RETURN_IF_ERROR(database_.Execute(
        "INSERT INTO run (run_id, first_heard_time_ms, heard_time_ms) VALUES (?1, ?2, ?2)", run_id, now_ms));
    run.id = database_.last_row_id();
  }
  return &runs_.emplace(run_id, Run{std::move(run), {}}).first->second;
}

absl::StatusOr<OpenSeries*> EventWriter::FindSeries(Run& run, const std::string& key) {
  if (const auto found = run.series.find(key); found != run.series.end()) return &found->second;
  OpenSeries series;
  RETURN_IF_ERROR(database_.Query(
      "SELECT " ISOFLOP_SERIES_COLUMNS " FROM series WHERE run = ?1 AND key = ?2",
      [&](SqliteStatement& row) {
        series.id = row.Integer(0);
        series.summary = SeriesSummaryOf(row);
      },
      run.id, key));
  if (series.id == 0) {
    RETURN_IF_ERROR(database_.Execute("INSERT INTO series (run, key) VALUES (?1, ?2)", run.id, key));
    series.id = database_.last_row_id();
  }
  ++series_count_;
  return &run.series.emplace(key, std::move(series)).first->second;
}

absl::Status EventWriter::SaveRun(const RunRow& run, int64_t now_ms) {
  if (!run.study_id.empty()) {
    RETURN_IF_ERROR(database_.Execute("INSERT OR IGNORE INTO study (study_id) VALUES (?1)", run.study_id));
  }
  return database_.Execute(
      "UPDATE run SET study_id = nullif(?2, ''), run_name = ?3, status = ?4, deleted = ?5, start_time_ms = ?6, "
      "end_time_ms = ?7, compacted = ?8, heard_time_ms = ?9 WHERE id = ?1",
      run.id, run.study_id, run.run_name, static_cast<int64_t>(run.status), run.deleted, run.start_time_ms,
      run.end_time_ms, run.compacted, now_ms);
}

absl::Status EventWriter::SaveTouchedSeries(int64_t now_ms) {
  for (OpenSeries* series : touched_series_) {
    series->touched = false;
    series->summary.heard_time_ms = now_ms;
    RETURN_IF_ERROR(point_writer_.WriteWaiting(*series));
    RETURN_IF_ERROR(UpdateSeriesRow(database_, series->id, series->summary));
  }
  touched_series_.clear();
  return absl::OkStatus();
}

absl::Status EventWriter::ApplyKind(const RunStarted& started, Run& run, bool&) {
  // A creation delivered again must not undo the run's end.
  if (started.study_id.empty() || run.status == RunStatus::kUnspecified) {
    run.status = RunStatus::kRunning;
    run.end_time_ms = 0;
  }
  if (run.study_id.empty()) run.study_id = started.study_id;
  if (!started.run_name.empty()) run.run_name = started.run_name;
  if (started.start_time_ms != 0) run.start_time_ms = started.start_time_ms;
  return absl::OkStatus();
}

absl::Status EventWriter::ApplyKind(const ParamsAndTags& names, Run& run, bool& changed) {
  for (const auto& [key, value] : names.params) {
    RETURN_IF_ERROR(database_.Execute("INSERT OR IGNORE INTO run_param VALUES (?1, ?2, ?3)", run.id, key, value));
    changed |= database_.changed_row_count() > 0;
  }
  for (const auto& [key, value] : names.tags) {
    RETURN_IF_ERROR(
        database_.Execute("INSERT INTO run_tag VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = excluded.value "
                          "WHERE value <> excluded.value",
                          run.id, key, value));
    changed |= database_.changed_row_count() > 0;
  }
  for (const std::string& key : names.removed_tags) {
    RETURN_IF_ERROR(database_.Execute("DELETE FROM run_tag WHERE run = ?1 AND key = ?2", run.id, key));
    changed |= database_.changed_row_count() > 0;
  }
  return absl::OkStatus();
}

absl::Status EventWriter::ApplyKind(const MetricPoints& points, Run& run, bool& changed) {
  if (points.steps.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(OpenSeries * series, FindSeries(run, points.key));
  for (size_t i = 0; i < points.steps.size(); ++i) {
    const StoredPoint point = ToStoredPoint(points.steps[i], points.times_ms[i], points.values[i]);
    ASSIGN_OR_RETURN(const bool is_new, point_writer_.Add(*series, point));
    if (!is_new) continue;
    changed = true;
    run.compacted = false;
    if (!series->touched) touched_series_.push_back(series);
    series->touched = true;
  }
  return absl::OkStatus();
}

absl::Status EventWriter::ApplyKind(const RunEnded& ended, Run& run, bool&) {
  run.status = ended.status;
  if (ended.end_time_ms != 0) run.end_time_ms = ended.end_time_ms;
  return absl::OkStatus();
}

absl::Status EventWriter::ApplyKind(const RunDeleted&, Run& run, bool&) {
  run.deleted = true;
  return absl::OkStatus();
}

absl::Status EventWriter::ApplyKind(const RunRestored&, Run& run, bool&) {
  run.deleted = false;
  return absl::OkStatus();
}

absl::Status EventWriter::ApplyKind(const RunSnapshot& snapshot, Run& run, bool& changed) {
  run.study_id = snapshot.study_id;
  run.run_name = snapshot.run_name;
  run.status = snapshot.status;
  run.deleted = snapshot.deleted;
  run.start_time_ms = snapshot.start_time_ms;
  run.end_time_ms = snapshot.end_time_ms;
  RETURN_IF_ERROR(ReplaceNames(database_, "SELECT key, value FROM run_param WHERE run = ?1",
                               "DELETE FROM run_param WHERE run = ?1", "INSERT INTO run_param VALUES (?1, ?2, ?3)",
                               run.id, snapshot.params, changed));
  RETURN_IF_ERROR(ReplaceNames(database_, "SELECT key, value FROM run_tag WHERE run = ?1",
                               "DELETE FROM run_tag WHERE run = ?1", "INSERT INTO run_tag VALUES (?1, ?2, ?3)", run.id,
                               snapshot.tags, changed));
  for (const MetricPoints& points : snapshot.metrics) RETURN_IF_ERROR(ApplyKind(points, run, changed));
  return absl::OkStatus();
}

}  // namespace isoflop
