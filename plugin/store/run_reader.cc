#include "plugin/store/run_reader.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/base/status.h"
#include "plugin/store/curve_thinner.h"
#include "plugin/store/point_reader.h"
#include "plugin/store/series_row.h"

namespace isoflop {
namespace {

struct ReadRun {
  RunRecord record;
  std::vector<std::tuple<int64_t, std::string, SeriesSummary>> series_to_count;  // Series, key and summary.
};
using ReadRunsById = std::unordered_map<int64_t, ReadRun>;

void AddRun(SqliteStatement& row, const std::string& study_id, ReadRunsById& runs) {
  RunRecord& record = runs[row.Integer(0)].record;
  record.run_id = row.Text(1);
  record.run_name = row.Text(2);
  record.study_id = study_id;
  record.status = static_cast<RunStatus>(row.Integer(3));
  record.deleted = row.Integer(4) != 0;
  record.start_time_ms = row.Integer(5);
  record.end_time_ms = row.Integer(6);
  record.heard_time_ms = row.Integer(7);
}

void AddSeries(SqliteStatement& row, ReadRunsById& runs) {
  const SeriesSummary summary = SeriesSummaryOf(row);
  ReadRun& run = runs[row.Integer(kSeriesColumnCount)];
  const std::string key = row.Text(kSeriesColumnCount + 1);
  run.record.heard_time_ms = std::max(run.record.heard_time_ms, summary.heard_time_ms);
  run.record.metrics[key] = {
      .step = summary.last.step,
      .time_ms = summary.last.time_ms,
      .value = summary.last.is_nan ? std::numeric_limits<double>::quiet_NaN() : summary.last.value,
      .point_count = summary.point_count,
      .repeated_step_count = summary.repeated_step_count,
      .out_of_order_count = summary.thinned.has_value() ? summary.thinned->out_of_order_count : 0,
      .not_finite_count = summary.not_finite_count,
      .least_time_ms = summary.least_time_ms,
      .greatest_time_ms = summary.greatest_time_ms};
  if (!summary.in_order) run.series_to_count.emplace_back(row.Integer(0), key, summary);
}

// The statements that read runs, then their parameters, tags and series. All but the last read the database id of the run first.
struct Statements {
  const char* runs;
  const char* params;
  const char* tags;
  const char* series;
};

constexpr Statements kOfStudy = {
    "SELECT id, run_id, run_name, status, deleted, start_time_ms, end_time_ms, heard_time_ms FROM run WHERE study_id = ?1",
    "SELECT run, key, value FROM run_param JOIN run ON run.id = run_param.run WHERE study_id = ?1",
    "SELECT run, key, value FROM run_tag JOIN run ON run.id = run_tag.run WHERE study_id = ?1",
    "SELECT " ISOFLOP_SERIES_COLUMNS ", run, key FROM series JOIN run ON run.id = series.run WHERE study_id = ?1 AND point_count > 0",
};

constexpr Statements kOfRun = {
    "SELECT id, run_id, run_name, status, deleted, start_time_ms, end_time_ms, heard_time_ms FROM run WHERE study_id = ?1 AND run_id "
    "= ?2",
    "SELECT run, key, value FROM run_param JOIN run ON run.id = run_param.run WHERE study_id = ?1 AND run_id = ?2",
    "SELECT run, key, value FROM run_tag JOIN run ON run.id = run_tag.run WHERE study_id = ?1 AND run_id = ?2",
    "SELECT " ISOFLOP_SERIES_COLUMNS ", run, key FROM series JOIN run ON run.id = series.run WHERE study_id = ?1 AND run_id = ?2 AND point_count > 0",
};

template <typename... Args>
absl::Status ReadAll(SqliteDatabase& database, const Statements& statements, const std::string& study_id,
                     ReadRunsById& runs, const Args&... args) {
  RETURN_IF_ERROR(database.Query(
      statements.runs, [&](SqliteStatement& row) { AddRun(row, study_id, runs); }, study_id, args...));
  RETURN_IF_ERROR(database.Query(
      statements.params,
      [&](SqliteStatement& row) { runs[row.Integer(0)].record.params.emplace(row.Text(1), row.Text(2)); }, study_id,
      args...));
  RETURN_IF_ERROR(database.Query(
      statements.tags,
      [&](SqliteStatement& row) { runs[row.Integer(0)].record.tags.emplace(row.Text(1), row.Text(2)); }, study_id,
      args...));
  return database.Query(
      statements.series, [&](SqliteStatement& row) { AddSeries(row, runs); }, study_id, args...);
}

absl::Status ReadWithin(SqliteDatabase& database, const std::string& study_id, const std::vector<std::string>* run_ids,
                        ReadRunsById& runs) {
  if (run_ids == nullptr) {
    RETURN_IF_ERROR(ReadAll(database, kOfStudy, study_id, runs));
  } else {
    for (const std::string& run_id : *run_ids) RETURN_IF_ERROR(ReadAll(database, kOfRun, study_id, runs, run_id));
  }
  for (auto& [id, run] : runs) {
    for (const auto& [series, key, summary] : run.series_to_count) {
      ASSIGN_OR_RETURN(const std::vector<StoredPoint> points, ReadPoints(database, series));
      const DisorderCounts counts = CountDisorder(points, summary.thinned);
      run.record.metrics[key].repeated_step_count = counts.repeated_step_count;
      run.record.metrics[key].out_of_order_count = counts.out_of_order_count;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<MetricCurve> ReadThinned(SqliteDatabase& database, int64_t series, std::string run_id) {
  ASSIGN_OR_RETURN(const std::vector<StoredPoint> points, ReadPoints(database, series));
  CurveThinner curve;
  for (const StoredPoint& point : points) curve.Add(point);
  return MetricCurve{.run_id = std::move(run_id), .points = curve.Points()};
}

absl::StatusOr<MetricCurve> ReadCurveWithin(SqliteDatabase& database, const std::string& run_id, const std::string& key) {
  std::optional<int64_t> series;
  RETURN_IF_ERROR(database.Query(
      "SELECT series.id FROM series JOIN run ON run.id = series.run WHERE run_id = ?1 AND key = ?2 AND point_count > 0",
      [&](SqliteStatement& row) { series = row.Integer(0); }, run_id, key));
  if (!series) return MetricCurve{.run_id = run_id};
  return ReadThinned(database, *series, run_id);
}

absl::StatusOr<std::vector<MetricCurve>> ReadCurvesWithin(SqliteDatabase& database, const std::string& study_id,
                                                          const std::string& key) {
  std::vector<std::pair<int64_t, std::string>> series;  // With its run.
  RETURN_IF_ERROR(database.Query(
      "SELECT series.id, run_id FROM series JOIN run ON run.id = series.run "
      "WHERE study_id = ?1 AND key = ?2 AND point_count > 0",
      [&](SqliteStatement& row) { series.emplace_back(row.Integer(0), row.Text(1)); }, study_id, key));
  std::vector<MetricCurve> curves;
  for (const auto& [id, run_id] : series) {
    ASSIGN_OR_RETURN(curves.emplace_back(), ReadThinned(database, id, run_id));
  }
  return curves;
}

// Runs `body` in a read transaction.
absl::Status ReadAtOneMoment(SqliteDatabase& database, const std::function<absl::Status()>& body) {
  RETURN_IF_ERROR(database.Execute("BEGIN"));
  const absl::Status status = body();
  database.Execute("COMMIT").IgnoreError();  // Nothing was written.
  return status;
}

}  // namespace

absl::StatusOr<std::vector<RunRecord>> ReadRuns(SqliteDatabase& database, const std::string& study_id,
                                                const std::vector<std::string>* run_ids) {
  ReadRunsById runs;
  RETURN_IF_ERROR(ReadAtOneMoment(database, [&] { return ReadWithin(database, study_id, run_ids, runs); }));
  std::vector<RunRecord> records;
  records.reserve(runs.size());
  for (auto& [id, run] : runs) records.push_back(std::move(run.record));
  return records;
}

absl::StatusOr<std::vector<MetricCurve>> ReadCurves(SqliteDatabase& database, const std::string& study_id,
                                                    const std::string& key) {
  absl::StatusOr<std::vector<MetricCurve>> curves;
  RETURN_IF_ERROR(ReadAtOneMoment(database, [&] {
    curves = ReadCurvesWithin(database, study_id, key);
    return curves.status();
  }));
  return curves;
}

absl::StatusOr<MetricCurve> ReadCurve(SqliteDatabase& database, const std::string& run_id, const std::string& key) {
  absl::StatusOr<MetricCurve> curve;
  RETURN_IF_ERROR(ReadAtOneMoment(database, [&] {
    curve = ReadCurveWithin(database, run_id, key);
    return curve.status();
  }));
  return curve;
}

}  // namespace isoflop
