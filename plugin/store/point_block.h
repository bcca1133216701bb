#ifndef ISOFLOP_PLUGIN_STORE_POINT_BLOCK_H_
#define ISOFLOP_PLUGIN_STORE_POINT_BLOCK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "plugin/store/series_summary.h"

namespace isoflop {

// Many points in few bytes: some 10 a point where steps and times grow evenly. Storing a block costs about as much as
// storing one point.
//
// Format, point by point: varint(zigzag(growth of step - previous growth of step)), varint(zigzag(growth of time)), one
// byte is_nan, eight bytes value. Growth is that since the point before, the first one's since 0; sums wrap around.

// `points` in MLflow's order, none twice.
std::string EncodePoints(absl::Span<const StoredPoint> points);

// DataLoss when the block was not made by EncodePoints.
absl::StatusOr<std::vector<StoredPoint>> DecodePoints(std::string_view block);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_POINT_BLOCK_H_
