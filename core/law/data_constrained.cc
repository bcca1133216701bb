#include "core/law/data_constrained.h"

#include <algorithm>
#include <cmath>

#include "core/law/additive_starts.h"
#include "core/law/best_starts.h"
#include "core/law/second_order.h"

namespace isoflop {
namespace {

constexpr double kLeastRepetitions = 1e-2, kGreatestRepetitions = 1e4;  // Bounds of R_D and R_N.
constexpr double kLeastStart = 0.5, kGreatestStart = 500;               // Of the grid.
constexpr int kGridSize = 16;
constexpr int kStartCount = 64;

// ln of what `unique` things, e^log_unique of them, are worth when used 1 + repetitions times, if repeats fade with scale `fade`.
template <typename T, typename U, typename V>
auto LogWorth(const T& log_unique, const U& repetitions, const V& fade) {
  return log_unique + Log(1.0 - fade * ExpM1(-(repetitions / fade)));
}

}  // namespace

const std::vector<ParameterInfo>& DataConstrained::parameters() const {
  static const auto* const kParameters = new std::vector<ParameterInfo>{
      {.symbol = "E", .name = "irreducible_loss", .is_scale = true, .lower = kLeastIrreducibleLoss},
      {"A", "parameter_loss_coefficient", true, Axis::kParameterCount},
      {"B", "token_loss_coefficient", true, Axis::kTokenCount},
      {"alpha", "parameter_loss_exponent", false, Axis::kParameterCount},
      {"beta", "token_loss_exponent", false, Axis::kTokenCount},
      {"R_D", "token_repetition_scale", true, Axis::kNone, {}, kLeastRepetitions, kGreatestRepetitions},
      {"R_N", "parameter_repetition_scale", true, Axis::kNone, {}, kLeastRepetitions, kGreatestRepetitions},
  };
  return *kParameters;
}

double DataConstrained::PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const {
  const double log_n = input[Quantity::kParameterCount], log_d = input[Quantity::kTokenCount];
  const double log_u = std::min(input[Quantity::kUniqueTokenCount], log_d);
  const double repetitions = std::expm1(log_d - log_u);
  const bool has_sizes = std::isfinite(theta[kA]) && std::isfinite(theta[kB]);  // A term held at zero has no optimal size.
  const auto formula = [&](const auto* t) {
    const auto log_tokens = LogWorth(log_u, repetitions, Exp(t[kRd]));
    const auto token_term = t[kB] - t[kBeta] * log_tokens;
    auto parameter_term = t[kA] - t[kAlpha] * log_n;
    if (has_sizes) {
      const auto log_g = (Log(t[kAlpha]) + t[kA] - Log(t[kBeta]) - t[kB]) / (t[kAlpha] + t[kBeta]);
      const auto log_optimal = log_g + t[kBeta] / t[kAlpha] * (log_g + log_u);
      const auto excess = log_n - log_optimal;
      if (excess > 0.0) parameter_term = t[kA] - t[kAlpha] * LogWorth(log_optimal, ExpM1(excess), Exp(t[kRn]));
    }
    return LogAddExp(t[kE], LogAddExp(parameter_term, token_term));
  };
  return Evaluate<kParameterCount>(formula, theta, gradient, hessian);
}

std::optional<AdditiveLaw> DataConstrained::SplitEquivalent(const std::vector<double>& values) const {
  return AdditiveLaw{.irreducible_loss = values[kE],
                     .parameter_loss_coefficient = values[kA],
                     .token_loss_coefficient = values[kB],
                     .parameter_loss_exponent = values[kAlpha],
                     .token_loss_exponent = values[kBeta]};
}

std::vector<Theta> DataConstrained::Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const {
  const std::vector<double> grid = EqualRatios(kLeastStart, kGreatestStart, kGridSize);
  std::vector<Theta> candidates;
  for (const AdditiveStart& start : FindAdditiveStarts(
           inputs, {.log_irreducible_loss = held[kE], .log_parameter_coefficient = held[kA],
                    .log_token_coefficient = held[kB], .parameter_exponent = held[kAlpha], .token_exponent = held[kBeta]})) {
    for (double r_d : grid) {
      for (double r_n : grid) {
        candidates.push_back({start.log_irreducible_loss, start.log_parameter_coefficient, start.log_token_coefficient,
                              start.parameter_exponent, start.token_exponent, std::log(r_d), std::log(r_n)});
      }
    }
  }
  return BestStarts(*this, inputs, held, candidates, kStartCount);
}

}  // namespace isoflop
