#include "plugin/document/drawn_runs.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

namespace isoflop {
namespace {

constexpr size_t kMostOutliers = 300;
constexpr double kOutlierScales = 3;
constexpr size_t kLatestRuns = 200;

// Marks runs as drawn, each once.
class Marks {
 public:
  explicit Marks(size_t run_count) : drawn_(run_count, false) {}

  // Whether the run was not drawn before.
  bool Draw(size_t run) {
    const bool is_new = !drawn_[run];
    drawn_[run] = true;
    return is_new;
  }

  std::vector<size_t> NotDrawn(const std::vector<size_t>& order) const {
    std::vector<size_t> rest;
    std::copy_if(order.begin(), order.end(), std::back_inserter(rest), [&](size_t run) { return !drawn_[run]; });
    return rest;
  }

  std::vector<size_t> Indices() const {
    std::vector<size_t> indices;
    for (size_t run = 0; run < drawn_.size(); ++run) {
      if (drawn_[run]) indices.push_back(run);
    }
    return indices;
  }

 private:
  std::vector<bool> drawn_;
};

// All runs, ascending by `key`, ties by id.
template <typename Key>
std::vector<size_t> OrderBy(const std::vector<Observation>& runs, Key key) {
  std::vector<size_t> order(runs.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (const auto of_a = key(a), of_b = key(b); of_a != of_b) return of_a < of_b;
    return runs[a].run_id < runs[b].run_id;
  });
  return order;
}

size_t DrawFrontier(const std::vector<Observation>& runs, const std::vector<size_t>& by_compute, Marks& marks) {
  size_t count = 0;
  double lowest = std::numeric_limits<double>::infinity();
  for (size_t run : by_compute) {
    if (*runs[run].loss_nats_per_token >= lowest) continue;
    lowest = *runs[run].loss_nats_per_token;
    count += marks.Draw(run);
  }
  return count;
}

size_t DrawOutliers(const std::vector<Observation>& runs, const std::vector<double>& log_residuals, double noise, Marks& marks) {
  const std::vector<size_t> furthest = OrderBy(runs, [&](size_t run) { return -std::abs(log_residuals[run]); });
  size_t count = 0;
  for (size_t run : furthest) {
    if (count == kMostOutliers || !(std::abs(log_residuals[run]) > kOutlierScales * noise)) break;
    count += marks.Draw(run);
  }
  return count;
}

size_t DrawLatest(const std::vector<Observation>& runs, Marks& marks) {
  const std::vector<size_t> latest = OrderBy(runs, [&](size_t run) { return -runs[run].end_time_ms; });
  size_t count = 0;
  for (size_t rank = 0; rank < kLatestRuns; ++rank) count += marks.Draw(latest[rank]);
  return count;
}

}  // namespace

DrawnRuns ChooseDrawnRuns(const std::vector<Observation>& runs, const std::vector<double>& log_residuals, std::optional<double> noise) {
  DrawnRuns drawn;
  if (runs.size() <= kMostDrawnRuns) {
    drawn.indices.resize(runs.size());
    std::iota(drawn.indices.begin(), drawn.indices.end(), 0);
    drawn.thinned_count = runs.size();
    return drawn;
  }
  const std::vector<size_t> by_compute = OrderBy(runs, [&](size_t run) { return *TrainingFlopsOf(runs[run]); });
  Marks marks(runs.size());
  drawn.frontier_count = DrawFrontier(runs, by_compute, marks);
  if (noise && !log_residuals.empty()) drawn.outlier_count = DrawOutliers(runs, log_residuals, *noise, marks);
  drawn.latest_count = DrawLatest(runs, marks);
  const std::vector<size_t> rest = marks.NotDrawn(by_compute);
  const size_t taken = drawn.frontier_count + drawn.outlier_count + drawn.latest_count;
  drawn.thinned_count = std::min(rest.size(), kMostDrawnRuns - std::min(kMostDrawnRuns, taken));
  for (size_t step = 0; step < drawn.thinned_count; ++step) marks.Draw(rest[step * rest.size() / drawn.thinned_count]);
  drawn.indices = marks.Indices();
  return drawn;
}

DrawnRuns DrawnRunsOf(const std::vector<Observation>& runs, const std::vector<double>& log_residuals, const Fit* fit) {
  return ChooseDrawnRuns(runs, log_residuals, fit == nullptr ? std::nullopt : fit->log_loss_standard_deviation);
}

}  // namespace isoflop
