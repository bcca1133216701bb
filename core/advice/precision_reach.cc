#include "core/advice/precision_reach.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"

namespace isoflop {
namespace {

constexpr double kNormal95 = 1.959963984540054;
constexpr double kGap = 0.02;                // Of the variance: where steps end.
constexpr int kMostSteps = 400;
constexpr double kMostLogFactor = 600;        // That e to its power is finite.
constexpr int kHalvings = 40;                // Of a bracket.
constexpr double kMostTimes = 1e4;           // The budget, or 1 / 100 of the noise.

// c' (A + S)^-1 c.
double Variance(const FreeMatrix& information, const FreeVector& sought) { return sought.dot(information.llt().solve(sought)); }

// What can be bought, and what has been: A + S.
struct Market {
  Eigen::MatrixXd gradients;      // J_i / s of the candidates within the budget, a column each.
  std::vector<double> costs;      // In budgets. Shape [candidates].
  FreeMatrix held;                // A = M^-1.
  FreeMatrix bought;              // S = sum w_i J_i J_i' / s2.
};

// The S that lowers the variance most for its first order, (J_i' spread)^2 each: the candidates of the greatest gain for their cost, until the budget
// is spent.
FreeMatrix MostGain(const Market& market, const FreeVector& spread) {
  const Eigen::VectorXd gains = (market.gradients.transpose() * spread).cwiseAbs2();
  std::vector<std::pair<double, Eigen::Index>> heap;
  for (Eigen::Index i = 0; i < gains.size(); ++i) heap.emplace_back(gains[i] / market.costs[i], i);
  std::make_heap(heap.begin(), heap.end());
  FreeMatrix bought = FreeMatrix::Zero(spread.size(), spread.size());
  for (double left = 1; left > 0 && !heap.empty(); heap.pop_back()) {
    std::pop_heap(heap.begin(), heap.end());
    const Eigen::Index i = heap.back().second;
    const FreeVector gradient = market.gradients.col(i);
    bought += std::min(1.0, left / market.costs[i]) * gradient * gradient.transpose();
    left -= market.costs[i];
  }
  return bought;
}

// Minimises f over [0, 1], convex, by the sign of its slope at the middle of a bracket.
template <typename Slope>
double LeastWithin(Slope slope) {
  double low = 0, high = 1;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (slope(middle) > 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

// Spends the budget; the greatest lower bound of the variance that was met.
double Spend(const FreeVector& sought, Market& market) {
  double bound = 0;
  for (int step = 0; step < kMostSteps; ++step) {
    const FreeVector spread = FreeMatrix(market.held + market.bought).llt().solve(sought);
    const double variance = sought.dot(spread);
    const FreeMatrix change = MostGain(market, spread) - market.bought;
    const double gap = spread.dot(change * spread);
    bound = std::max(bound, variance - gap);
    if (gap <= kGap * variance) break;
    const double share = LeastWithin([&](double at) {
      const FreeVector there = FreeMatrix(market.held + market.bought + at * change).llt().solve(sought);
      return -there.dot(change * there);
    });
    market.bought += share * change;
  }
  return bound;
}

// How many times what is bought brings the variance to `wanted`; nothing where kMostTimes does not.
std::optional<double> TimesFor(double wanted, const FreeVector& sought, const Market& market) {
  const auto suffices = [&](double times) { return Variance(market.held + times * market.bought, sought) <= wanted; };
  if (!suffices(kMostTimes)) return std::nullopt;
  double low = 0, high = std::log(kMostTimes);
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (suffices(std::exp(middle)) ? high : low) = middle;
  }
  return std::exp(high);
}

absl::Status CheckPositive(const char* name, double value) {
  if (std::isfinite(value) && value > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s must be positive and finite, got %g", name, value));
}

Market MarketOf(const DesignFit& fit, const std::vector<CandidateRun>& candidates, double budget_flops) {
  std::vector<const CandidateRun*> allowed;
  for (const CandidateRun& run : candidates) {
    if (run.training_flops <= budget_flops) allowed.push_back(&run);
  }
  const Eigen::Index count = static_cast<Eigen::Index>(allowed.size()), free = static_cast<Eigen::Index>(fit.free.size());
  Market market{Eigen::MatrixXd(free, count), {}, fit.covariance.inverse(), FreeMatrix::Zero(free, free)};
  for (Eigen::Index i = 0; i < count; ++i) {
    market.gradients.col(i) = fit.LossGradient(allowed[i]->parameter_count, allowed[i]->token_count) / std::sqrt(fit.log_loss_variance);
    market.costs.push_back(allowed[i]->training_flops / budget_flops);
  }
  return market;
}

}  // namespace

absl::StatusOr<PrecisionReach> ReachPrecision(const DesignFit& fit, const std::vector<CandidateRun>& candidates, const PrecisionQuestion& question) {
  const auto [target_flops, wanted, budget_flops, runs_flops, drift] = question;
  if (!(wanted > 0 && wanted < 1)) return absl::InvalidArgumentError(absl::StrFormat("precision must lie between 0 and 1, got %g", wanted));
  RETURN_IF_ERROR(CheckPositive("budget_flops", budget_flops));
  ASSIGN_OR_RETURN(const DesignTarget target, DesignTarget::At(fit, target_flops));
  const FreeVector sought = fit.LossGradient(target.best().parameter_count, target.best().token_count);
  const double now = kNormal95 * target.LogLossDeviation(fit.covariance), noise = std::sqrt(fit.log_loss_variance);
  PrecisionReach reach{.wanted = wanted,
                       .now = RoundResult(now),
                       .budget_flops = RoundResult(budget_flops),
                       .best = RoundResult(now),
                       .size_factor = RoundResult(std::exp(std::min(2 * kNormal95 * target.LogSizeDeviation(fit.covariance), kMostLogFactor))),
                       .log_loss_noise = RoundResult(noise),
                       .drift = drift};
  for (const CandidateRun& run : candidates) {
    if (run.training_flops <= budget_flops) reach.dearest_flops = std::max(reach.dearest_flops, run.training_flops);
  }
  if (reach.dearest_flops > 0) {
    Market market = MarketOf(fit, candidates, budget_flops);
    reach.best = RoundResult(kNormal95 * std::sqrt(Spend(sought, market)));
    const auto times = TimesFor(std::pow(wanted / kNormal95, 2), sought, market);
    if (reach.best > wanted && times) {
      reach.needed_flops = RoundResult(*times * budget_flops);
      reach.enough_noise = RoundResult(noise / std::sqrt(*times));
    }
  }
  const bool far = target_flops > kFarthestTarget * runs_flops.second || target_flops < runs_flops.first / kFarthestTarget;
  const bool told = reach.best <= wanted, split_known = reach.size_factor <= kWidestSize;
  const bool drifts = drift && std::abs(*drift) > std::max(wanted, now);
  reach.state = told && far           ? PrecisionState::kTooFar
                : told && !split_known ? PrecisionState::kSplitUnknown
                : told && drifts      ? PrecisionState::kDrifting
                : now <= wanted       ? PrecisionState::kReached
                : told                ? PrecisionState::kWithinBudget
                : reach.needed_flops  ? PrecisionState::kNoiseLimited
                                      : PrecisionState::kBudgetLimited;
  return reach;
}

}  // namespace isoflop
