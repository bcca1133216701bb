#include "core/fit/envelope.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/allocation_diagnostics.h"
#include "core/fit/training_curve.h"

namespace isoflop {
namespace {

constexpr int kGridSize = 1500;        // Hoffmann et al. 2022, section 3.1.
constexpr double kSameSize = 0.01;     // Sizes that agree to this are one.
constexpr double kOneSizeARun = 0.02;  // Within a run, N derived from rounded C and D may vary by this.
constexpr double kEnded = 0.98;        // Of a run's C: from there on it counts as finished.

struct Run {
  size_t first_row = 0;  // Index of an observation, for the draws.
  double log_size = 0;   // ln N.
  int size = 0;          // Rank of its size.
  double log_end = 0;    // ln C at its last point.
  // At each C of the grid; NaN where the run has no curve. Shape [kGridSize].
  std::vector<double> log_losses, log_tokens;
};

struct Grid {
  std::vector<Run> runs;
  std::vector<double> log_flops;         // Shape [kGridSize].
  std::vector<int64_t> row_counts;       // Rows of each size.
};

// The points of the envelope at which one size is best.
struct Tread {
  double point_count = 0, log_flops = 0, log_size = 0, log_tokens = 0, log_loss = 0;  // Sums.
};

struct Envelope {
  std::map<int, Tread> treads;   // By size.
  double before_end_count = 0;   // Points before the end of their run.
};

absl::StatusOr<std::vector<std::vector<size_t>>> RowsOfRuns(const std::vector<Observation>& sorted) {
  std::map<std::string, std::vector<size_t>> rows;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].run_group.empty()) return absl::InvalidArgumentError("training curves need the run of every row");
    rows[sorted[i].run_group].push_back(i);
  }
  std::vector<std::vector<size_t>> lists;
  for (auto& [name, list] : rows) {
    const auto [least, greatest] = std::minmax_element(
        list.begin(), list.end(), [&](size_t a, size_t b) { return *sorted[a].parameter_count < *sorted[b].parameter_count; });
    if (*sorted[*greatest].parameter_count > *sorted[*least].parameter_count * (1 + kOneSizeARun)) {
      return absl::InvalidArgumentError(absl::StrFormat("run %s: parameter_count must be one a run, got %g and %g", name,
                                                        *sorted[*least].parameter_count, *sorted[*greatest].parameter_count));
    }
    lists.push_back(std::move(list));
  }
  // By content, not by name.
  std::sort(lists.begin(), lists.end());
  return lists;
}

void RankSizes(Grid& grid, const std::vector<std::vector<size_t>>& rows) {
  std::vector<size_t> order(grid.runs.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return grid.runs[a].log_size < grid.runs[b].log_size; });
  double least = -INFINITY;
  for (size_t i : order) {
    Run& run = grid.runs[i];
    if (run.log_size - least > std::log1p(kSameSize)) {
      least = run.log_size;
      grid.row_counts.push_back(0);
    }
    run.size = static_cast<int>(grid.row_counts.size()) - 1;
    grid.row_counts.back() += static_cast<int64_t>(rows[i].size());
  }
}

absl::StatusOr<Grid> MakeGrid(const std::vector<Observation>& sorted) {
  ASSIGN_OR_RETURN(const auto rows, RowsOfRuns(sorted));
  Grid grid;
  std::vector<TrainingCurve> curves;
  double first = INFINITY, last = -INFINITY;
  for (const std::vector<size_t>& list : rows) {
    std::vector<LoggedPoint> points;
    std::vector<double> log_sizes;
    for (size_t i : list) {
      const Observation& o = sorted[i];
      points.push_back({std::log(*o.training_flops), std::log(*o.token_count), std::log(*o.loss_nats_per_token)});
      log_sizes.push_back(std::log(*o.parameter_count));
    }
    std::nth_element(log_sizes.begin(), log_sizes.begin() + static_cast<std::ptrdiff_t>(log_sizes.size() / 2), log_sizes.end());
    curves.push_back(SmoothCurve(std::move(points)));
    grid.runs.push_back({.first_row = list.front(), .log_size = log_sizes[log_sizes.size() / 2], .log_end = curves.back().log_flops.back()});
    first = std::min(first, curves.back().log_flops.front());
    last = std::max(last, curves.back().log_flops.back());
  }
  RankSizes(grid, rows);
  for (int k = 0; k < kGridSize && !grid.runs.empty(); ++k) grid.log_flops.push_back(first + (last - first) * k / (kGridSize - 1));
  for (size_t r = 0; r < grid.runs.size(); ++r) {
    for (double log_flops : grid.log_flops) {
      grid.runs[r].log_losses.push_back(InterpolateCurve(curves[r], curves[r].log_losses, log_flops));
      grid.runs[r].log_tokens.push_back(InterpolateCurve(curves[r], curves[r].log_tokens, log_flops));
    }
  }
  return grid;
}

