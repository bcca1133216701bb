#include "core/advice/repeated_data.h"

#include <algorithm>
#include <cmath>

#include "core/advice/find_root.h"
#include "core/advice/iso_loss.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kWidest = 12;     // ln N is sought within this of the unconstrained best.
constexpr double kScanStep = 0.2;  // Of ln N.

// What the first `base` things and `count - base` more, which fade with `scale`, are worth together, and its derivatives.
struct Worth {
  double value, per_count, per_base;

  Worth(double count, double base, double scale) : value(count), per_count(1), per_base(0) {
    if (!(count > base) || std::isinf(scale)) return;
    const double excess = count / base - 1, kept = std::exp(-excess / scale);
    const double faded = -scale * std::expm1(-excess / scale);
    value = base * (1 + faded);
    per_count = kept;
    per_base = 1 + faded - count / base * kept;
  }
};

// The law's terms for one run.
struct Terms {
  double unique, optimal_size;
  Worth tokens, size;
  double token_loss, size_loss;

  Terms(const RepeatedDataLaw& law, double n, double d, double u)
      : unique(std::min(u, d)),
        optimal_size(OptimalSize(law.base, unique)),
        tokens(d, unique, law.token_repetition_scale),
        size(n, optimal_size, law.parameter_repetition_scale),
        token_loss(law.base.token_loss_coefficient * std::pow(tokens.value, -law.base.token_loss_exponent)),
        size_loss(law.base.parameter_loss_coefficient * std::pow(size.value, -law.base.parameter_loss_exponent)) {}

  // The compute-optimal N for that many tokens, once each.
  static double OptimalSize(const AdditiveLaw& law, double tokens) {
    const double alpha = law.parameter_loss_exponent, beta = law.token_loss_exponent;
    return std::pow(alpha * law.parameter_loss_coefficient / (beta * law.token_loss_coefficient) * std::pow(tokens, beta), 1 / alpha);
  }
};

RepeatedDataRun RunOf(const RepeatedDataLaw& law, double n, double d, double u) {
  const RepeatedDataMargin margin = ComputeRepeatedDataMargin(law, n, d, u);
  return {.parameter_count = n,
          .token_count = d,
          .epoch_count = d / u,
          .loss_nats_per_token = PredictLoss(law, n, d, u),
          .loss_per_log_unique_tokens = margin.loss_per_log_unique_tokens,
          // Through N; at the best run, D does the same.
          .loss_per_log_compute = margin.loss_per_log_parameters};
}

}  // namespace

double PredictLoss(const RepeatedDataLaw& law, double parameter_count, double token_count, double unique_token_count) {
  const Terms terms(law, parameter_count, token_count, unique_token_count);
  return law.base.irreducible_loss + terms.size_loss + terms.token_loss;
}

RepeatedDataMargin ComputeRepeatedDataMargin(const RepeatedDataLaw& law, double parameter_count, double token_count,
                                             double unique_token_count) {
  const Terms terms(law, parameter_count, token_count, unique_token_count);
  const double alpha = law.base.parameter_loss_exponent, beta = law.base.token_loss_exponent;
  const double per_size = -alpha * terms.size_loss / terms.size.value, per_tokens = -beta * terms.token_loss / terms.tokens.value;
  // U_N moves as U^(beta / alpha).
  const double per_unique = per_tokens * terms.tokens.per_base * terms.unique +
                            per_size * terms.size.per_base * terms.optimal_size * beta / alpha;
  const double per_repeats = per_tokens * terms.tokens.per_count * token_count;
  const bool repeats = token_count > unique_token_count;
  return {.loss_per_log_parameters = per_size * terms.size.per_count * parameter_count,
          .loss_per_log_tokens = repeats ? per_repeats : per_repeats + per_unique,
          .loss_per_log_unique_tokens = repeats ? per_unique : 0};
}

RepeatedDataRun ComputeBestRepeatedRun(const RepeatedDataLaw& law, double training_flops, double unique_token_count) {
  const double centre = std::log(ComputeOptimalSplit(ComputeAllocationExponents(law.base), training_flops).parameter_count);
  const auto tokens_for = [&](double log_size) { return TokenCountForBudget(training_flops, std::exp(log_size)); };
  double best = centre, least = INFINITY;
  for (double shift = -kWidest; shift <= kWidest; shift += kScanStep) {
    const double loss = PredictLoss(law, std::exp(centre + shift), tokens_for(centre + shift), unique_token_count);
    if (loss < least) {
      least = loss;
      best = centre + shift;
    }
  }
  const auto slope = [&](double log_size) {
    const RepeatedDataMargin margin = ComputeRepeatedDataMargin(law, std::exp(log_size), tokens_for(log_size), unique_token_count);
    return margin.loss_per_log_parameters - margin.loss_per_log_tokens;
  };
  const double log_size = FindRoot(slope, best - kScanStep, best + kScanStep);
  return RunOf(law, std::exp(log_size), tokens_for(log_size), unique_token_count);
}

RepeatedDataRun ComputeRunAtEpochs(const RepeatedDataLaw& law, double training_flops, double unique_token_count, double epoch_count) {
  const double d = epoch_count * unique_token_count;
  return RunOf(law, training_flops / (kFlopsPerParameterToken * d), d, unique_token_count);
}

double TokenCountForLoss(const RepeatedDataLaw& law, double parameter_count, double unique_token_count, double loss_nats_per_token) {
  const double n = parameter_count, u = unique_token_count;
  double worth = 0;
  if (std::isinf(law.parameter_repetition_scale)) {  // N' is N.
    worth = TokenCountForLoss(law.base, n, loss_nats_per_token);
    if (worth <= u) return worth;
  } else if (PredictLoss(law, n, u, u) <= loss_nats_per_token) {
    const auto excess = [&](double log_tokens) { return loss_nats_per_token - PredictLoss(law, n, std::exp(log_tokens), u); };
    return std::exp(FindRoot(excess, std::log(u) - kWidest, std::log(u)));
  } else {  // Past one epoch N' stays.
    worth = TokenCountForLoss(law.base, Terms(law, n, u, u).size.value, loss_nats_per_token);
  }
  // D' follows, and D = U (1 + R) from D' = U (1 + R_D (1 - exp(-R / R_D))).
  const double scale = law.token_repetition_scale;
  if (std::isinf(scale) || std::isinf(worth)) return worth;
  const double faded = (worth / u - 1) / scale;
  return faded < 1 ? u * (1 - scale * std::log1p(-faded)) : INFINITY;
}

double BreakEvenTokenPrice(const RepeatedDataRun& run, double unique_token_count, double price_per_training_flop) {
  const double training_flops = TrainingFlops(run.parameter_count, run.token_count);
  return run.loss_per_log_unique_tokens / unique_token_count / (run.loss_per_log_compute / training_flops) * price_per_training_flop;
}

}  // namespace isoflop
