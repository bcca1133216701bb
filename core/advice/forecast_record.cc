#include "core/advice/forecast_record.h"

#include <cmath>
#include <unordered_map>

#include "core/advice/conformal.h"

namespace isoflop {

void ReachByRecord(const std::vector<PastForecast>& record, double progress, LossForecast& forecast, double level) {
  std::unordered_map<std::string, const PastForecast*> nearest;  // By run.
  const auto distance = [progress](const PastForecast& past) { return std::abs(past.progress - progress); };
  for (auto past = record.rbegin(); past != record.rend(); ++past) {
    if (past->method != forecast.method || !(distance(*past) <= kComparableProgress) || !std::isfinite(past->absolute_z)) continue;
    const auto of_run = nearest.find(past->run_id);
    if (of_run != nearest.end()) {
      if (distance(*past) < distance(*of_run->second)) of_run->second = &*past;
    } else if (nearest.size() < kMostPastForecasts) {
      nearest.emplace(past->run_id, &*past);
    }
  }
  if (!HasEnoughForMultiple(nearest.size(), level)) return;
  std::vector<double> absolute_z;
  for (const auto& [run_id, past] : nearest) absolute_z.push_back(past->absolute_z);
  forecast.multiple = IntervalMultiple(std::move(absolute_z), level);
  forecast.multiple_source = MultipleSource::kRecord;
  forecast.multiple_count = static_cast<int>(nearest.size());
}

}  // namespace isoflop
