#include "core/advice/design_fit.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/fit/intervals.h"
#include "core/fit/percentile.h"
#include "core/fit/prepared.h"
#include "core/fit/solve.h"
#include "core/law/registry.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

constexpr double kExponent = 0.35, kExponentDeviation = 0.24;  // Of published laws' exponents, .2 to .9.
constexpr double kIrreducibleShare = 0.7;                      // Of the least loss.
constexpr double kIrreducibleDeviation = 0.5;
constexpr double kLeastReducibleShare = 0.1;                    // Of the least loss, amid the runs.
constexpr double kTermShare = 0.5;                             // Of what is reducible amid the runs.
constexpr double kTermDeviation = 2;
constexpr double kUsualNoise = 0.005;                          // Standard deviation of log loss that published sets come near to,
constexpr double kUsualNoiseRuns = 4;                          // worth so many runs.
constexpr double kFittedCount = 4;                             // What the robust spread of residuals is corrected for.
constexpr double kStep = 1e-5;                                 // Of coordinates of order 1, for central differences.

absl::Status CheckInput(const std::string& law, const std::vector<Observation>& observations) {
  if (std::find(std::begin(kDesignLaws), std::end(kDesignLaws), law) == std::end(kDesignLaws)) {
    return absl::InvalidArgumentError(absl::StrFormat("law must be chinchilla or chinchilla_symmetric to design runs with, got \"%s\"", law));
  }
  if (observations.size() < kLeastDesignRuns) {
    return absl::InvalidArgumentError(absl::StrFormat("runs must be at least %d to design more, got %d", kLeastDesignRuns, observations.size()));
  }
  for (const Observation& o : observations) {
    if (o.parameter_count && o.token_count && o.loss_nats_per_token) continue;
    return absl::InvalidArgumentError(absl::StrFormat("run \"%s\" must have parameter_count, token_count and loss_nats_per_token", o.run_id));
  }
  return absl::OkStatus();
}

double MeanLog(const std::vector<Observation>& observations, Quantity quantity) {
  double sum = 0;
  for (const Observation& o : observations) sum += std::log(*ValueOf(o, quantity));
  return sum / static_cast<double>(observations.size());
}

// The runs with N and D in units of their geometric means.
std::vector<Observation> Centre(const std::vector<Observation>& observations, double log_parameter_centre, double log_token_centre) {
  std::vector<Observation> centred;
  for (const Observation& o : observations) {
    centred.push_back({.parameter_count = *o.parameter_count * std::exp(-log_parameter_centre),
                       .token_count = *o.token_count * std::exp(-log_token_centre),
                       .loss_nats_per_token = o.loss_nats_per_token,
                       .weight = o.weight,
                       .run_id = o.run_id});
  }
  return centred;
}

// By symbol, of those that `law` has.
std::map<std::string, Prior> WeakPriors(const Law& law, const std::vector<Observation>& observations) {
  std::vector<double> losses;
  for (const Observation& o : observations) losses.push_back(*o.loss_nats_per_token);
  const double least = *std::min_element(losses.begin(), losses.end());
  const double reducible = std::max(Quantile(losses, 0.5) - kIrreducibleShare * least, kLeastReducibleShare * least);
  const std::map<std::string_view, Prior> all = {{"E", {kIrreducibleShare * least, kIrreducibleDeviation}},
                                                 {"A", {kTermShare * reducible, kTermDeviation}},
                                                 {"B", {kTermShare * reducible, kTermDeviation}},
                                                 {"alpha", {kExponent, kExponentDeviation}},
                                                 {"beta", {kExponent, kExponentDeviation}}};
  std::map<std::string, Prior> priors;
  for (const ParameterInfo& parameter : law.parameters()) priors[std::string(parameter.symbol)] = all.at(parameter.symbol);
  return priors;
}

double LogLossVariance(std::vector<double> residuals) {
  for (double& residual : residuals) residual = std::abs(residual);
  const double n = static_cast<double>(residuals.size());
  const double s = 1.4826 * Quantile(std::move(residuals), 0.5) * std::sqrt(n / std::max(n - kFittedCount, 1.0));
  return (kUsualNoiseRuns * kUsualNoise * kUsualNoise + n * s * s) / (kUsualNoiseRuns + n);
}

// P, by free coordinate.
FreeVector Precisions(const Prepared& evidence, const std::map<std::string, Prior>& priors) {
  FreeVector precisions(static_cast<Eigen::Index>(evidence.free.size()));
  for (size_t a = 0; a < evidence.free.size(); ++a) {
    const double deviation = priors.at(std::string(evidence.law->parameters()[evidence.free[a]].symbol)).standard_deviation;
    precisions[static_cast<Eigen::Index>(a)] = 1 / (deviation * deviation);
  }
  return precisions;
}

