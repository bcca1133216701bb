#include "core/law/data_constrained.h"

#include <algorithm>
#include <array>
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

// Derivatives of ln sum_k e^(t_k) in all coordinates, gathered term by term, each with its share s_k of the sum:
// gradient = sum s_k g_k, Hessian = sum s_k (H_k + g_k g_k') - gradient gradient'.
struct Shares {
  static constexpr int kP = DataConstrained::kParameterCount;
  std::array<double, kP> gradient{};
  std::array<double, kP * kP> hessian{};

  void Write(double* out_gradient, double* out_hessian) const {
    if (out_gradient != nullptr) std::copy(gradient.begin(), gradient.end(), out_gradient);
    if (out_hessian == nullptr) return;
    for (int a = 0; a < kP; ++a) {
      for (int b = 0; b < kP; ++b) out_hessian[a * kP + b] = hessian[a * kP + b] - gradient[a] * gradient[b];
    }
  }
};

// t_k with its derivatives in the P coordinates that it depends on.
template <int P>
struct Term {
  double value;
  std::array<int, P> position;
  std::array<double, P> gradient;
  std::array<double, P * P> hessian;

  template <typename Formula>
  Term(const Formula& formula, const std::array<int, P>& coordinates, const Theta& theta, bool differentiate) : position(coordinates) {
    std::array<double, P> own;
    for (int a = 0; a < P; ++a) own[a] = theta[position[a]];
    value = differentiate ? Evaluate<P>(formula, own, gradient.data(), hessian.data()) : formula(own.data());
  }

  void AddTo(double share, Shares& sums) const {
    for (int a = 0; a < P; ++a) {
      sums.gradient[position[a]] += share * gradient[a];
      for (int b = 0; b < P; ++b) {
        sums.hessian[position[a] * Shares::kP + position[b]] += share * (hessian[a * P + b] + gradient[a] * gradient[b]);
      }
    }
  }
};

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
  // Each term in the coordinates that it depends on alone: a third of the work of carrying all seven along.
  const auto constant_term = [](const auto* t) { return t[0]; };
  const auto token_term = [&](const auto* t) {
    const auto &b = t[0], &beta = t[1], &log_rd = t[2];
    return b - beta * LogWorth(log_u, repetitions, Exp(log_rd));
  };
  const auto parameter_term = [&](const auto* t) {
    const auto &a = t[0], &b = t[1], &alpha = t[2], &beta = t[3], &log_rn = t[4];
    if (has_sizes) {
      const auto log_g = (Log(alpha) + a - Log(beta) - b) / (alpha + beta);
      const auto log_optimal = log_g + beta / alpha * (log_g + log_u);
      const auto excess = log_n - log_optimal;
      if (excess > 0.0) return a - alpha * LogWorth(log_optimal, ExpM1(excess), Exp(log_rn));
    }
    return a - alpha * log_n;
  };
  const bool differentiate = gradient != nullptr || hessian != nullptr;
  const Term<1> constant(constant_term, {kE}, theta, differentiate);
  const Term<3> tokens(token_term, {kB, kBeta, kRd}, theta, differentiate);
  const Term<5> size(parameter_term, {kA, kB, kAlpha, kBeta, kRn}, theta, differentiate);

  const double greatest = std::max({constant.value, tokens.value, size.value});
  const double powers[] = {std::exp(constant.value - greatest), std::exp(tokens.value - greatest), std::exp(size.value - greatest)};
  const double total = powers[0] + powers[1] + powers[2];
  if (differentiate) {
    Shares shares;
    constant.AddTo(powers[0] / total, shares);
    tokens.AddTo(powers[1] / total, shares);
    size.AddTo(powers[2] / total, shares);
    shares.Write(gradient, hessian);
  }
  return greatest + std::log(total);
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
