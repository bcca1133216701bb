#include "plugin/plot/profile_chart.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/advice/allocation.h"
#include "core/quantity/training_flops.h"
#include "plugin/document/round_steps.h"

namespace isoflop {
namespace {

constexpr double kSameBudget = 1.02;   // Runs whose C agree to this factor share a budget.
constexpr size_t kLeastSizes = 3;      // A budget with fewer sizes shows no valley.
constexpr size_t kMostBudgets = 9;     // More curves cannot be told apart,
constexpr double kLeastSpacing = 1.5;  // nor can nearer ones: a factor in C.
constexpr double kLabelRoom = 0.12;    // Of the axis, on its right, for the budgets' labels.
constexpr int kCurveSteps = 60;
constexpr double kReach = 4;          // A minimum further than this factor from every run is not drawn.
constexpr double kFoundReach = 2.5;   // A parabola that isoflop found is drawn this factor to both sides of its minimum.
constexpr double kCurveMargin = 1.3;  // The curve passes its runs by this factor.

struct Budget {
  double flops = 0;          // The geometric mean of its runs' C.
  std::vector<size_t> runs;  // Indices, ascending in N.
};

std::vector<Budget> SharedBudgets(const RunsOfFit& drawn) {
  std::vector<std::pair<double, size_t>> by_flops;
  for (size_t i = 0; i < drawn.runs.size(); ++i) {
    const Observation& run = drawn.runs[i];
    if (const std::optional<double> c = TrainingFlopsOf(run); c && run.parameter_count) by_flops.emplace_back(*c, i);
  }
  std::sort(by_flops.begin(), by_flops.end());
  std::vector<Budget> shared;
  for (size_t first = 0, last = 0; first < by_flops.size(); first = last) {
    Budget budget;
    std::set<double> sizes;
    double log_sum = 0;
    for (last = first; last < by_flops.size() && by_flops[last].first <= kSameBudget * by_flops[first].first; ++last) {
      budget.runs.push_back(by_flops[last].second);
      sizes.insert(*drawn.runs[by_flops[last].second].parameter_count);
      log_sum += std::log(by_flops[last].first);
    }
    if (sizes.size() < kLeastSizes) continue;
    budget.flops = std::exp(log_sum / static_cast<double>(budget.runs.size()));
    std::sort(budget.runs.begin(), budget.runs.end(),
              [&](size_t a, size_t b) { return *drawn.runs[a].parameter_count < *drawn.runs[b].parameter_count; });
    shared.push_back(std::move(budget));
  }
  return shared;
}

// Those that the most runs share, far enough from each other, ascending.
std::vector<Budget> SpreadOut(std::vector<Budget> budgets) {
  std::stable_sort(budgets.begin(), budgets.end(),
                   [](const Budget& a, const Budget& b) { return a.runs.size() > b.runs.size(); });
  std::vector<Budget> kept;
  for (Budget& budget : budgets) {
    const bool near = std::any_of(kept.begin(), kept.end(), [&](const Budget& other) {
      return std::abs(std::log(budget.flops / other.flops)) < std::log(kLeastSpacing);
    });
    if (!near && kept.size() < kMostBudgets) kept.push_back(std::move(budget));
  }
  std::sort(kept.begin(), kept.end(), [](const Budget& a, const Budget& b) { return a.flops < b.flops; });
  return kept;
}

// From a light blue, 3.2:1 on white, for the least budget to a dark one for the greatest.
std::string BudgetColor(size_t index, size_t count) {
  const double t = count < 2 ? 1 : static_cast<double>(index) / static_cast<double>(count - 1);
  const auto mix = [t](int from, int to) { return static_cast<int>(std::lround(from + t * (to - from))); };
  return absl::StrFormat("#%02X%02X%02X", mix(0x4F, 0x00), mix(0x9A, 0x2A), mix(0xC8, 0x48));
}

// What isoflop found at this budget: the parabola of least loss and curvature, near its minimum and within the runs.
void AddFoundProfile(const RunsOfFit& drawn, const Budget& budget, double least, double greatest, Line line, Chart& chart, Marks& minima) {
  const auto found = std::find_if(drawn.fit->profiles.begin(), drawn.fit->profiles.end(), [&](const BudgetProfile& profile) {
    return std::abs(std::log(profile.training_flops / budget.flops)) < std::log(kSameBudget);
  });
  if (found == drawn.fit->profiles.end() || !found->curvature || !found->loss_nats_per_token) return;
  const double best = found->parameter_count;
  minima.points.push_back({best, *found->loss_nats_per_token,
                           absl::StrCat("Best at ", NumberText(budget.flops, NumberStyle::kFlops), ": N ", NumberText(best, NumberStyle::kCount))});
  for (double n : LogSteps(std::max(least, best / kFoundReach), std::min(greatest, best * kFoundReach), kCurveSteps)) {
    const double away = std::log(n / best);
    line.points.push_back({n, *found->loss_nats_per_token + 0.5 * *found->curvature * away * away});
  }
  chart.lines.push_back(std::move(line));
}

void AddBudget(const RunsOfFit& drawn, const Budget& budget, const std::string& color, Chart& chart, Marks& minima) {
  Marks runs{.radius = 2.6, .color = color, .opacity = 1};
  double least = INFINITY, greatest = 0;
  for (size_t i : budget.runs) {
    const double n = *drawn.runs[i].parameter_count;
    runs.points.push_back({n, *drawn.runs[i].loss_nats_per_token, RunTitle(drawn, i)});
    least = std::min(least, n);
    greatest = std::max(greatest, n);
  }
  chart.marks.push_back(std::move(runs));
  Line line{.color = color, .width = 1.5, .label = NumberText(budget.flops, NumberStyle::kFlops)};
  if (drawn.law == nullptr) return AddFoundProfile(drawn, budget, least, greatest, std::move(line), chart, minima);
  const absl::StatusOr<std::vector<FrontierPoint>> best = ComputeFrontier(*drawn.fit, {budget.flops});
  if (best.ok()) {
    const double n = *best->front().parameter_count.estimate;
    least = std::min(least, std::max(n, least / kReach));
    greatest = std::max(greatest, std::min(n, greatest * kReach));
    if (n >= least && n <= greatest) {
      minima.points.push_back({n, *best->front().loss_nats_per_token.estimate,
                               absl::StrCat("Best at ", NumberText(budget.flops, NumberStyle::kFlops), ": N ",
                                            NumberText(n, NumberStyle::kCount))});
    }
  }
  for (double n : LogSteps(least / kCurveMargin, greatest * kCurveMargin, kCurveSteps)) {
    const absl::StatusOr<double> loss = PredictLoss(*drawn.fit, n, TokenCountForBudget(budget.flops, n));
    if (!loss.ok()) return;
    line.points.push_back({n, *loss});
  }
  chart.lines.push_back(std::move(line));
}

}  // namespace

std::optional<Chart> ProfileChart(const RunsOfFit& drawn) {
  if (drawn.response != Quantity::kLoss || drawn.law_in_one_quantity || drawn.fit->approach == "envelope") return std::nullopt;
  const std::vector<Budget> shared = SharedBudgets(drawn);
  if (shared.empty()) return std::nullopt;
  const std::vector<Budget> budgets = SpreadOut(shared);
  Chart chart{.title = "Loss against size, one curve a budget"};
  Marks minima{.shape = Shape::kDiamond,
               .radius = 5,
               .color = std::string(ink::kText),
               .opacity = 1,
               .legend = drawn.law == nullptr ? "least loss found" : "least loss of the law"};
  std::vector<double> sizes, losses;
  for (size_t i = 0; i < budgets.size(); ++i) {
    AddBudget(drawn, budgets[i], BudgetColor(i, budgets.size()), chart, minima);
    for (const DataPoint& point : chart.marks.back().points) {
      sizes.push_back(point.x);
      losses.push_back(point.y);
    }
  }
  for (const DataPoint& point : minima.points) {
    sizes.push_back(point.x);
    losses.push_back(point.y);
  }
  chart.marks.back().legend = "runs";
  chart.x = AxisFor(Quantity::kParameterCount, sizes);
  chart.x.high *= std::pow(chart.x.high / chart.x.low, kLabelRoom);
  chart.y = AxisFor(Quantity::kLoss, losses);
  chart.description = absl::StrCat(
      budgets.size(), budgets.size() < shared.size() ? absl::StrCat(" of ", shared.size()) : "", " shared budgets, ",
      RangeText(budgets.front().flops, budgets.back().flops, NumberStyle::kFlops), " FLOP.");
  if (!minima.points.empty()) {
    absl::StrAppend(&chart.description, " The best size goes from ",
                    NumberText(minima.points.front().x, NumberStyle::kCount), " to ",
                    NumberText(minima.points.back().x, NumberStyle::kCount), " parameters.");
  }
  chart.marks.push_back(std::move(minima));
  return chart;
}

}  // namespace isoflop
