#include "plugin/store/series_row.h"

#include "core/base/status.h"

namespace isoflop {

SeriesSummary SeriesSummaryOf(SqliteStatement& row) {
  SeriesSummary summary = {.point_count = row.Integer(1),
                           .last = {row.Integer(2), row.Integer(3), row.Real(4), row.Integer(5) != 0},
                           .least_time_ms = row.Integer(6),
                           .greatest_time_ms = row.Integer(7),
                           .not_finite_count = row.Integer(8),
                           .repeated_step_count = row.Integer(9),
                           .in_order = row.Integer(10) != 0,
                           .heard_time_ms = row.Integer(11),
                           .thinned = std::nullopt};
  if (!row.IsNull(12)) {
    summary.thinned = {.step = row.Integer(12),
                       .time_ms = row.Integer(13),
                       .repeated_step_count = row.Integer(14),
                       .out_of_order_count = row.Integer(15)};
  }
  return summary;
}

absl::Status UpdateSeriesRow(SqliteDatabase& database, int64_t series, const SeriesSummary& summary) {
  RETURN_IF_ERROR(database.Execute(
      "UPDATE series SET point_count = ?2, last_step = ?3, last_time_ms = ?4, last_value = ?5, last_is_nan = ?6, "
      "least_time_ms = ?7, greatest_time_ms = ?8, not_finite_count = ?9, repeated_step_count = ?10, in_order = ?11, "
      "heard_time_ms = ?12 WHERE id = ?1",
      series, summary.point_count, summary.last.step, summary.last.time_ms, summary.last.value, summary.last.is_nan,
      summary.least_time_ms, summary.greatest_time_ms, summary.not_finite_count, summary.repeated_step_count,
      summary.in_order, summary.heard_time_ms));
  if (!summary.thinned.has_value()) return absl::OkStatus();
  return database.Execute(
      "UPDATE series SET thinned_step = ?2, thinned_time_ms = ?3, thinned_repeated_step_count = ?4, "
      "thinned_out_of_order_count = ?5 WHERE id = ?1",
      series, summary.thinned->step, summary.thinned->time_ms, summary.thinned->repeated_step_count,
      summary.thinned->out_of_order_count);
}

}  // namespace isoflop
