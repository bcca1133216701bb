#include "core/fit/isoflop.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/allocation_diagnostics.h"
#include "core/fit/budget.h"

namespace isoflop {
namespace {

constexpr double kEnded = 0.98;  // Of a run's compute: from there on it counts as finished.

// What one budget says.
struct Valley {
  OptimalPair pair;
  MinimumFound minimum;  // In ln N.
};

// The optimum of one budget under Poisson draws, shape [observation_count].
std::variant<Valley, NoMinimum> FindValley(const std::vector<Observation>& sorted, const Budget& budget, IsoflopMinimum minimum,
                                           const std::vector<double>& draws) {
  std::vector<ProfileRow> by_size, by_tokens;
  double drawn = 0, weight = 0;
  for (int i : budget.rows) {
    const Observation& o = sorted[i];
    by_size.push_back({std::log(*o.parameter_count), *o.loss_nats_per_token, draws[i] * o.weight});
    by_tokens.push_back({std::log(*o.token_count), *o.loss_nats_per_token, draws[i] * o.weight});
    drawn += draws[i];
    weight += draws[i] * o.weight;
  }
  const auto in_size = FindMinimum(minimum, std::move(by_size)), in_tokens = FindMinimum(minimum, std::move(by_tokens));
  for (const auto* found : {&in_size, &in_tokens}) {
    if (const NoMinimum* reason = std::get_if<NoMinimum>(found)) return *reason;
  }
  const MinimumFound& size = std::get<MinimumFound>(in_size);
  return Valley{{budget.training_flops, std::exp(size.log_x), std::exp(std::get<MinimumFound>(in_tokens).log_x), weight / drawn}, size};
}

std::vector<OptimalPair> PairsUnder(const std::vector<Observation>& sorted, const std::vector<Budget>& budgets, IsoflopMinimum minimum,
                                    const std::vector<double>& draws) {
  std::vector<OptimalPair> pairs;
  for (const Budget& budget : budgets) {
    const auto found = FindValley(sorted, budget, minimum, draws);
    if (const Valley* valley = std::get_if<Valley>(&found)) pairs.push_back(valley->pair);
  }
  return pairs;
}

void FillLeaveOneBudgetOut(const std::vector<OptimalPair>& pairs, Fit& fit) {
  if (pairs.size() < 3) return;
  const auto widen = [&](const char* name, double value) {
    const double rounded = RoundResult(value);
    auto& [least, greatest] = fit.leave_one_budget_out.try_emplace(name, rounded, rounded).first->second;
    least = std::min(least, rounded);
    greatest = std::max(greatest, rounded);
  };
  for (size_t left_out = 0; left_out < pairs.size(); ++left_out) {
    std::vector<OptimalPair> rest = pairs;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
    const std::optional<AllocationExponents> line = FitAllocation(rest);
    if (!line) continue;
    widen("parameter_exponent", line->parameter_exponent);
    widen("token_exponent", line->token_exponent);
  }
}

BudgetProfile ProfileOf(const Budget& budget, const Valley& valley) {
  return {.training_flops = RoundResult(budget.training_flops),
          .parameter_count = RoundResult(valley.pair.parameter_count),
          .token_count = RoundResult(valley.pair.token_count),
          .loss_nats_per_token = RoundResult(valley.minimum.loss),
          .curvature = RoundResult(valley.minimum.curvature),
          .observation_count = static_cast<int64_t>(budget.rows.size())};
}

// Of the rows that found a minimum, those before 98 % of the compute of their run; a row without a run is one of its own.
double ShareBeforeEnd(const std::vector<Observation>& sorted, const std::vector<int>& used) {
  std::map<std::string, double> ends;
  for (const Observation& o : sorted) {
    double& end = ends[o.run_group];
    end = std::max(end, *o.training_flops);
  }
  double before = 0;
  for (int i : used) before += !sorted[i].run_group.empty() && *sorted[i].training_flops < kEnded * ends[sorted[i].run_group];
  return used.empty() ? 0 : before / static_cast<double>(used.size());
}

}  // namespace

absl::StatusOr<Fit> FitIsoflop(const std::vector<Observation>& observations, const AllocationOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<Observation> sorted, CompleteAndSort(observations));
  Fit fit = FitWithoutLaw("isoflop", sorted, options);
  const std::vector<Budget> budgets = GroupBudgets(sorted);
  const std::vector<double> once(sorted.size(), 1);
  std::vector<OptimalPair> pairs;
  std::vector<LeftOutBudget> left_out;
  std::vector<int> used;  // Rows of the budgets that are not left out.
  for (const Budget& budget : budgets) {
    const auto found = FindValley(sorted, budget, options.minimum, once);
    if (const NoMinimum* reason = std::get_if<NoMinimum>(&found)) {
      left_out.push_back({budget.training_flops, *reason});
      continue;
    }
    const Valley& valley = std::get<Valley>(found);
    pairs.push_back(valley.pair);
    fit.profiles.push_back(ProfileOf(budget, valley));
    used.insert(used.end(), budget.rows.begin(), budget.rows.end());
  }
  if (const std::optional<AllocationExponents> best = FitAllocation(pairs)) {
    FillLeaveOneBudgetOut(pairs, fit);
    RETURN_IF_ERROR(FillReplicas(
        sorted, options, *best, [&](const std::vector<double>& draws) { return PairsUnder(sorted, budgets, options.minimum, draws); }, fit));
  }
  fit.diagnostics = DiagnoseIsoflop(fit, left_out, ShareBeforeEnd(sorted, used));
  return fit;
}

}  // namespace isoflop
