#include "plugin/store/point_compaction.h"

#include <optional>
#include <vector>

#include "core/base/status.h"
#include "plugin/store/curve_thinner.h"
#include "plugin/store/point_reader.h"
#include "plugin/store/point_writer.h"
#include "plugin/store/run_store.h"
#include "plugin/store/series_row.h"

namespace isoflop {
namespace {

absl::StatusOr<std::optional<int64_t>> FindSettledRun(SqliteDatabase& database, int64_t now_ms) {
  std::optional<int64_t> run;
  RETURN_IF_ERROR(database.Query(
      "SELECT id FROM run WHERE compacted = 0 AND status >= 3 AND heard_time_ms <= ?1 AND NOT EXISTS "
      "(SELECT 1 FROM series WHERE series.run = run.id AND series.heard_time_ms > ?1) LIMIT 1",
      [&](SqliteStatement& row) { run = row.Integer(0); }, now_ms - kSettleMs));
  return run;
}

// The summary of a series whose points are about to be thinned.
void NoteThinning(const std::vector<StoredPoint>& points, SeriesSummary& summary) {
  DisorderCounts counts = {summary.repeated_step_count,
                           summary.thinned.has_value() ? summary.thinned->out_of_order_count : 0};
  if (!summary.in_order) counts = CountDisorder(points, summary.thinned);
  summary.thinned = ThinnedPart{.step = summary.last.step,
                                .time_ms = summary.greatest_time_ms,
                                .repeated_step_count = counts.repeated_step_count,
                                .out_of_order_count = counts.out_of_order_count};
  summary.repeated_step_count = counts.repeated_step_count;
  summary.in_order = true;
}

absl::Status CompactSeries(SqliteDatabase& database, int64_t id, SeriesSummary summary) {
  ASSIGN_OR_RETURN(std::vector<StoredPoint> points, ReadPoints(database, id));
  if (summary.thinned.has_value() || points.size() > kUnthinnedPointCount) {
    NoteThinning(points, summary);
    CurveThinner curve;
    for (const StoredPoint& point : points) curve.Add(point);
    points = curve.Points();
    RETURN_IF_ERROR(UpdateSeriesRow(database, id, summary));
  }
  RETURN_IF_ERROR(database.Execute("DELETE FROM metric_point WHERE series = ?1", id));
  RETURN_IF_ERROR(database.Execute("DELETE FROM point_block WHERE series = ?1", id));
  return PointWriter(database).WriteBlocks(id, points);
}

}  // namespace

absl::StatusOr<bool> CompactSettledRun(SqliteDatabase& database, int64_t now_ms) {
  ASSIGN_OR_RETURN(const std::optional<int64_t> run, FindSettledRun(database, now_ms));
  if (!run.has_value()) return false;
  std::vector<std::pair<int64_t, SeriesSummary>> series;
  RETURN_IF_ERROR(database.Query(
      "SELECT " ISOFLOP_SERIES_COLUMNS " FROM series WHERE run = ?1 AND point_count > 0",
      [&](SqliteStatement& row) { series.emplace_back(row.Integer(0), SeriesSummaryOf(row)); }, *run));
  for (const auto& [id, summary] : series) RETURN_IF_ERROR(CompactSeries(database, id, summary));
  RETURN_IF_ERROR(database.Execute("UPDATE run SET compacted = 1 WHERE id = ?1", *run));
  return true;
}

}  // namespace isoflop
