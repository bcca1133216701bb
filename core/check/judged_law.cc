#include "core/check/judged_law.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/advice/iso_loss.h"
#include "core/advice/predictive_interval.h"
#include "core/advice/run_bill.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/check/cheapest_repeated_run.h"
#include "core/fit/intervals.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

RunPrices PricesInFlops(const RunShape& run) { return {.served_token_count = run.served_token_count.value_or(0)}; }

double LifeFlops(const RunShape& run) { return ComputeBill(PricesInFlops(run), run.parameter_count, run.token_count).total(); }

}  // namespace

JudgedLaw::JudgedLaw(LawEnsemble ensemble) : ensemble_(std::move(ensemble)), estimate_(MemberOf(ensemble_.estimate)) {
  for (const RepeatedDataLaw& replica : ensemble_.replicas) replicas_.push_back(MemberOf(replica));
}

absl::StatusOr<JudgedLaw> JudgedLaw::Of(const Fit& fit) {
  ASSIGN_OR_RETURN(LawEnsemble ensemble, MakeLawEnsemble(fit));
  return JudgedLaw(std::move(ensemble));
}

JudgedLaw::Member JudgedLaw::MemberOf(const RepeatedDataLaw& law) {
  return {law, ComputeFrontierLaw(law.base), ComputeAllocationExponents(law.base)};
}

double JudgedLaw::LossOf(const Member& member, const RunShape& run) {
  if (run.repeats()) return PredictLoss(member.law, run.parameter_count, run.token_count, *run.unique_token_count);
  return PredictLoss(member.law.base, run.parameter_count, run.token_count);
}

double JudgedLaw::LossOf(const RunShape& run) const { return LossOf(estimate_, run); }

JudgedLaw::Cheapest JudgedLaw::CheapestFor(const Member& member, const RunShape& run, double loss) {
  if (run.repeats()) {
    const OptimalSplit best = CheapestRepeatedRun(member.law, PricesInFlops(run), *run.unique_token_count, loss);
    return {best, ComputeBill(PricesInFlops(run), best.parameter_count, best.token_count).total()};
  }
  if (run.served_token_count) {
    const PricedRun best = ComputeCheapestForLoss(member.law.base, PricesInFlops(run), loss);
    return {{best.parameter_count, best.token_count}, best.bill.total()};
  }
  const double flops = ComputeEquivalent(member.frontier, loss);
  return {ComputeOptimalSplit(member.split, flops), flops};
}

Judgement JudgedLaw::Judge(const RunShape& run) const {
  const double flops = TrainingFlops(run.parameter_count, run.token_count), life_flops = LifeFlops(run);
  const bool searched = run.repeats() || run.served_token_count;
  const size_t searched_count = searched ? std::min(kMostSearchedReplicas, replicas_.size()) : replicas_.size();
  const double loss = LossOf(estimate_, run);
  const Cheapest best = CheapestFor(estimate_, run, loss);
  const auto share = [life_flops](double least_flops) { return std::max(0.0, 1 - least_flops / life_flops); };  // The least may be more by rounding.
  std::vector<double> losses, given_up, wasted, sizes;
  for (size_t i = 0; i < replicas_.size(); ++i) {
    losses.push_back(LossOf(replicas_[i], run));
    if (!run.repeats()) given_up.push_back(losses.back() - LeastLoss(replicas_[i].frontier, flops));
    if (i >= searched_count) continue;
    const Cheapest cheapest = CheapestFor(replicas_[i], run, losses.back());
    wasted.push_back(share(cheapest.flops));
    sizes.push_back(cheapest.split.parameter_count);
  }
  const double least_loss = run.repeats() ? ComputeBestRepeatedRun(estimate_.law, flops, *run.unique_token_count).loss_nats_per_token
                                          : LeastLoss(estimate_.frontier, flops);
  Judgement judgement{.loss_nats_per_token = {.estimate = RoundResult(loss)},
                      .loss_given_up = WithBounds(loss - least_loss, std::move(given_up)),
                      .wasted_share = WithBounds(share(best.flops), std::move(wasted)),
                      .least_flops = RoundResult(best.flops),
                      .cheapest = best.split,
                      .cheapest_parameter_count = WithBounds(best.split.parameter_count, std::move(sizes))};
  if (losses.empty()) return judgement;
  const auto [lower, upper] = NewRunInterval(losses, ensemble_.log_loss_standard_deviation);
  judgement.loss_nats_per_token.lower = RoundResult(lower);
  judgement.loss_nats_per_token.upper = RoundResult(upper);
  return judgement;
}

Interval JudgedLaw::WorthOfLastEpoch(const RunShape& run) const {
  const double repeats = run.repeats() ? run.token_count / *run.unique_token_count - 1 : 0;
  std::vector<double> worths;
  if (ensemble_.repetition_fitted) {
    for (const Member& replica : replicas_) worths.push_back(std::exp(-repeats / replica.law.token_repetition_scale));
  }
  return WithBounds(std::exp(-repeats / estimate_.law.token_repetition_scale), std::move(worths));
}

}  // namespace isoflop
