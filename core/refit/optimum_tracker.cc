#include "core/refit/optimum_tracker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "core/fit/hold_out.h"
#include "core/fit/minimize.h"
#include "core/fit/solve.h"

namespace isoflop {
namespace {

constexpr double kSameOptimum = 1e-6;     // Of the coordinates: a followed optimum that ran into another.
constexpr double kSameBasin = 0.01;       // Of the coordinates: the same optimum for slightly different runs.
constexpr double kNearStart = 0.05;       // In an exponent; ten times that in the logarithm of a scale.
constexpr int kLongSearch = 30;           // Evaluations.
constexpr double kWholesale = 0.25;       // Share of the runs that changed.
constexpr double kContested = 1.1;        // Of the best objective.

// Coordinates that a law does not have are 0.
bool Near(const Theta& a, const Theta& b, double tolerance) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] - b[i]) > tolerance * std::max(1.0, std::abs(b[i]))) return false;
  }
  return true;
}

bool NearStart(const Law& law, const Theta& a, const Theta& b) {
  for (size_t i = 0; i < law.parameters().size(); ++i) {
    if (std::abs(a[i] - b[i]) > (law.parameters()[i].is_scale ? 10 : 1) * kNearStart) return false;
  }
  return true;
}

}  // namespace

void OptimumTracker::Adopt(std::vector<NewtonResult> optima) {
  optima_ = std::move(optima);
  starts_.clear();
  unchecked_count_ = std::numeric_limits<size_t>::max() / 2;
}

void OptimumTracker::Follow(const Prepared& evidence, const std::vector<bool>& left_out, size_t changed_count) {
  const Law& law = *evidence.law;
  std::vector<double> weights = evidence.weights;
  size_t count = weights.size();
  for (size_t i = 0; i < left_out.size(); ++i) {
    if (left_out[i]) weights[i] = 0, --count;
  }
  std::optional<Prepared> selected;
  const auto rest = [&]() -> const Prepared& {
    if (left_out.empty()) return evidence;
    std::vector<bool> keep = left_out;
    keep.flip();
    return selected.emplace(SelectRows(evidence, keep));
  };
  searched_ = basin_changed_ = false;
  const bool known = !optima_.empty();
  const Theta before = known ? optima_.front().theta : Theta{};
  if (!known || count < kFollowedRunCount || law.has_narrow_basins() || IsContested() ||
      changed_count > kWholesale * static_cast<double>(count)) {
    SearchAll(rest());
    basin_changed_ = known && (optima_.empty() || !Near(optima_.front().theta, before, kSameBasin));
    return;
  }
  Objective objective = evidence.objective();
  objective.weights = &weights;
  for (NewtonResult& optimum : optima_) optimum = MinimizeFromNear(objective, optimum.theta);
  const Theta followed = optima_.front().theta;
  const bool converged = optima_.front().converged, took_long = optima_.front().evaluation_count > kLongSearch;
  KeepDistinct();
  unchecked_count_ += changed_count;
  const auto is_followed = [&] { return !optima_.empty() && Near(optima_.front().theta, followed, kSameOptimum); };
  if (!converged) {
    SearchAll(rest());
  } else if (took_long || !is_followed() || unchecked_count_ * kCheckShare >= count) {
    SearchNewStarts(rest(), objective);
  }
  basin_changed_ = !is_followed();
}

void OptimumTracker::Certify(const Prepared& evidence) {
  if (searched_ && !optima_.empty()) CertifyByCeres(evidence.objective(), optima_.front());
}

void OptimumTracker::SearchAll(const Prepared& rest) {
  starts_ = rest.law->Starts(rest.inputs, rest.held);
  optima_ = FindOptimaFrom(rest, starts_);
  KeepDistinct();
  unchecked_count_ = 0;
  searched_ = true;
}

void OptimumTracker::SearchNewStarts(const Prepared& rest, const Objective& objective) {
  std::vector<Theta> starts = rest.law->Starts(rest.inputs, rest.held);
  for (const Theta& start : starts) {
    const bool known = std::any_of(starts_.begin(), starts_.end(), [&](const Theta& other) { return NearStart(*rest.law, start, other); });
    if (known) continue;
    optima_.push_back(MinimizeFromAfar(objective, start));
    searched_ = true;
  }
  starts_ = std::move(starts);
  unchecked_count_ = 0;
  KeepDistinct();
}

// Whether another optimum is nearly as good as the best.
bool OptimumTracker::IsContested() const { return optima_.size() > 1 && optima_[1].objective < kContested * optima_[0].objective; }

void OptimumTracker::KeepDistinct() {
  std::erase_if(optima_, [](const NewtonResult& optimum) { return !std::isfinite(optimum.objective); });
  std::stable_sort(optima_.begin(), optima_.end(), [](const NewtonResult& a, const NewtonResult& b) { return a.objective < b.objective; });
  std::vector<NewtonResult> distinct;
  for (const NewtonResult& optimum : optima_) {
    if (!optimum.converged && !distinct.empty()) continue;
    const bool repeated = std::any_of(distinct.begin(), distinct.end(),
                                      [&](const NewtonResult& other) { return Near(optimum.theta, other.theta, kSameOptimum); });
    if (!repeated) distinct.push_back(optimum);
  }
  optima_ = std::move(distinct);
}

}  // namespace isoflop
