#include "core/advice/run_bill.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/advice/find_root.h"
#include "core/advice/frontier_law.h"
#include "core/advice/iso_loss.h"
#include "core/advice/marginal_value.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kWidest = 60;  // A root is sought within this many e-foldings of the split that ignores data and serving.
constexpr double kServingFlopsPerParameterToken = 2;  // A forward pass: Kaplan et al. 2020, section 2.1.

// X / Y.
double MarginRatio(const AdditiveLaw& law, double parameter_count, double token_count) {
  const MarginalValue margin = ComputeMarginalValue(law, parameter_count, token_count);
  return margin.loss_per_log_parameters / margin.loss_per_log_tokens;
}

PricedRun Priced(const AdditiveLaw& law, const RunPrices& prices, double parameter_count, double token_count) {
  const RunBill bill = ComputeBill(prices, parameter_count, token_count);
  const double y = -ComputeMarginalValue(law, parameter_count, token_count).loss_per_log_tokens;
  return {.parameter_count = parameter_count,
          .token_count = token_count,
          .loss_nats_per_token = PredictLoss(law, parameter_count, token_count),
          .bill = bill,
          .loss_per_log_bill = -y * bill.total() / (bill.training + bill.data)};
}

}  // namespace

RunBill ComputeBill(const RunPrices& prices, double parameter_count, double token_count) {
  return {.training = TrainingFlops(parameter_count, token_count) * prices.per_training_flop,
          .data = token_count * prices.per_token,
          .serving = kServingFlopsPerParameterToken * parameter_count * prices.served_token_count * prices.per_serving_flop};
}

PricedRun ComputeCheapestForLoss(const AdditiveLaw& law, const RunPrices& prices, double loss_nats_per_token) {
  const double reducible = loss_nats_per_token - law.irreducible_loss;
  const AllocationExponents split = ComputeAllocationExponents(law);
  if (!(reducible > 0) || !std::isfinite(split.parameter_coefficient)) return {kNone, kNone, kNone, {kNone, kNone, kNone}, kNone};
  const double alpha = law.parameter_loss_exponent, beta = law.token_loss_exponent;
  const double log_a = std::log(law.parameter_loss_coefficient), log_b = std::log(law.token_loss_coefficient);
  // In terms of A / N^alpha and B / D^beta, which sum to what is reducible; X / Y is alpha times the one over beta times the other.
  const auto slope = [&](double log_size) -> double {
    const double size_term = std::exp(log_a - alpha * log_size), token_term = reducible - size_term;
    if (!(token_term > 0)) return -INFINITY;
    const double r = alpha * size_term / (beta * token_term);
    const double data = prices.per_token > 0 ? prices.per_token * r * std::exp(-log_size) : 0;
    const double serving = kServingFlopsPerParameterToken * prices.served_token_count * prices.per_serving_flop * std::exp((std::log(token_term) - log_b) / beta);
    return kFlopsPerParameterToken * prices.per_training_flop * (1 - r) - data + serving;
  };
  const double least = (log_a - std::log(reducible)) / alpha;
  // Where training alone would be best; only a price of data makes a larger size worth while.
  const double trained = least + std::log1p(alpha / beta) / alpha;
  const double n = std::exp(FindRoot(slope, least, prices.per_token > 0 ? least + kWidest : trained));
  return Priced(law, prices, n, TokenCountForLoss(law, n, loss_nats_per_token));
}

PricedRun ComputeBestForBill(const AdditiveLaw& law, const RunPrices& prices, double bill) {
  const OptimalSplit free = ComputeOptimalSplit(ComputeAllocationExponents(law), bill / prices.per_training_flop);
  if (!std::isfinite(free.parameter_count)) return {kNone, kNone, kNone, {kNone, kNone, kNone}, kNone};
  const auto size_for = [&](double tokens) {
    return (bill - tokens * prices.per_token) / (kFlopsPerParameterToken * tokens * prices.per_training_flop +
                                                 kServingFlopsPerParameterToken * prices.served_token_count * prices.per_serving_flop);
  };
  const auto excess = [&](double log_tokens) -> double {
    const double d = std::exp(log_tokens), n = size_for(d);
    if (!(n > 0)) return INFINITY;
    const RunBill parts = ComputeBill(prices, n, d);
    return std::log(MarginRatio(law, n, d)) - std::log((parts.training + parts.serving) / (parts.training + parts.data));
  };
  const double most = prices.per_token > 0 ? std::log(bill / prices.per_token) : INFINITY;
  const double centre = std::min(std::log(free.token_count), most);
  const double d = std::exp(FindRoot(excess, centre - kWidest, std::min(centre + kWidest, most)));
  return Priced(law, prices, size_for(d), d);
}

double BillPerHundredthOfLoss(const PricedRun& run) { return 0.01 * run.bill.total() / -run.loss_per_log_bill; }

}  // namespace isoflop