FreeMatrix Covariance(const Prepared& evidence, const FreeVector& precisions, const Theta& theta, double log_loss_variance) {
  const Eigen::MatrixXd jacobian = evidence.objective().Jacobian(theta);
  const Eigen::Map<const Eigen::VectorXd> weights(evidence.weights.data(), static_cast<Eigen::Index>(evidence.weights.size()));
  FreeMatrix information = jacobian.transpose() * weights.asDiagonal() * jacobian / log_loss_variance;
  information.diagonal() += precisions;
  return information.llt().solve(FreeMatrix::Identity(information.rows(), information.cols()));
}

LawInput InputAt(double log_parameter_count, double log_token_count) {
  LawInput input;
  input.log.fill(NAN);
  input.log[static_cast<int>(Quantity::kParameterCount)] = log_parameter_count;
  input.log[static_cast<int>(Quantity::kTokenCount)] = log_token_count;
  return input;
}

// In centred quantities.
double LogBestSize(const Law& law, const Theta& theta, double training_flops) {
  const std::optional<AllocationExponents> allocation = AllocationAt(law, theta);
  return allocation ? std::log(ComputeOptimalSplit(*allocation, training_flops).parameter_count) : NAN;
}

}  // namespace

double DesignFit::PredictLogLoss(double parameter_count, double token_count) const {
  return law->PredictLog(InputAt(std::log(parameter_count) - log_parameter_centre, std::log(token_count) - log_token_centre), theta, nullptr, nullptr);
}

FreeVector DesignFit::LossGradient(double parameter_count, double token_count) const {
  std::array<double, kMaxParameters> all{};
  law->PredictLog(InputAt(std::log(parameter_count) - log_parameter_centre, std::log(token_count) - log_token_centre), theta, all.data(), nullptr);
  FreeVector gradient(static_cast<Eigen::Index>(free.size()));
  for (size_t a = 0; a < free.size(); ++a) gradient[static_cast<Eigen::Index>(a)] = all[free[a]];
  return gradient;
}

double DesignFit::Leverage(double parameter_count, double token_count) const {
  const FreeVector gradient = LossGradient(parameter_count, token_count);
  return gradient.dot(covariance * gradient) / log_loss_variance;
}

OptimalSplit DesignFit::BestSplit(double training_flops) const {
  const double centred_flops = training_flops * std::exp(-log_parameter_centre - log_token_centre);
  const double parameter_count = std::exp(LogBestSize(*law, theta, centred_flops) + log_parameter_centre);
  return {parameter_count, TokenCountForBudget(training_flops, parameter_count)};
}

FreeVector DesignFit::BestSizeGradient(double training_flops) const {
  const double centred_flops = training_flops * std::exp(-log_parameter_centre - log_token_centre);
  FreeVector gradient(static_cast<Eigen::Index>(free.size()));
  for (size_t a = 0; a < free.size(); ++a) {
    Theta above = theta, below = theta;
    above[free[a]] += kStep;
    below[free[a]] -= kStep;
    gradient[static_cast<Eigen::Index>(a)] = (LogBestSize(*law, above, centred_flops) - LogBestSize(*law, below, centred_flops)) / (2 * kStep);
  }
  return gradient;
}

absl::StatusOr<DesignFit> FitForDesign(const std::string& law, const std::vector<Observation>& observations, double huber_delta) {
  RETURN_IF_ERROR(CheckInput(law, observations));
  DesignFit fit{.log_parameter_centre = MeanLog(observations, Quantity::kParameterCount),
                .log_token_centre = MeanLog(observations, Quantity::kTokenCount)};
  const std::vector<Observation> centred = Centre(observations, fit.log_parameter_centre, fit.log_token_centre);
  FitOptions options{.law = law, .huber_delta = huber_delta};
  ASSIGN_OR_RETURN(const Law* form, FindLaw(law));
  options.priors = WeakPriors(*form, centred);
  ASSIGN_OR_RETURN(const Prepared evidence, Prepare(centred, options));
  const std::vector<NewtonResult> optima = FindOptima(evidence);
  if (optima.empty()) return absl::FailedPreconditionError("no start led to a finite optimum");
  fit.law = evidence.law;
  fit.theta = optima.front().theta;
  fit.free = evidence.free;
  fit.log_loss_variance = LogLossVariance(evidence.objective().Residuals(fit.theta));
  const FreeVector precisions = Precisions(evidence, options.priors);
  fit.covariance = Covariance(evidence, precisions, fit.theta, fit.log_loss_variance);
  fit.prior_weight = fit.covariance.diagonal().dot(precisions) / static_cast<double>(precisions.size());
  return fit;
}

}  // namespace isoflop
