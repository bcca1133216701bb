#include "plugin/store/point_writer.h"

#include <algorithm>

#include "core/base/status.h"
#include "plugin/store/point_block.h"
#include "plugin/store/point_reader.h"

namespace isoflop {
namespace {

// A block has a fixed price of a few rows.
constexpr size_t kLeastBlockPoints = 8;

// Fits on a page of 4 KiB unless steps and times leap about.
constexpr size_t kGreatestBlockPoints = 256;

// Some 20 kB each.
constexpr size_t kGreatestCurveCount = 100;

constexpr const char* kInsertRow = "INSERT OR IGNORE INTO metric_point VALUES (?1, ?2, ?3, ?4, ?5)";

}  // namespace

absl::StatusOr<bool> PointWriter::Add(OpenSeries& series, const StoredPoint& point) {
  const std::optional<ThinnedPart>& thinned = series.summary.thinned;
  if (thinned.has_value()) {
    ASSIGN_OR_RETURN(CurveThinner * curve, FindCurve(series.id));
    const bool chosen = curve->Add(point);
    if (!chosen && thinned->Covers(point)) return false;
  }
  if (series.summary.point_count == 0 || series.summary.last < point) {
    series.waiting.push_back(point);
  } else {
    ASSIGN_OR_RETURN(const bool is_new, AddLatePoint(series, point));
    if (!is_new) return false;
  }
  series.summary.Add(point);
  return true;
}

absl::StatusOr<bool> PointWriter::AddLatePoint(OpenSeries& series, const StoredPoint& point) {
  if (std::binary_search(series.waiting.begin(), series.waiting.end(), point)) return false;
  ASSIGN_OR_RETURN(const bool known, IsInABlock(series.id, point));
  if (known) return false;
  RETURN_IF_ERROR(database_.Execute(kInsertRow, series.id, point.step, point.time_ms, point.value, point.is_nan));
  return database_.changed_row_count() > 0;
}

absl::StatusOr<bool> PointWriter::IsInABlock(int64_t series, const StoredPoint& point) {
  absl::StatusOr<std::vector<StoredPoint>> block = std::vector<StoredPoint>();
  RETURN_IF_ERROR(database_.Query(
      "SELECT points FROM point_block "
      "WHERE series = ?1 AND (first_step, first_time_ms, first_value, first_is_nan) <= (?2, ?3, ?4, ?5) "
      "ORDER BY first_step DESC, first_time_ms DESC, first_value DESC, first_is_nan DESC LIMIT 1",
      [&](SqliteStatement& row) { block = DecodePoints(row.Blob(0).bytes()); }, series, point.step, point.time_ms, point.value,
      point.is_nan));
  RETURN_IF_ERROR(block.status());
  return std::binary_search(block->begin(), block->end(), point);
}

absl::StatusOr<CurveThinner*> PointWriter::FindCurve(int64_t series) {
  if (const auto found = curves_.find(series); found != curves_.end()) return &found->second;
  ASSIGN_OR_RETURN(const std::vector<StoredPoint> points, ReadPoints(database_, series));
  if (curves_.size() >= kGreatestCurveCount) curves_.clear();
  CurveThinner& curve = curves_[series];
  for (const StoredPoint& point : points) curve.Add(point);
  return &curve;
}

absl::Status PointWriter::WriteWaiting(OpenSeries& series) {
  if (series.waiting.size() >= kLeastBlockPoints) {
    RETURN_IF_ERROR(WriteBlocks(series.id, series.waiting));
  } else {
    for (const StoredPoint& point : series.waiting) {
      RETURN_IF_ERROR(database_.Execute(kInsertRow, series.id, point.step, point.time_ms, point.value, point.is_nan));
    }
  }
  series.waiting.clear();
  return absl::OkStatus();
}

absl::Status PointWriter::WriteBlocks(int64_t series, absl::Span<const StoredPoint> points) {
  for (size_t begin = 0; begin < points.size(); begin += kGreatestBlockPoints) {
    const absl::Span<const StoredPoint> part = points.subspan(begin, kGreatestBlockPoints);
    const StoredPoint& first = part.front();
    const std::string block = EncodePoints(part);
    RETURN_IF_ERROR(database_.Execute("INSERT INTO point_block VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6)", series,
                                      first.step, first.time_ms, first.value, first.is_nan, SqliteBlob{block.data(), block.size()}));
  }
  return absl::OkStatus();
}

}  // namespace isoflop