// The envelope of the runs drawn at least once. `draws` has shape [observation_count].
Envelope TraceEnvelope(const Grid& grid, const std::vector<double>& draws) {
  Envelope envelope;
  for (size_t k = 0; k < grid.log_flops.size(); ++k) {
    const Run* best = nullptr;
    int least = INT32_MAX, greatest = -1;
    for (const Run& run : grid.runs) {
      if (!(draws[run.first_row] > 0) || std::isnan(run.log_losses[k])) continue;
      least = std::min(least, run.size);
      greatest = std::max(greatest, run.size);
      if (best == nullptr || run.log_losses[k] < best->log_losses[k]) best = &run;
    }
    if (best == nullptr || best->size == least || best->size == greatest) continue;
    Tread& tread = envelope.treads[best->size];
    tread.point_count += 1;
    tread.log_flops += grid.log_flops[k];
    tread.log_size += best->log_size;
    tread.log_tokens += best->log_tokens[k];
    tread.log_loss += best->log_losses[k];
    envelope.before_end_count += grid.log_flops[k] < best->log_end + std::log(kEnded);
  }
  return envelope;
}

std::vector<OptimalPair> Middles(const Envelope& envelope) {
  std::vector<OptimalPair> pairs;
  for (const auto& [size, tread] : envelope.treads) {
    const double n = tread.point_count;
    pairs.push_back({std::exp(tread.log_flops / n), std::exp(tread.log_size / n), std::exp(tread.log_tokens / n), n});
  }
  return pairs;
}

void FillProfiles(const Grid& grid, const Envelope& envelope, Fit& fit) {
  for (const auto& [size, tread] : envelope.treads) {
    const double n = tread.point_count;
    fit.profiles.push_back({.training_flops = RoundResult(std::exp(tread.log_flops / n)),
                            .parameter_count = RoundResult(std::exp(tread.log_size / n)),
                            .token_count = RoundResult(std::exp(tread.log_tokens / n)),
                            .loss_nats_per_token = RoundResult(std::exp(tread.log_loss / n)),
                            .observation_count = grid.row_counts[size]});
  }
  std::sort(fit.profiles.begin(), fit.profiles.end(),
            [](const BudgetProfile& a, const BudgetProfile& b) { return a.training_flops < b.training_flops; });
}

}  // namespace

absl::StatusOr<Fit> FitEnvelope(const std::vector<Observation>& observations, const AllocationOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<Observation> sorted, CompleteAndSort(observations));
  ASSIGN_OR_RETURN(const Grid grid, MakeGrid(sorted));
  Fit fit = FitWithoutLaw("envelope", sorted, options);
  const Envelope envelope = TraceEnvelope(grid, std::vector<double>(sorted.size(), 1));
  FillProfiles(grid, envelope, fit);
  if (const std::optional<AllocationExponents> best = FitAllocation(Middles(envelope))) {
    RETURN_IF_ERROR(FillReplicas(
        sorted, options, *best, [&](const std::vector<double>& draws) { return Middles(TraceEnvelope(grid, draws)); }, fit));
  }
  double point_count = 0;
  for (const auto& [size, tread] : envelope.treads) point_count += tread.point_count;
  fit.diagnostics = DiagnoseEnvelope(fit, point_count > 0 ? envelope.before_end_count / point_count : 0);
  return fit;
}

}  // namespace isoflop
