#include "core/fit/fit.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/best_of_cells.h"
#include "core/fit/critical_batch_diagnostic.h"
#include "core/fit/curve_region_diagnostic.h"
#include "core/fit/diagnostics.h"
#include "core/fit/drift.h"
#include "core/fit/fit_at.h"
#include "core/fit/fit_diagnostics.h"
#include "core/fit/fitted_runs.h"
#include "core/fit/hold_out.h"
#include "core/fit/near_optimal.h"
#include "core/fit/intervals.h"
#include "core/fit/percentile.h"
#include "core/fit/prepared.h"
#include "core/fit/prior_diagnostic.h"
#include "core/fit/region.h"
#include "core/fit/solve.h"
#include "core/fit/withheld_intervals.h"

namespace isoflop {
namespace {

constexpr double kBasinObjective = 1.01;      // Over the best objective.
constexpr double kBasinParameter = 0.01;      // Relative difference of a value.
constexpr double kLeastSingularValue = 1e-6;  // Of the greatest; below, a direction is undetermined.

Diagnostic Undetermined(std::string message, std::map<std::string, double> evidence) {
  return {.code = "UNDETERMINED",
          .severity = Severity::kError,
          .title = "The runs do not determine the law",
          .message = std::move(message),
          .evidence = std::move(evidence),
          .effect = "Many laws fit equally well, so none is given.",
          .fix = "Vary sizes and tokens independently of each other, or fix a parameter."};
}

// Why the evidence cannot support the law, whatever a solver would say; nothing when it may.
std::optional<Diagnostic> FindStructuralGap(const Prepared& evidence) {
  const auto single = [&](Quantity quantity) {
    return std::all_of(evidence.sorted.begin(), evidence.sorted.end(), [&](const Observation& o) {
      return ValueOf(o, quantity) == ValueOf(evidence.sorted.front(), quantity);
    });
  };
  const bool free_n = AxisIsFree(evidence, Axis::kParameterCount), free_d = AxisIsFree(evidence, Axis::kTokenCount);
  if (free_n && single(Quantity::kParameterCount)) {
    return Undetermined("All runs have the same number of parameters.", {{"distinct_parameter_counts", 1}});
  }
  if (free_d && single(Quantity::kTokenCount)) {
    return Undetermined("All runs have the same number of tokens.", {{"distinct_token_counts", 1}});
  }
  if (free_n && free_d && HasConstantRatio(evidence.sorted)) {
    return Undetermined("All runs have the same number of tokens per parameter, to 1 %.", {{"distinct_token_parameter_ratios", 1}});
  }
  return std::nullopt;
}

// The values of all parameters, rounded.
std::vector<double> Values(const Law& law, const Theta& theta) {
  std::vector<double> values;
  for (size_t i = 0; i < law.parameters().size(); ++i) {
    values.push_back(RoundResult(ValueFromCoordinate(law.parameters()[i], theta[i])));
  }
  return values;
}

std::vector<Basin> DistinctBasins(const Law& law, const std::vector<NewtonResult>& optima) {
  std::vector<std::vector<double>> kept;
  std::vector<Basin> basins;
  for (const NewtonResult& optimum : optima) {
    if (!optimum.converged || optimum.objective > kBasinObjective * optima.front().objective) continue;
    const std::vector<double> values = Values(law, optimum.theta);
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const std::vector<double>& other) {
      for (size_t i = 0; i < values.size(); ++i) {
        if (std::abs(values[i] - other[i]) > kBasinParameter * std::abs(other[i])) return false;
      }
      return true;
    });
    if (known) continue;
    kept.push_back(values);
    Basin basin{.objective = RoundResult(optimum.objective)};
    for (size_t i = 0; i < values.size(); ++i) basin.parameters[std::string(law.parameters()[i].symbol)] = values[i];
    basins.push_back(std::move(basin));
  }
  return basins;
}

double RobustNoise(std::vector<double> residuals, size_t free_count) {
  for (double& residual : residuals) residual = std::abs(residual);
  const double n = static_cast<double>(residuals.size());
  return 1.4826 * Quantile(std::move(residuals), 0.5) * std::sqrt(n / std::max(n - static_cast<double>(free_count), 1.0));
}

void FillParameters(const Prepared& evidence, const std::vector<double>& values, Fit& fit) {
  for (size_t i = 0; i < values.size(); ++i) {
    const ParameterInfo& info = evidence.law->parameters()[i];
    fit.parameters.push_back({.symbol = std::string(info.symbol),
                              .name = std::string(info.name),
                              .value = {.estimate = values[i]},
                              .fixed = evidence.held[i].has_value()});
  }
}

int LeastRunCount(const Prepared& evidence) { return static_cast<int>(evidence.free.size()) - evidence.informed_count + 2; }

