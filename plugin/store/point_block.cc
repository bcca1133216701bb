#include "plugin/store/point_block.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace isoflop {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied as they lie in memory");

uint64_t ZigZag(uint64_t value) { return (value << 1) ^ (0 - (value >> 63)); }
uint64_t UnZigZag(uint64_t value) { return (value >> 1) ^ (0 - (value & 1)); }

void AppendVarint(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

bool TakeVarint(std::string_view& in, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (in.empty()) return false;
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

constexpr size_t kValueBytes = 1 + sizeof(double);

}  // namespace

std::string EncodePoints(absl::Span<const StoredPoint> points) {
  std::string block;
  block.reserve(points.size() * (kValueBytes + 4));
  uint64_t step = 0, growth = 0, time_ms = 0;
  for (const StoredPoint& point : points) {
    const uint64_t new_growth = static_cast<uint64_t>(point.step) - step;
    AppendVarint(ZigZag(new_growth - growth), block);
    AppendVarint(ZigZag(static_cast<uint64_t>(point.time_ms) - time_ms), block);
    char value[kValueBytes] = {static_cast<char>(point.is_nan)};
    std::memcpy(value + 1, &point.value, sizeof(double));
    block.append(value, kValueBytes);
    step = static_cast<uint64_t>(point.step);
    growth = new_growth;
    time_ms = static_cast<uint64_t>(point.time_ms);
  }
  return block;
}

absl::StatusOr<std::vector<StoredPoint>> DecodePoints(std::string_view block) {
  std::vector<StoredPoint> points;
  uint64_t step = 0, growth = 0, time_ms = 0;
  while (!block.empty()) {
    uint64_t growth_change, time_growth;
    if (!TakeVarint(block, growth_change) || !TakeVarint(block, time_growth) || block.size() < kValueBytes) {
      return absl::DataLossError("store: a block of points is cut short");
    }
    growth += UnZigZag(growth_change);
    step += growth;
    time_ms += UnZigZag(time_growth);
    StoredPoint& point = points.emplace_back();
    point.step = static_cast<int64_t>(step);
    point.time_ms = static_cast<int64_t>(time_ms);
    point.is_nan = block[0] != 0;
    std::memcpy(&point.value, block.data() + 1, sizeof(double));
    block.remove_prefix(kValueBytes);
  }
  return points;
}

}  // namespace isoflop
