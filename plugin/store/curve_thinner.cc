#include "plugin/store/curve_thinner.h"

#include <bit>
#include <set>

namespace isoflop {
namespace {

constexpr int kLogIntervalsAnOctave = 4;
constexpr int64_t kIntervalsAnOctave = 1 << kLogIntervalsAnOctave;

bool IsBelow(const StoredPoint& a, const StoredPoint& b) { return a.value != b.value ? a.value < b.value : b < a; }

}  // namespace

int64_t StepInterval(int64_t step) {
  if (step < 0) return -1 - StepInterval(-(step + 1));
  if (step < 2 * kIntervalsAnOctave) return step;
  const int shift = std::bit_width(static_cast<uint64_t>(step)) - 1 - kLogIntervalsAnOctave;
  return kIntervalsAnOctave * shift + (step >> shift);
}

bool CurveThinner::Add(const StoredPoint& point) {
  bool chosen = false;
  const auto choose = [&](std::optional<StoredPoint>& best) {
    best = point;
    chosen = true;
  };
  if (!first_.has_value() || point < *first_) choose(first_);
  if (!last_.has_value() || *last_ < point) choose(last_);
  if (!IsFinite(point)) return chosen;
  if (!least_.has_value() || IsBelow(point, *least_)) choose(least_);
  const auto [entry, is_new] = last_of_interval_.try_emplace(StepInterval(point.step), point);
  if (!is_new && !(entry->second < point)) return chosen;
  entry->second = point;
  return true;
}

std::vector<StoredPoint> CurveThinner::Points() const {
  std::set<StoredPoint> chosen;
  for (const auto& best : {first_, last_, least_}) {
    if (best.has_value()) chosen.insert(*best);
  }
  for (const auto& [interval, point] : last_of_interval_) chosen.insert(point);
  return {chosen.begin(), chosen.end()};
}

}  // namespace isoflop
