#include "core/fit/hold_out.h"

#include <algorithm>
#include <cmath>

#include "core/base/significant_digits.h"
#include "core/fit/percentile.h"
#include "core/fit/solve.h"

namespace isoflop {

Prepared SelectRows(const Prepared& evidence, const std::vector<bool>& keep) {
  Prepared selected = evidence;
  selected.sorted.clear();
  selected.inputs.clear();
  selected.weights.clear();
  for (size_t i = 0; i < keep.size(); ++i) {
    if (!keep[i]) continue;
    selected.sorted.push_back(evidence.sorted[i]);
    selected.inputs.push_back(evidence.inputs[i]);
    selected.weights.push_back(evidence.weights[i]);
  }
  return selected;
}

std::optional<std::vector<bool>> LargestRuns(const std::vector<Observation>& sorted, double fraction) {
  if (!(fraction > 0) || sorted.empty()) return std::nullopt;
  std::vector<double> flops;
  for (const Observation& o : sorted) {
    const std::optional<double> c = TrainingFlopsOf(o);
    if (!c) return std::nullopt;
    flops.push_back(*c);
  }
  const double limit = Quantile(flops, 1 - fraction);
  std::vector<bool> largest;
  for (double c : flops) largest.push_back(c > limit);
  if (std::find(largest.begin(), largest.end(), true) == largest.end()) return std::nullopt;
  return largest;
}

HoldOut HoldOutAt(const Prepared& evidence, const std::vector<bool>& held_out, const Theta& theta) {
  HoldOut result;
  double sum = 0;
  for (size_t i = 0; i < held_out.size(); ++i) {
    if (!held_out[i]) continue;
    const double residual = evidence.law->PredictLog(evidence.inputs[i], theta, nullptr, nullptr) - evidence.inputs[i].log_response;
    sum += residual * residual;
    ++result.observation_count;
  }
  result.root_mean_square_log_error = RoundResult(std::sqrt(sum / static_cast<double>(result.observation_count)));
  return result;
}

std::optional<HoldOut> EvaluateHoldOut(const Prepared& evidence, double fraction) {
  const std::optional<std::vector<bool>> held = LargestRuns(evidence.sorted, fraction);
  if (!held) return std::nullopt;
  std::vector<bool> keep = *held;
  keep.flip();
  const Prepared rest = SelectRows(evidence, keep);
  if (rest.sorted.size() < rest.free.size() + 2) return std::nullopt;
  const std::vector<NewtonResult> optima = FindOptima(rest);
  if (optima.empty()) return std::nullopt;
  return HoldOutAt(evidence, *held, optima.front().theta);
}

}  // namespace isoflop
