#include "core/fit/diagnostics.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/fit/percentile.h"

namespace isoflop {
namespace {

// Thresholds of planted-law experiments: warning where the best size at 10 times the compute is typically off by over a fifth, error where
// its interval spans a factor of about ten. Six runs with a published prior answer as eight alone: the best size is off by 17 % and 15 % in the median over
// planted laws.
constexpr int kFewRunsWarning = 15, kFewRunsError = 8;  // The latter less the exponents that a published law informs.
constexpr double kRangeWarning = 1, kRangeError = 0.5;             // Decades of N and of D.
constexpr double kComputeWarning = 1.5, kComputeError = 1;         // Decades of C.
constexpr double kThinWarning = 0.10, kThinError = 0.05;           // Standard deviation across the thin direction, in decades.
constexpr double kConstantRatio = 1.01;
constexpr size_t kPercentileRunCount = 60;  // Above this, ranges leave out the outer 5 %.

std::optional<Severity> Below(double value, double warning, double error) {
  if (value < error) return Severity::kError;
  if (value < warning) return Severity::kWarning;
  return std::nullopt;
}

double DecadesSpanned(const std::vector<double>& log10_values) {
  if (log10_values.empty()) return 0;
  if (log10_values.size() > kPercentileRunCount) {
    const auto [low, high] = CentralInterval(log10_values);
    return high - low;
  }
  const auto [low, high] = std::minmax_element(log10_values.begin(), log10_values.end());
  return *high - *low;
}

// sqrt of the least eigenvalue of cov(x, y).
double ThinDirection(const std::vector<double>& x, const std::vector<double>& y) {
  const Eigen::Index n = static_cast<Eigen::Index>(x.size());
  if (n < 2) return 0;
  Eigen::MatrixX2d points(n, 2);
  points.col(0) = Eigen::Map<const Eigen::VectorXd>(x.data(), n);
  points.col(1) = Eigen::Map<const Eigen::VectorXd>(y.data(), n);
  points.rowwise() -= points.colwise().mean().eval();
  const Eigen::Matrix2d covariance = points.transpose() * points / static_cast<double>(n - 1);
  return std::sqrt(std::max(Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d>(covariance).eigenvalues()[0], 0.0));
}

Diagnostic FewRuns(Severity severity, size_t count, int needed) {
  return {.code = "FEW_RUNS",
          .severity = severity,
          .title = "Few runs",
          .message = absl::StrFormat("%d usable runs; the law needs at least %d, and %d before its interval means much.", count,
                                     needed, kFewRunsWarning),
          .evidence = {{"observation_count", static_cast<double>(count)}, {"needed_observation_count", needed}},
          .effect = static_cast<int>(count) < needed ? "No law can be fitted." : "Intervals come out too narrow or very wide.",
          .fix = "Finish more small runs: several sizes at each of two or three budgets."};
}

// One finding for all quantities that the law takes; its severity is that of the narrowest.
Diagnostic NarrowRange(Severity severity, const std::vector<std::pair<std::string, double>>& decades) {
  std::string narrow, spans;
  std::map<std::string, double> evidence;
  for (const auto& [quantity, span] : decades) {
    evidence[quantity + "_decades"] = span;
    spans += absl::StrFormat("%s%.2f decades of %s", spans.empty() ? "" : ", ", span, quantity);
    if (span < kRangeWarning) narrow += (narrow.empty() ? "" : " and ") + quantity;
  }
  return {.code = "NARROW_RANGE",
          .severity = severity,
          .title = "Narrow range of " + narrow,
          .message = absl::StrFormat("The runs span %s; one decade is the least to rely on.", spans),
          .evidence = std::move(evidence),
          .effect = "Outside this range the law is a guess.",
          .fix = absl::StrFormat("Add runs with ten times less or more %s.", narrow)};
}

// The natural name of what a law takes, for people.
std::string NameOf(Quantity quantity) {
  switch (quantity) {
    case Quantity::kParameterCount:
      return "parameters";
    case Quantity::kTokenCount:
      return "tokens";
    case Quantity::kTrainingFlops:
      return "compute";
    case Quantity::kStepCount:
      return "steps";
    default:
      return std::string(QuantityName(quantity));
  }
}

constexpr double kLn10 = 2.302585092994046;

}  // namespace

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      return "ERROR";
  }
  return "";
}

