#include "core/law/chinchilla.h"

#include <algorithm>
#include <cmath>

#include "core/law/additive_starts.h"

namespace isoflop {

const std::vector<ParameterInfo>& Chinchilla::parameters() const {
  static const auto* const kParameters = new std::vector<ParameterInfo>{
      {.symbol = "E", .name = "irreducible_loss", .is_scale = true, .lower = kLeastIrreducibleLoss},
      {"A", "parameter_loss_coefficient", true, Axis::kParameterCount},
      {"B", "token_loss_coefficient", true, Axis::kTokenCount},
      {"alpha", "parameter_loss_exponent", false, Axis::kParameterCount},
      {"beta", "token_loss_exponent", false, Axis::kTokenCount},
  };
  return *kParameters;
}

double Chinchilla::PredictLog(const LawInput& input, const Theta& theta, double* gradient, double* hessian) const {
  const double u = input[Quantity::kParameterCount];
  const double v = input[Quantity::kTokenCount];
  const double t_e = theta[kE];
  const double t_n = theta[kA] - theta[kAlpha] * u;
  const double t_d = theta[kB] - theta[kBeta] * v;
  const double greatest = std::max({t_e, t_n, t_d});
  double s_e = std::exp(t_e - greatest);
  double s_n = std::exp(t_n - greatest);
  double s_d = std::exp(t_d - greatest);
  const double sum = s_e + s_n + s_d;
  if (gradient != nullptr || hessian != nullptr) {
    s_e /= sum;
    s_n /= sum;
    s_d /= sum;
  }
  if (gradient != nullptr) {
    gradient[kE] = s_e;
    gradient[kA] = s_n;
    gradient[kB] = s_d;
    gradient[kAlpha] = -s_n * u;
    gradient[kBeta] = -s_d * v;
  }
  if (hessian != nullptr) {
    // d2 ln L / dt2, then the chain rule for alpha (dt_n = -u) and beta (dt_d = -v).
    const double ee = s_e * (1 - s_e), nn = s_n * (1 - s_n), dd = s_d * (1 - s_d);
    const double en = -s_e * s_n, ed = -s_e * s_d, nd = -s_n * s_d;
    const double rows[kParameterCount][kParameterCount] = {
        {ee, en, ed, -u * en, -v * ed},
        {en, nn, nd, -u * nn, -v * nd},
        {ed, nd, dd, -u * nd, -v * dd},
        {-u * en, -u * nn, -u * nd, u * u * nn, u * v * nd},
        {-v * ed, -v * nd, -v * dd, u * v * nd, v * v * dd},
    };
    std::copy(&rows[0][0], &rows[0][0] + kParameterCount * kParameterCount, hessian);
  }
  return greatest + std::log(sum);
}

std::optional<AdditiveLaw> Chinchilla::SplitEquivalent(const std::vector<double>& values) const {
  return AdditiveLaw{.irreducible_loss = values[kE],
                     .parameter_loss_coefficient = values[kA],
                     .token_loss_coefficient = values[kB],
                     .parameter_loss_exponent = values[kAlpha],
                     .token_loss_exponent = values[kBeta]};
}

std::vector<Theta> Chinchilla::Starts(const std::vector<LawInput>& inputs, const HeldCoordinates& held) const {
  std::vector<Theta> starts;
  for (const AdditiveStart& start : FindAdditiveStarts(
           inputs, {.log_irreducible_loss = held[kE], .log_parameter_coefficient = held[kA],
                    .log_token_coefficient = held[kB], .parameter_exponent = held[kAlpha], .token_exponent = held[kBeta]})) {
    Theta theta{};
    theta[kE] = start.log_irreducible_loss;
    theta[kA] = start.log_parameter_coefficient;
    theta[kB] = start.log_token_coefficient;
    theta[kAlpha] = start.parameter_exponent;
    theta[kBeta] = start.token_exponent;
    starts.push_back(theta);
  }
  return starts;
}

}  // namespace isoflop
