#ifndef ISOFLOP_PLUGIN_STORE_POINT_WRITER_H_
#define ISOFLOP_PLUGIN_STORE_POINT_WRITER_H_

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "plugin/store/curve_thinner.h"
#include "plugin/store/series_summary.h"
#include "plugin/store/sqlite_database.h"

namespace isoflop {

// A series as its writer has it in memory.
struct OpenSeries {
  int64_t id = 0;
  SeriesSummary summary;
  std::vector<StoredPoint> waiting;  // New ones, not written yet, in MLflow's order.
  bool touched = false;
};

// Writes the points of series, each once, within a transaction of the caller's.
//
// Points that come in order, which nearly all do, are known to be new without a look at the disk, and are written in
// blocks. The blocks of a series do not overlap. A point that comes late is looked for in the one block that could hold
// it, then written as a row of its own.
//
// A series that was thinned no longer knows which points it had. A point is new to it when its step or its time is
// greater than all that were there at the thinning, or when the thinning would have kept it. Any other is taken for one
// that was there: if it was not, neither the curve nor the last value miss it, only the counts do. So points delivered
// again neither change a thinned series nor let it grow, and what a law reads is the same whenever the thinning was.
class PointWriter {
 public:
  explicit PointWriter(SqliteDatabase& database) : database_(database) {}

  // Adds a point. Returns whether it is new.
  absl::StatusOr<bool> Add(OpenSeries& series, const StoredPoint& point);

  // Writes what waits.
  absl::Status WriteWaiting(OpenSeries& series);

  // Drops what is kept in memory: after a roll-back, and when points were written by someone else.
  void Forget() { curves_.clear(); }

  // Writes points, which are in MLflow's order, as blocks.
  absl::Status WriteBlocks(int64_t series, absl::Span<const StoredPoint> points);

 private:
  absl::StatusOr<bool> AddLatePoint(OpenSeries& series, const StoredPoint& point);
  absl::StatusOr<bool> IsInABlock(int64_t series, const StoredPoint& point);
  absl::StatusOr<CurveThinner*> FindCurve(int64_t series);

  SqliteDatabase& database_;
  std::unordered_map<int64_t, CurveThinner> curves_;  // What is kept of thinned series; a few, by series.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_POINT_WRITER_H_
