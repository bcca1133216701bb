#include "core/advice/size_penalty.h"

#include <algorithm>
#include <cmath>

#include "core/advice/loss_at.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/intervals.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kListedRatios[] = {0.25, 0.5, 1, 2};
constexpr double kWidestRatio = 8;      // Of the valley to the best size, where the sizes that are as good are no wider.
constexpr double kPastAsGood = 1.5;     // How far the valley goes on past them.
constexpr int kStepsASide = 24;

// Loss against size at one budget, at the estimates and at each replica.
class Valley {
 public:
  Valley(const Fit& fit, const Law& law, double budget_flops, double best_parameter_count)
      : law_(law), budget_flops_(budget_flops), thetas_{CoordinatesOf(law, Estimates(fit))} {
    for (const std::vector<double>& replica : fit.replicas) thetas_.push_back(CoordinatesOf(law, replica));
    for (const Theta& theta : thetas_) best_losses_.push_back(Loss(theta, best_parameter_count));
  }

  Interval Penalty(double parameter_count) const {
    std::vector<double> penalties;
    for (size_t i = 1; i < thetas_.size(); ++i) penalties.push_back(Loss(thetas_[i], parameter_count) - best_losses_[i]);
    return WithBounds(Loss(thetas_[0], parameter_count) - best_losses_[0], std::move(penalties));
  }

  double best_loss() const { return best_losses_[0]; }

 private:
  double Loss(const Theta& theta, double n) const { return LossAt(law_, theta, n, TokenCountForBudget(budget_flops_, n)); }

  const Law& law_;
  const double budget_flops_;
  std::vector<Theta> thetas_;        // The estimates, then the replicas.
  std::vector<double> best_losses_;  // At the best size, likewise.
};

// From the best size to both sides, which reach as far as asked for.
std::vector<double> SizesAround(const Advice& best) {
  const double n = *best.parameter_count.estimate;
  double least = n / kWidestRatio, greatest = n * kWidestRatio;
  if (best.as_good_parameter_count) {
    least = std::min(least, best.as_good_parameter_count->first / kPastAsGood);
    greatest = std::max(greatest, best.as_good_parameter_count->second * kPastAsGood);
  }
  std::vector<double> sizes;
  for (int step = -kStepsASide; step <= kStepsASide; ++step) {
    const double end = step < 0 ? least : greatest;
    sizes.push_back(n * std::pow(end / n, std::abs(step) / static_cast<double>(kStepsASide)));
  }
  return sizes;
}

OtherSize SizeAt(const Valley& valley, const OtherSizes& sizes, double ratio) {
  const double n = ratio * *sizes.best.parameter_count.estimate, d = TokenCountForBudget(sizes.best.budget_flops, n);
  OtherSize other{.size_ratio = ratio,
                  .parameter_count = RoundResult(n),
                  .token_count = RoundResult(d),
                  .tokens_per_parameter = RoundResult(d / n),
                  .penalty_nats_per_token = valley.Penalty(n)};
  other.within_noise = *other.penalty_nats_per_token.estimate <= sizes.noise_nats_per_token;
  other.as_good = *other.penalty_nats_per_token.estimate <= sizes.tolerance_nats_per_token;
  return other;
}

}  // namespace

absl::StatusOr<OtherSizes> CompareSizes(const Fit& fit, double budget_flops) {
  ASSIGN_OR_RETURN(const Law* law, LawInSizeAndTokens(fit));
  ASSIGN_OR_RETURN(Advice best, AdviseAllocation(fit, budget_flops));
  OtherSizes sizes{.best = std::move(best)};
  if (!sizes.best.parameter_count.estimate) return sizes;
  const Valley valley(fit, *law, budget_flops, *sizes.best.parameter_count.estimate);
  sizes.noise_nats_per_token = RoundResult(valley.best_loss() * std::expm1(fit.log_loss_standard_deviation.value_or(0)));
  sizes.tolerance_nats_per_token = RoundResult(valley.best_loss() * std::expm1(AsGoodLogLoss(fit)));
  for (double n : SizesAround(sizes.best)) sizes.valley.push_back({RoundResult(n), valley.Penalty(n)});
  for (double ratio : kListedRatios) sizes.sizes.push_back(SizeAt(valley, sizes, ratio));
  return sizes;
}

}  // namespace isoflop
