#include "core/advice/loss_target.h"

#include <functional>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

using Way = std::function<PricedRun(const RepeatedDataLaw&)>;

WayToLoss Describe(const LawEnsemble& ensemble, const CostModel& model, double training_flops, const Way& way) {
  const auto of = [&](const Figure& figure) { return IntervalOf(ensemble, training_flops, figure); };
  const PricedRun run = way(ensemble.estimate);
  return {.parameter_count = of([&](const RepeatedDataLaw& law) { return way(law).parameter_count; }),
          .token_count = of([&](const RepeatedDataLaw& law) { return way(law).token_count; }),
          .training_flops = of([&](const RepeatedDataLaw& law) {
            const PricedRun own = way(law);
            return kFlopsPerParameterToken * own.parameter_count * own.token_count;
          }),
          .cost = CostOf(model, run.parameter_count, run.token_count)};
}

}  // namespace

LossTarget AdviseLossTarget(const LawEnsemble& ensemble, const CostModel& given, double loss_nats_per_token) {
  // All tokens new, and no serving.
  CostModel model = given;
  model.unique_token_count.reset();
  model.served_token_count.reset();
  LossTarget target{.loss_nats_per_token = RoundResult(loss_nats_per_token)};
  const Way by_compute = [=](const RepeatedDataLaw& law) { return ComputeCheapestForLoss(law.base, {}, loss_nats_per_token); };
  const PricedRun least = by_compute(ensemble.estimate);
  target.reachable = loss_nats_per_token > ensemble.estimate.base.irreducible_loss;
  if (!target.reachable) {
    target.reason = absl::StrFormat("The law's irreducible loss is %.4g nats/token; no compute goes below it.", ensemble.estimate.base.irreducible_loss);
    return target;
  }
  target.least_compute = Describe(ensemble, model, least.bill.total(), by_compute);
  const auto suffices = [&](const PricedRun& run) { return given.unique_token_count ? std::optional(*given.unique_token_count >= run.token_count) : std::nullopt; };
  target.data_suffices = suffices(least);
  const std::optional<RunPrices> prices = PricesOf(model);
  if (!prices || !model.price_per_billion_tokens) return target;
  const Way by_price = [=](const RepeatedDataLaw& law) { return ComputeCheapestForLoss(law.base, *prices, loss_nats_per_token); };
  const PricedRun cheapest = by_price(ensemble.estimate);
  target.data_suffices = suffices(cheapest);
  const double flops = cheapest.bill.training / prices->per_training_flop;
  target.least_price = Describe(ensemble, model, flops, by_price);
  target.price = IntervalOf(ensemble, flops, [&](const RepeatedDataLaw& law) { return by_price(law).bill.total(); });
  return target;
}

}  // namespace isoflop
