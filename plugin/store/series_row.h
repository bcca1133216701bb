#ifndef ISOFLOP_PLUGIN_STORE_SERIES_ROW_H_
#define ISOFLOP_PLUGIN_STORE_SERIES_ROW_H_

#include <cstdint>

#include "absl/status/status.h"
#include "plugin/store/series_summary.h"
#include "plugin/store/sqlite_database.h"

namespace isoflop {

// The columns of the table series that SeriesSummaryOf reads: the first of a row, the series' id before them.
#define ISOFLOP_SERIES_COLUMNS                                                                                    \
  "series.id, point_count, last_step, last_time_ms, last_value, last_is_nan, least_time_ms, greatest_time_ms, "   \
  "not_finite_count, repeated_step_count, in_order, series.heard_time_ms, thinned_step, thinned_time_ms, "        \
  "thinned_repeated_step_count, thinned_out_of_order_count"

inline constexpr int kSeriesColumnCount = 16;

SeriesSummary SeriesSummaryOf(SqliteStatement& row);

absl::Status UpdateSeriesRow(SqliteDatabase& database, int64_t series, const SeriesSummary& summary);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_SERIES_ROW_H_
