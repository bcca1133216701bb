#include "core/advice/candidate_runs.h"

#include <algorithm>
#include <cmath>

#include "core/base/significant_digits.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr int kStepsASide = 6;  // Of sqrt(2): up to eight times.
constexpr std::pair<double, double> kUsualRatios = {1, 1000};  // D/N.
constexpr double kFirstSizes[] = {0.35, 0.8, 1.6, 3.5};        // Of the usual best one,
constexpr double kUsualSize = 0.1;                             // which is this times sqrt(C).

double TwoDigits(double value) {
  const double unit = std::pow(10, std::floor(std::log10(value)) - 1);
  return RoundResult(std::round(value / unit) * unit);
}

using Range = std::pair<double, double>;

template <typename Value>
Range RangeOf(const std::vector<Observation>& observations, Value value) {
  Range range = {INFINITY, 0};
  for (const Observation& o : observations) range = {std::min(range.first, value(o)), std::max(range.second, value(o))};
  return range;
}

std::vector<CandidateRun> WholeFirstDesign(double training_flops) {
  std::vector<CandidateRun> runs;
  for (double budget : {training_flops / 10, training_flops}) {
    for (double factor : kFirstSizes) {
      const double n = RoundResult(factor * kUsualSize * std::sqrt(budget));
      runs.push_back({n, RoundResult(TokenCountForBudget(budget, n)), RoundResult(budget), ""});
    }
  }
  return runs;
}

double Distance(const CandidateRun& run, double parameter_count, double token_count) {
  return std::hypot(std::log(run.parameter_count / parameter_count), std::log(run.token_count / token_count));
}

double NearestDistance(const CandidateRun& run, const std::vector<Observation>& done, const std::vector<CandidateRun>& chosen) {
  double nearest = INFINITY;
  for (const Observation& o : done) nearest = std::min(nearest, Distance(run, *o.parameter_count, *o.token_count));
  for (const CandidateRun& other : chosen) nearest = std::min(nearest, Distance(run, other.parameter_count, other.token_count));
  return nearest;
}

}  // namespace

std::vector<CandidateRun> CandidateGrid(const DesignFit& fit, const std::vector<Observation>& observations, double greatest_flops) {
  const Range sizes = RangeOf(observations, [](const Observation& o) { return *o.parameter_count; });
  const Range tokens = RangeOf(observations, [](const Observation& o) { return *o.token_count; });
  Range ratios = RangeOf(observations, [](const Observation& o) { return *o.token_count / *o.parameter_count; });
  ratios = {std::min(ratios.first, kUsualRatios.first), std::max(ratios.second, kUsualRatios.second)};
  const double least_flops = RangeOf(observations, [](const Observation& o) { return TrainingFlops(*o.parameter_count, *o.token_count); }).first;
  std::vector<CandidateRun> candidates;
  for (int power = static_cast<int>(std::floor(std::log10(least_flops))); std::pow(10, power) <= greatest_flops; ++power) {
    for (double digit : {1.0, 2.0, 5.0}) {
      const double budget = digit * std::pow(10, power);
      if (budget < least_flops || budget > greatest_flops) continue;
      const double best = fit.BestSplit(budget).parameter_count;
      for (int step = -kStepsASide; step <= kStepsASide; ++step) {
        const double n = TwoDigits(best * std::pow(2, step / 2.0)), d = TwoDigits(TokenCountForBudget(budget, n));
        if (n < sizes.first || d < tokens.first || d / n < ratios.first || d / n > ratios.second) continue;
        candidates.push_back({n, d, RoundResult(TrainingFlops(n, d)), ""});
      }
    }
  }
  return candidates;
}

std::vector<CandidateRun> FirstRuns(double training_flops, const std::vector<Observation>& done) {
  std::vector<CandidateRun> left = WholeFirstDesign(training_flops), chosen;
  if (done.empty()) return left;
  const size_t count = std::max(kLeastFirstRuns, kFirstRunCount - std::min(kFirstRunCount, done.size()));
  while (chosen.size() < count && !left.empty()) {
    const auto farthest = std::max_element(left.begin(), left.end(), [&](const CandidateRun& a, const CandidateRun& b) {
      return NearestDistance(a, done, chosen) < NearestDistance(b, done, chosen);
    });
    chosen.push_back(*farthest);
    left.erase(farthest);
  }
  std::sort(chosen.begin(), chosen.end(), [](const CandidateRun& a, const CandidateRun& b) {
    return std::pair(a.training_flops, a.parameter_count) < std::pair(b.training_flops, b.parameter_count);
  });
  return chosen;
}

}  // namespace isoflop