// What holds whatever the law turns out to be.
Fit Describe(const Prepared& evidence, const FitOptions& options) {
  Fit fit{.law = std::string(evidence.law->name()), .convention = options.convention, .loss = options.loss, .huber_delta = options.huber_delta, .seed = options.seed};
  fit.observation_count = static_cast<int64_t>(evidence.sorted.size());
  fit.observations_hash = HashObservations(evidence.sorted);
  fit.published_prior = options.published_prior;
  fit.runs = FittedRunsOf(evidence.sorted);
  fit.diagnostics = DiagnoseEvidence(evidence, LeastRunCount(evidence));
  if (evidence.law->response() != Quantity::kLoss) fit.diagnostics.push_back(DescribeCells(evidence.sorted, evidence.row_count));
  if (!evidence.sorted.empty()) fit.region = RegionOf(evidence.sorted);
  return fit;
}

Fit Refuse(Fit fit, Diagnostic reason) {
  fit.diagnostics.insert(fit.diagnostics.begin(), std::move(reason));
  SortWorstFirst(fit.diagnostics);
  return fit;
}

}  // namespace

bool MaySupportLaw(const Prepared& evidence) {
  return static_cast<int>(evidence.sorted.size()) >= LeastRunCount(evidence) && !FindStructuralGap(evidence);
}

std::optional<Fit> RefuseByStructure(const Prepared& evidence, const FitOptions& options) {
  if (MaySupportLaw(evidence)) return std::nullopt;
  Fit fit = Describe(evidence, options);
  if (static_cast<int>(evidence.sorted.size()) < LeastRunCount(evidence)) {
    SortWorstFirst(fit.diagnostics);
    return fit;  // FEW_RUNS says so.
  }
  return Refuse(std::move(fit), *FindStructuralGap(evidence));
}

Fit FitAt(const Prepared& evidence, const FitOptions& options, const std::vector<NewtonResult>& optima, std::optional<HoldOut> hold_out) {
  Fit fit = Describe(evidence, options);
  if (optima.empty()) return Refuse(std::move(fit), Undetermined("No start led to a finite optimum.", {}));
  const Objective objective = evidence.objective();
  const NewtonResult& best = optima.front();
  const double relative_singular_value = RelativeSingularValue(objective.Jacobian(best.theta));
  if (!(relative_singular_value >= kLeastSingularValue)) {
    return Refuse(std::move(fit), Undetermined("At the optimum a combination of parameters leaves every prediction unchanged.",
                                               {{"relative_singular_value", relative_singular_value}}));
  }
  if (!best.converged) return Refuse(std::move(fit), Undetermined("The search found no point where the objective is least.", {}));

  FillParameters(evidence, Values(*evidence.law, best.theta), fit);
  fit.objective = RoundResult(best.objective);
  fit.basins = DistinctBasins(*evidence.law, optima);
  const std::vector<double> residuals = objective.Residuals(best.theta);
  fit.log_loss_standard_deviation = RoundResult(RobustNoise(residuals, evidence.free.size()));
  fit.hold_out = std::move(hold_out);
  fit.near_optimal = FindNearOptimalBand(evidence, best.theta);
  FillIntervals(fit);
  fit.drift_weighted = FitDriftWeighted(evidence, options, fit);
  if (std::optional<Diagnostic> withheld = FindWithholding(evidence, fit.diagnostics)) fit.diagnostics.push_back(*std::move(withheld));
  for (Diagnostic& found : DiagnoseFit(evidence, best.theta, residuals, fit)) fit.diagnostics.push_back(std::move(found));
  if (std::optional<Diagnostic> prior = DiagnosePrior(evidence, best.theta, options.published_prior)) fit.diagnostics.push_back(*std::move(prior));
  if (std::optional<Diagnostic> region = DiagnoseCurveRegion(evidence, fit, options.guess_loss)) fit.diagnostics.push_back(*std::move(region));
  if (std::optional<Diagnostic> batch = DiagnoseCriticalBatch(evidence, fit)) fit.diagnostics.push_back(*std::move(batch));
  SortWorstFirst(fit.diagnostics);
  return fit;
}

absl::StatusOr<Fit> FitLaw(const std::vector<Observation>& observations, const FitOptions& options) {
  ASSIGN_OR_RETURN(const Prepared evidence, Prepare(observations, options));
  if (std::optional<Fit> refused = RefuseByStructure(evidence, options)) return *std::move(refused);
  std::vector<NewtonResult> optima = FindOptima(evidence);
  if (!optima.empty()) CertifyByCeres(evidence.objective(), optima.front());
  return FitAt(evidence, options, optima, EvaluateHoldOut(evidence, options.hold_out_fraction));
}

}  // namespace isoflop
