#include "plugin/store/point_reader.h"

#include <algorithm>

#include "core/base/status.h"
#include "plugin/store/point_block.h"

namespace isoflop {

absl::StatusOr<std::vector<StoredPoint>> ReadPoints(SqliteDatabase& database, int64_t series) {
  std::vector<StoredPoint> points;
  RETURN_IF_ERROR(database.Query(
      "SELECT step, time_ms, value, is_nan FROM metric_point WHERE series = ?1",
      [&](SqliteStatement& row) {
        points.push_back({row.Integer(0), row.Integer(1), row.Real(2), row.Integer(3) != 0});
      },
      series));
  absl::Status decoded;
  RETURN_IF_ERROR(database.Query(
      "SELECT points FROM point_block WHERE series = ?1",
      [&](SqliteStatement& row) {
        absl::StatusOr<std::vector<StoredPoint>> block = DecodePoints(row.Blob(0).bytes());
        if (!block.ok()) {
          decoded = block.status();
        } else {
          points.insert(points.end(), block->begin(), block->end());
        }
      },
      series));
  RETURN_IF_ERROR(decoded);
  std::sort(points.begin(), points.end());
  return points;
}

}  // namespace isoflop