bool HasError(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

bool HasConstantRatio(const std::vector<Observation>& observations) {
  if (observations.empty()) return false;
  double least = INFINITY, greatest = 0;
  for (const Observation& o : observations) {
    const double ratio = o.token_count.value_or(NAN) / o.parameter_count.value_or(NAN);
    if (std::isnan(ratio)) return false;
    least = std::min(least, ratio);
    greatest = std::max(greatest, ratio);
  }
  return greatest <= kConstantRatio * least;
}

bool AxisIsFree(const Prepared& evidence, Axis axis) {
  const auto& parameters = evidence.law->parameters();
  int total = 0, free = 0;
  for (const ParameterInfo& parameter : parameters) total += parameter.axis == axis;
  for (int i : evidence.free) free += parameters[i].axis == axis;
  return total > 0 && free == total;
}

std::vector<Diagnostic> DiagnoseEvidence(const Prepared& evidence, int needed_run_count) {
  std::vector<Diagnostic> found;
  const size_t count = evidence.sorted.size();
  const int few_runs_error = std::max(kFewRunsError - evidence.informed_count, needed_run_count);
  if (auto severity = Below(static_cast<double>(count), std::max(kFewRunsWarning, few_runs_error), few_runs_error)) {
    found.push_back(FewRuns(*severity, count, needed_run_count));
  }
  if (count < 2) return found;

  const auto log10_of = [&](Quantity quantity) {
    std::vector<double> values;
    for (const LawInput& input : evidence.inputs) values.push_back(input[quantity] / kLn10);
    return values;
  };
  const std::vector<Quantity> inputs = evidence.law->inputs();
  const auto takes = [&](Quantity quantity) { return std::find(inputs.begin(), inputs.end(), quantity) != inputs.end(); };
  const bool takes_both = takes(Quantity::kParameterCount) && takes(Quantity::kTokenCount);
  if (takes_both) {
    const double thin = ThinDirection(log10_of(Quantity::kParameterCount), log10_of(Quantity::kTokenCount));
    if (auto severity = Below(thin, kThinWarning, kThinError)) {
      found.push_back({.code = "CONSTANT_RATIO",
                       .severity = *severity,
                       .title = "Tokens per parameter hardly vary",
                       .message = absl::StrFormat("Across the runs D/N varies by a standard deviation of only %.2g decades.", thin),
                       .evidence = {{"thin_decades", thin}},
                       .effect = "What N and what D contribute cannot be told apart, so neither can the best split.",
                       .fix = "At one or two budgets, add a run a third and a run three times the usual size."});
    }
  }
  std::vector<std::pair<std::string, double>> decades;
  double narrowest = INFINITY;
  const auto span = [&](const std::string& name, const std::vector<double>& values) {
    decades.emplace_back(name, DecadesSpanned(values));
    narrowest = std::min(narrowest, decades.back().second);
  };
  if (evidence.law->takes_abscissa()) {
    std::vector<double> values;
    for (const LawInput& input : evidence.inputs) values.push_back(input.log_abscissa / kLn10);
    span("its quantity", values);
  }
  for (Quantity quantity : {Quantity::kParameterCount, Quantity::kTokenCount, Quantity::kTrainingFlops, Quantity::kStepCount}) {
    if (takes(quantity)) span(NameOf(quantity), log10_of(quantity));
  }
  if (auto severity = Below(narrowest, kRangeWarning, kRangeError)) found.push_back(NarrowRange(*severity, decades));
  if (takes_both) {
    const double compute = DecadesSpanned(log10_of(Quantity::kTrainingFlops));
    if (auto severity = Below(compute, kComputeWarning, kComputeError)) {
      found.push_back({.code = "NARROW_COMPUTE",
                       .severity = *severity,
                       .title = "Narrow range of compute",
                       .message = absl::StrFormat("The runs span %.2f decades of compute; %.1f is the least to rely on.", compute, kComputeWarning),
                       .evidence = {{"training_flops_decades", compute}},
                       .effect = "The best split at one of these budgets is sound; how it grows with compute is not.",
                       .fix = "Add runs at a tenth and at ten times the compute."});
    }
  }
  return found;
}

void SortWorstFirst(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.severity > b.severity; });
}

}  // namespace isoflop
