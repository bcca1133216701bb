#include "core/advice/more_compute.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/advice/described_run.h"
#include "core/base/significant_digits.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kFactor = 2;
constexpr double kSure = 0.975;  // Of the replicas.

// Change of the loss by each option, under one law.
struct Changes {
  double new_data, second_epoch, bigger_model, start_again;

  Changes(const RepeatedDataLaw& law, double n, double d) {
    const double loss = PredictLoss(law, n, d, d), more = kFactor * d;
    new_data = PredictLoss(law, n, more, more) - loss;
    second_epoch = PredictLoss(law, n, more, d) - loss;
    bigger_model = PredictLoss(law, kFactor * n, d, d) - loss;
    start_again = LeastLossOf(law, kFactor * TrainingFlops(n, d)) - loss;
  }
};

using Change = double Changes::*;
const std::pair<const char*, Change> kInPlace[] = {
    {"new_data", &Changes::new_data}, {"second_epoch", &Changes::second_epoch}, {"bigger_model", &Changes::bigger_model}};

// The winner at the estimate, and whether the replicas are sure of it.
void Decide(const LawEnsemble& ensemble, MoreCompute& answer) {
  const double n = answer.parameter_count, d = answer.token_count;
  const Changes estimate(ensemble.estimate, n, d);
  const auto* winner = std::min_element(std::begin(kInPlace), std::end(kInPlace),
                                        [&](const auto& a, const auto& b) { return estimate.*a.second < estimate.*b.second; });
  answer.winner = winner->first;
  answer.decided = !ensemble.replicas.empty();
  for (const auto& [kind, change] : kInPlace) {
    if (kind == winner->first) continue;
    const auto wins = std::count_if(ensemble.replicas.begin(), ensemble.replicas.end(), [&, change = change](const RepeatedDataLaw& law) {
      const Changes changes(law, n, d);
      return changes.*winner->second < changes.*change;
    });
    if (static_cast<double>(wins) < kSure * static_cast<double>(ensemble.replicas.size())) answer.decided = false;
  }
}

}  // namespace

MoreCompute SpendMoreCompute(const LawEnsemble& ensemble, double parameter_count, double token_count) {
  const double n = parameter_count, d = token_count, flops = kFactor * TrainingFlops(n, d);
  const OptimalSplit best = ComputeOptimalSplit(ComputeAllocationExponents(ensemble.estimate.base), flops);
  MoreCompute answer{.parameter_count = n, .token_count = d, .compute_factor = kFactor};
  const auto add = [&](const char* kind, double size, double tokens, Change change) {
    const auto figure = [&](const RepeatedDataLaw& law) { return Changes(law, n, d).*change; };
    answer.options.push_back({kind, RoundResult(size), RoundResult(tokens), IntervalOf(ensemble, flops, figure)});
  };
  add("new_data", n, kFactor * d, &Changes::new_data);
  add("second_epoch", n, kFactor * d, &Changes::second_epoch);
  add("bigger_model", kFactor * n, d, &Changes::bigger_model);
  add("start_again", best.parameter_count, best.token_count, &Changes::start_again);
  Decide(ensemble, answer);
  answer.new_data_over_bigger_model = IntervalOf(ensemble, flops, [&](const RepeatedDataLaw& law) {
    const Changes changes(law, n, d);
    return changes.new_data / changes.bigger_model;
  });
  answer.second_epoch_over_new_data = IntervalOf(ensemble, flops, [&](const RepeatedDataLaw& law) {
    const Changes changes(law, n, d);
    return changes.second_epoch / changes.new_data;
  });
  answer.assumption = absl::StrFormat(
      "Each costs %g times the run's compute; a bigger model and a new start are trained from the start. A second epoch fades by %s.", kFactor,
      ensemble.repetition_fitted ? "the R_D fitted to this study's own repeated runs"
                                 : absl::StrFormat("the published R_D %g (Muennighoff et al. 2023, arXiv:2305.16264)",
                                                   ensemble.estimate.token_repetition_scale));
  return answer;
}

}  // namespace isoflop
