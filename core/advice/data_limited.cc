#include "core/advice/data_limited.h"

#include <map>
#include <utility>

#include "core/advice/described_run.h"
#include "core/advice/predictive_interval.h"
#include "core/base/significant_digits.h"
#include "core/fit/intervals.h"

namespace isoflop {
namespace {

constexpr double kEpochChoices[] = {1, 2, 4, 8, 16};
constexpr double kShare = 0.01;

// The best runs under the estimate and each replica, found once: each is a search.
class BestRuns {
 public:
  BestRuns(const LawEnsemble& ensemble, double training_flops, double unique_token_count) : ensemble_(ensemble), flops_(training_flops) {
    runs_[&ensemble.estimate] = ComputeBestRepeatedRun(ensemble.estimate, training_flops, unique_token_count);
    for (const RepeatedDataLaw& replica : ensemble.replicas) runs_[&replica] = ComputeBestRepeatedRun(replica, training_flops, unique_token_count);
  }

  template <typename Field>
  Interval Of(const Field& field) const {
    return IntervalOf(ensemble_, flops_, [&](const RepeatedDataLaw& law) { return field(runs_.at(&law), law); });
  }

  const RepeatedDataRun& estimate() const { return runs_.at(&ensemble_.estimate); }

 private:
  const LawEnsemble& ensemble_;
  double flops_;
  std::map<const RepeatedDataLaw*, RepeatedDataRun> runs_;
};

}  // namespace

DataLimited AdviseLimitedData(const LawEnsemble& given, const CostModel& model, double training_flops) {
  const LawEnsemble ensemble = WithFadingSizes(given);
  const double u = *model.unique_token_count;
  const BestRuns runs(ensemble, training_flops, u);
  const auto field = [&](double RepeatedDataRun::* member, double scale = 1) {
    return runs.Of([=](const RepeatedDataRun& run, const RepeatedDataLaw&) { return scale * (run.*member); });
  };
  DataLimited answer{.unique_token_count = u};
  answer.parameter_count = field(&RepeatedDataRun::parameter_count);
  answer.token_count = field(&RepeatedDataRun::token_count);
  answer.epoch_count = field(&RepeatedDataRun::epoch_count);
  const RepeatedDataRun& best = runs.estimate();
  answer.loss_nats_per_token = NewRunLossOf(ensemble, training_flops, [&](const RepeatedDataLaw& law) {
    return PredictLoss(law, best.parameter_count, best.token_count, u);
  });
  answer.loss_given_up = runs.Of([&](const RepeatedDataRun& run, const RepeatedDataLaw& law) {
    return run.loss_nats_per_token - LeastLossOf(law, training_flops);
  });
  answer.loss_per_percent_unique_tokens = field(&RepeatedDataRun::loss_per_log_unique_tokens, kShare);
  answer.loss_per_percent_compute = field(&RepeatedDataRun::loss_per_log_compute, kShare);
  const auto break_even = [&](double price_per_flop) {
    return runs.Of([&](const RepeatedDataRun& run, const RepeatedDataLaw&) { return BreakEvenTokenPrice(run, u, price_per_flop); });
  };
  answer.break_even_flops_per_token = break_even(1);
  if (const std::optional<RunPrices> prices = PricesOf(model)) {
    answer.break_even_price_per_billion_tokens = break_even(1e9 * prices->per_training_flop);
  }
  for (const double epochs : kEpochChoices) {
    const RepeatedDataRun run = ComputeRunAtEpochs(ensemble.estimate, training_flops, u, epochs);
    answer.choices.push_back({epochs, RoundResult(run.parameter_count), RoundResult(run.token_count),
                              NewRunLossOf(ensemble, training_flops, [&](const RepeatedDataLaw& law) {
                                return PredictLoss(law, run.parameter_count, run.token_count, u);
                              })});
  }
  answer.stronger_weight_decay = best.epoch_count > kHarmlessEpochCount;
  answer.source = RepetitionSource(ensemble);
  return answer;
}

}  // namespace isoflop
