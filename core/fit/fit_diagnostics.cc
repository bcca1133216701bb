#include "core/fit/fit_diagnostics.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "core/fit/intervals.h"
#include "core/fit/label_residuals.h"
#include "core/fit/minimize.h"
#include "core/fit/percentile.h"
#include "core/fit/precision_diagnostic.h"
#include "core/fit/schedule_diagnostic.h"
#include "core/quantity/training_flops.h"

namespace isoflop {
namespace {

// Thresholds, warning and error: where planted laws lose their best size or its interval (the headers' table says what each means).
constexpr double kConditionWarning = 1e4, kConditionError = 1e5;
constexpr double kNoisyWarning = 0.01, kNoisyError = 0.02;
constexpr double kTailsWarning = 2.5, kTailsError = 5;
constexpr double kLeastExponent = 0.05, kGreatestExponent = 1.2;
constexpr double kWideWarning = 2, kWideError = 4;
constexpr double kWideBudget = 10;          // Times the largest run.
constexpr double kConventionFactor = 2;     // Of C against 6ND, either way.
constexpr double kHarmlessEpochs = 4;       // Muennighoff et al. 2023, section 6.
constexpr double kInfluence = 0.1;          // Relative change of N_opt at ten times the largest run when one run is left out.

std::optional<Severity> Above(double value, double warning, double error) {
  if (value > error) return Severity::kError;
  if (value > warning) return Severity::kWarning;
  return std::nullopt;
}

// Exponents' columns taken at fixed value of their term at the data's centre, so that the figure does not depend on the unit of N and D.
Eigen::MatrixXd CentredJacobian(const Prepared& evidence, const Theta& theta) {
  Eigen::MatrixXd jacobian = evidence.objective().Jacobian(theta);
  const auto& parameters = evidence.law->parameters();
  for (const auto& [axis, quantity] : {std::pair{Axis::kParameterCount, Quantity::kParameterCount}, std::pair{Axis::kTokenCount, Quantity::kTokenCount}}) {
    Eigen::Index scale = -1, exponent = -1;
    for (size_t a = 0; a < evidence.free.size(); ++a) {
      if (parameters[evidence.free[a]].axis != axis) continue;
      (parameters[evidence.free[a]].is_scale ? scale : exponent) = static_cast<Eigen::Index>(a);
    }
    if (scale < 0 || exponent < 0) continue;
    double mean = 0;
    for (const LawInput& input : evidence.inputs) mean += input[quantity] / static_cast<double>(evidence.inputs.size());
    jacobian.col(exponent) += mean * jacobian.col(scale);
  }
  return jacobian;
}

void AddConditioning(const Prepared& evidence, const Theta& theta, std::vector<Diagnostic>& found) {
  const double singular = RelativeSingularValue(CentredJacobian(evidence, theta));
  const double condition = 1 / (singular * singular);
  if (const auto severity = Above(condition, kConditionWarning, kConditionError)) {
    found.push_back({.code = "ILL_CONDITIONED",
                     .severity = *severity,
                     .title = "Parameters hardly told apart",
                     .message = absl::StrFormat("The scaled condition number is %.2g.", condition),
                     .evidence = {{"scaled_condition_number", condition}},
                     .effect = "Parameters trade off against each other; predictions far away swing with them.",
                     .fix = "Widen the ranges of size and of tokens per parameter."});
  }
}

void AddHoldOut(const Fit& fit, double raw_noise, std::vector<Diagnostic>& found) {
  if (!fit.hold_out) return;
  const double error = fit.hold_out->root_mean_square_log_error;
  if (const auto severity = Above(error, std::max(2 * raw_noise, 0.01), std::max(4 * raw_noise, 0.03))) {
    found.push_back({.code = "HOLD_OUT",
                     .severity = *severity,
                     .title = "Largest runs mispredicted",
                     .message = absl::StrFormat("Fitted without its %d largest runs, the law misses them by %.2g %%; run noise is %.2g %%.",
                                                fit.hold_out->observation_count, 100 * error, 100 * raw_noise),
                     .evidence = {{"root_mean_square_log_error", error}, {"log_loss_standard_deviation", raw_noise}},
                     .effect = "Expect at least this error past your runs.",
                     .fix = "Fit fewer of the smallest runs, or add runs near the target."});
  }
}

void AddNoise(const std::vector<double>& residuals, double raw_noise, std::vector<Diagnostic>& found) {
  double square = 0;
  for (double r : residuals) square += r * r / static_cast<double>(residuals.size());
  const double tails = raw_noise > 0 ? std::sqrt(square) / raw_noise : 1;
  if (const auto severity = Above(tails, kTailsWarning, kTailsError)) {
    found.push_back({.code = "HEAVY_TAILS",
                     .severity = *severity,
                     .title = "Some runs far off the law",
                     .message = absl::StrFormat("The root mean square residual is %.2g times the typical one.", tails),
                     .evidence = {{"residual_ratio", tails}},
                     .effect = "A few runs do not follow the law; the intervals lean on whether they are drawn.",
                     .fix = "Look at the runs farthest off: wrong counts, diverged, or another recipe."});
  }
  if (const auto severity = Above(raw_noise, kNoisyWarning, kNoisyError)) {
    found.push_back({.code = "NOISY",
                     .severity = *severity,
                     .title = "Noisy runs",
                     .message = absl::StrFormat("Runs scatter around the law by %.2g %%.", 100 * raw_noise),
                     .evidence = {{"log_loss_standard_deviation", raw_noise}},
                     .effect = "The best size is uncertain, and no design of further runs mends that cheaply.",
                     .fix = "Tune the small runs alike, evaluate on more tokens, or average seeds."});
  }
}

void AddExponents(const Prepared& evidence, const Fit& fit, std::vector<Diagnostic>& found) {
  for (size_t i = 0; i < fit.parameters.size(); ++i) {
    const ParameterInfo& info = evidence.law->parameters()[i];
    const double value = *fit.parameters[i].value.estimate;
    if (info.axis == Axis::kNone || info.is_scale || fit.parameters[i].fixed) continue;
    if (value >= kLeastExponent && value <= kGreatestExponent) continue;
    found.push_back({.code = "AT_BOUND",
                     .severity = Severity::kWarning,
                     .title = absl::StrFormat("%s is implausible", fit.parameters[i].symbol),
                     .message = absl::StrFormat("%s is %.3g; published ones lie between %.2g and %.2g.", fit.parameters[i].symbol, value,
                                                kLeastExponent, kGreatestExponent),
                     .evidence = {{fit.parameters[i].symbol, value}},
                     .effect = "The law bends in a way that no published study saw.",
                     .fix = "Check units and conventions of the counts; widen their range."});
  }
}

void AddBounds(const Prepared& evidence, const Theta& theta, const Fit& fit, std::vector<Diagnostic>& found) {
  for (int i : evidence.free) {
    const bool at_lower = theta[i] <= evidence.lower[i];
    if (!at_lower && theta[i] < evidence.upper[i]) continue;
    const FittedParameter& parameter = fit.parameters[i];
    found.push_back({.code = "AT_BOUND",
                     .severity = Severity::kWarning,
                     .title = absl::StrFormat("%s ends at its bound", parameter.symbol),
                     .message = absl::StrFormat("%s, %s, is %.3g, the %s it may be; the runs would have it %s.", parameter.symbol, parameter.name,
                                                *parameter.value.estimate, at_lower ? "least" : "greatest", at_lower ? "lower" : "higher"),
                     .evidence = {{parameter.symbol, *parameter.value.estimate}},
                     .effect = "Its value is the bound, not what the runs say, and the other parameters make up for it.",
                     .fix = "Fix it at a published value, or add runs that show its effect."});
  }
}

void AddOptimumOutside(const Prepared& evidence, const Fit& fit, std::vector<Diagnostic>& found) {
  const auto exponents = AllocationOf(fit);
  if (!exponents || !fit.region->training_flops || !fit.region->parameter_count || !fit.region->token_count) return;
  const OptimalSplit best = ComputeOptimalSplit(*exponents, fit.region->training_flops->second);
  double least = INFINITY, greatest = 0;
  for (const Observation& o : evidence.sorted) {
    least = std::min(least, *o.token_count / *o.parameter_count);
    greatest = std::max(greatest, *o.token_count / *o.parameter_count);
  }
  const double ratio = best.token_count / best.parameter_count;
  if (ratio >= least && ratio <= greatest) return;
  found.push_back({.code = "OPTIMUM_OUTSIDE",
                   .severity = Severity::kWarning,
                   .title = "Best split outside your runs",
                   .message = absl::StrFormat("At the largest compute the best split has %.3g tokens per parameter; the runs have %.3g to %.3g.",
                                              ratio, least, greatest),
                   .evidence = {{"tokens_per_parameter", ratio}, {"least", least}, {"greatest", greatest}},
                   .effect = "The advice extrapolates in the ratio, not only in compute.",
                   .fix = "Add runs on the other side of the best split."});
}

void AddBasins(const Fit& fit, std::vector<Diagnostic>& found) {
  if (fit.basins.size() < 2) return;
  found.push_back({.code = "SEVERAL_BASINS",
                   .severity = Severity::kWarning,
                   .title = "Several laws fit as well",
                   .message = absl::StrFormat("%d distinct optima lie within 1 %% of the best objective.", fit.basins.size()),
                   .evidence = {{"basin_count", static_cast<double>(fit.basins.size())}},
                   .effect = "The parameters may jump when a run is added.",
                   .fix = "Compare the basins; add runs where their predictions differ most."});
}

void AddConventions(const Prepared& evidence, std::vector<Diagnostic>& found) {
  int64_t off = 0;
  double worst = 1;
  for (const Observation& o : evidence.sorted) {
    if (!o.training_flops || !o.parameter_count || !o.token_count) continue;
    const double factor = *o.training_flops / TrainingFlops(*o.parameter_count, *o.token_count);
    if (factor >= 1 / kConventionFactor && factor <= kConventionFactor) continue;
    ++off;
    if (std::abs(std::log(factor)) > std::abs(std::log(worst))) worst = factor;
  }
  if (off == 0) return;
  found.push_back({.code = "MIXED_CONVENTIONS",
                   .severity = Severity::kWarning,
                   .title = "Compute is not 6ND",
                   .message = absl::StrFormat("In %d runs the given compute is more than a factor %g from 6ND, at worst %.3g.", off,
                                              kConventionFactor, worst),
                   .evidence = {{"run_count", static_cast<double>(off)}, {"worst_factor", worst}},
                   .effect = "N, D and C do not count the same thing, so a budget means different things.",
                   .fix = "Give N in one convention, tokens of all devices, and FLOPs of the whole run."});
}

void AddRepetition(const Prepared& evidence, std::vector<Diagnostic>& found) {
  const std::vector<Quantity> inputs = evidence.law->inputs();
  if (std::find(inputs.begin(), inputs.end(), Quantity::kUniqueTokenCount) != inputs.end()) return;  // The law knows of it.
  int64_t repeated = 0;
  double most = 1;
  for (const Observation& o : evidence.sorted) {
    if (!o.unique_token_count || !o.token_count) continue;
    const double epochs = *o.token_count / *o.unique_token_count;
    most = std::max(most, epochs);
    repeated += epochs > kHarmlessEpochs;
  }
  if (repeated == 0) return;
  found.push_back({.code = "REPEATED_DATA",
                   .severity = Severity::kWarning,
                   .title = "Repeated data",
                   .message = absl::StrFormat("%d runs saw their data more than %g times, at most %.3g times.", repeated, kHarmlessEpochs, most),
                   .evidence = {{"run_count", static_cast<double>(repeated)}, {"greatest_epoch_count", most}},
                   .effect = "A repeated token is worth less than a new one; this law counts them alike.",
                   .fix = "Fit data_constrained, or leave those runs out."});
}

// ln of the size that a law at `theta` gives a budget; nothing where it has no best split.
std::optional<double> LogBestSize(const Law& law, const Theta& theta, double budget_flops) {
  const auto allocation = AllocationAt(law, theta);
  if (!allocation) return std::nullopt;
  return std::log(ComputeOptimalSplit(*allocation, budget_flops).parameter_count);
}

// The run whose leaving-out moves the best size most to first order (theta moves by H^-1 times the run's own gradient; Cook & Weisberg 1982).
std::optional<size_t> FindInfluentialRun(const Prepared& evidence, const Theta& theta, double budget_flops, double log_size) {
  const Objective objective = evidence.objective();
  FreeVector gradient;
  FreeMatrix hessian;
  objective.Derivatives(theta, gradient, hessian);
  const Eigen::LLT<FreeMatrix> factor(hessian);
  if (factor.info() != Eigen::Success) return std::nullopt;
  const std::vector<double> residuals = objective.Residuals(theta);
  const Eigen::MatrixXd jacobian = objective.Jacobian(theta);
  std::optional<size_t> who;
  double greatest = 0;
  for (size_t i = 0; i < residuals.size(); ++i) {
    const double slope = objective.scale * evidence.weights[i] * std::clamp(residuals[i], -objective.huber_delta, objective.huber_delta);
    const FreeVector pull = slope * jacobian.row(static_cast<Eigen::Index>(i)).transpose();
    const FreeVector move = factor.solve(pull);
    Theta moved = theta;
    for (size_t a = 0; a < objective.free.size(); ++a) moved[objective.free[a]] += move[a];
    const double change = std::abs(LogBestSize(*evidence.law, moved, budget_flops).value_or(log_size) - log_size);
    if (change > greatest) {
      greatest = change;
      who = i;
    }
  }
  return who;
}

// Names the most influential run where a refit without it confirms that it moves the best size.
void AddInfluence(const Prepared& evidence, const Theta& theta, const Fit& fit, std::vector<Diagnostic>& found) {
  if (!fit.region->training_flops || evidence.loss == LossFunction::kL1) return;
  const double budget = kWideBudget * fit.region->training_flops->second;
  const std::optional<double> log_size = LogBestSize(*evidence.law, theta, budget);
  if (!log_size) return;
  const std::optional<size_t> who = FindInfluentialRun(evidence, theta, budget, *log_size);
  if (!who) return;
  Prepared without = evidence;
  without.weights[*who] = 0;
  const NewtonResult refit = MinimizeFromNear(without.objective(), theta);
  const double greatest = std::abs(LogBestSize(*evidence.law, refit.theta, budget).value_or(*log_size) - *log_size);
  if (!(greatest > kInfluence)) return;
  const Observation& o = evidence.sorted[*who];
  const std::string name = !o.run_name.empty() ? o.run_name : !o.run_id.empty() ? o.run_id : absl::StrFormat("line %d", o.line);
  found.push_back({.code = "INFLUENTIAL_RUN",
                   .severity = Severity::kInfo,
                   .title = "One run carries the answer",
                   .message = absl::StrFormat("Without %s the best size at %g times the largest run changes by %.0f %%.", name, kWideBudget,
                                              100 * (std::exp(greatest) - 1)),
                   .evidence = {{"log_size_change", greatest}, {"line", static_cast<double>(o.line)}},
                   .effect = "The advice is as good as that one run.",
                   .fix = "Check its counts and schedule; add a run near it.",
                   .run_id = o.run_id,
                   .run_name = o.run_name});
}

}  // namespace

double RelativeSingularValue(const Eigen::MatrixXd& jacobian) {
  if (jacobian.cols() == 0) return 1;
  const Eigen::VectorXd lengths = jacobian.colwise().norm();
  if (!(lengths.minCoeff() > 0)) return 0;
  // Singular values of a tall matrix: those of the small triangular factor, without squaring its condition.
  const Eigen::MatrixXd scaled = jacobian * lengths.cwiseInverse().asDiagonal();
  const Eigen::MatrixXd triangle = Eigen::HouseholderQR<Eigen::MatrixXd>(scaled)
                                       .matrixQR()
                                       .topRows(std::min(scaled.rows(), scaled.cols()))
                                       .triangularView<Eigen::Upper>();
  const Eigen::VectorXd singular = Eigen::JacobiSVD<Eigen::MatrixXd>(triangle).singularValues();
  return singular[singular.size() - 1] / singular[0];
}

std::vector<Diagnostic> DiagnoseFit(const Prepared& evidence, const Theta& theta, const std::vector<double>& residuals, const Fit& fit) {
  std::vector<double> sizes;
  for (double r : residuals) sizes.push_back(std::abs(r));
  const double raw_noise = 1.4826 * Quantile(sizes, 0.5);  // Without the correction for free parameters: the thresholds were set so.
  std::vector<Diagnostic> found;
  if (evidence.law->response() == Quantity::kLoss) {  // Thresholds are of losses; best learning rates scatter by tens of per cent.
    AddConditioning(evidence, theta, found);
    AddHoldOut(fit, raw_noise, found);
    AddNoise(residuals, raw_noise, found);
    AddExponents(evidence, fit, found);
    if (auto rounded = DiagnosePrecision(evidence, theta, raw_noise)) found.push_back(*std::move(rounded));
    if (auto by_label = DiagnoseLabels(evidence, residuals, raw_noise)) found.push_back(*std::move(by_label));
  }
  AddBounds(evidence, theta, fit, found);
  AddOptimumOutside(evidence, fit, found);
  AddBasins(fit, found);
  AddConventions(evidence, found);
  AddRepetition(evidence, found);
  if (auto unfinished = DiagnoseSchedules(evidence)) found.push_back(*std::move(unfinished));
  AddInfluence(evidence, theta, fit, found);
  return found;
}

std::vector<Diagnostic> DiagnoseReplicas(const Fit& fit) {
  const auto allocation = AllocationOf(fit);
  if (!allocation || !fit.region->training_flops || fit.replicas.empty()) return {};
  const double budget = kWideBudget * fit.region->training_flops->second;
  std::vector<double> sizes;
  for (const AllocationExponents& replica : ReplicaAllocations(fit)) {
    const double size = ComputeOptimalSplit(replica, budget).parameter_count;
    sizes.push_back(std::isnan(size) ? INFINITY : size);
  }
  const auto [lower, upper] = CentralInterval(std::move(sizes));
  const double factor = upper / lower;
  const auto severity = Above(factor, kWideWarning, kWideError);
  if (!severity) return {};
  return {{.code = "WIDE_OPTIMUM",
           .severity = *severity,
           .title = "Best size not settled",
           .message = absl::StrFormat("At %g times the largest run the best size lies between %.3g and %.3g, a factor of %.2g.", kWideBudget,
                                      lower, upper, factor),
           .evidence = {{"factor", std::isfinite(factor) ? factor : 1e308}, {"budget_flops", budget}},
           .effect = "Past your runs, the best size is known to this factor only.",
           .fix = "Add runs at larger compute on both sides of the best split."}};
}

}  // namespace isoflop
