#include "core/fit/precision_diagnostic.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "absl/strings/str_format.h"

namespace isoflop {
namespace {

constexpr double kExact = 1e-6;           // Of the last digit: what doubles of nine digits may be off.
constexpr int kMostDigits = 9;
constexpr double kNoiseShare = 0.5;       // Of the run noise.
constexpr double kDistinctShare = 0.5;    // Fewer distinct losses than this share of the runs: they were read off a grid.
constexpr size_t kLeastRuns = 20;
constexpr double kElasticityStep = 1e-4;  // Of ln N and ln D.
const double kUniformDeviation = 1 / std::sqrt(12.0);  // Of an error anywhere within a step of 1.

bool IsWhole(double value) { return std::abs(value - std::round(value)) <= kExact; }

std::vector<double> ValuesOf(const Prepared& evidence, Quantity quantity) {
  std::vector<double> values;
  for (const Observation& o : evidence.sorted) {
    if (ValueOf(o, quantity)) values.push_back(*ValueOf(o, quantity));
  }
  return values.size() == evidence.sorted.size() ? values : std::vector<double>{};
}

// Root mean square over the runs of the log loss error that rounded losses make.
double LossError(const std::vector<double>& losses) {
  const double step = DecimalStep(losses);
  double square = 0;
  for (double loss : losses) square += std::pow(step * kUniformDeviation / loss, 2) / static_cast<double>(losses.size());
  return std::sqrt(square);
}

// The same for rounded sizes or tokens: 0 where the law does not take them.
double CountError(const Prepared& evidence, const Theta& theta, Quantity quantity) {
  const std::vector<Quantity> inputs = evidence.law->inputs();
  const std::vector<double> values = ValuesOf(evidence, quantity);
  if (values.empty() || std::find(inputs.begin(), inputs.end(), quantity) == inputs.end()) return 0;
  const int digits = SignificantDigits(values);
  if (digits == 0) return 0;
  double square = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    LawInput shifted = evidence.inputs[i];
    shifted.log[static_cast<int>(quantity)] += kElasticityStep;
    const double elasticity = (evidence.law->PredictLog(shifted, theta, nullptr, nullptr) -
                               evidence.law->PredictLog(evidence.inputs[i], theta, nullptr, nullptr)) / kElasticityStep;
    const double step = std::pow(10, std::floor(std::log10(values[i])) - digits + 1) / values[i];
    square += std::pow(elasticity * step * kUniformDeviation, 2) / static_cast<double>(values.size());
  }
  return std::sqrt(square);
}

Diagnostic Rounded(Severity severity, std::string message, std::map<std::string, double> evidence) {
  return {.code = "ROUNDED_INPUTS",
          .severity = severity,
          .title = "Figures are rounded",
          .message = std::move(message),
          .evidence = std::move(evidence),
          .effect = "Differences smaller than the rounding are hidden; the objective has many near-equal optima.",
          .fix = "Give six digits of every figure."};
}

}  // namespace

double DecimalStep(const std::vector<double>& values) {
  for (int k = 0; k <= kMostDigits; ++k) {
    const double scale = std::pow(10, k);
    if (std::all_of(values.begin(), values.end(), [scale](double value) { return IsWhole(value * scale); })) return 1 / scale;
  }
  return 0;
}

int SignificantDigits(const std::vector<double>& values) {
  for (int digits = 1; digits <= kMostDigits; ++digits) {
    const bool enough = std::all_of(values.begin(), values.end(), [digits](double value) {
      return IsWhole(value / std::pow(10, std::floor(std::log10(value)) - digits + 1));
    });
    if (enough) return digits;
  }
  return 0;
}

std::optional<Diagnostic> DiagnosePrecision(const Prepared& evidence, const Theta& theta, double raw_noise) {
  const std::vector<double> losses = ValuesOf(evidence, Quantity::kLoss);
  if (losses.size() < kLeastRuns || !(raw_noise > 0)) return std::nullopt;
  const double of_losses = LossError(losses);
  const double of_sizes = CountError(evidence, theta, Quantity::kParameterCount), of_tokens = CountError(evidence, theta, Quantity::kTokenCount);
  const double worst = std::max({of_losses, of_sizes, of_tokens});
  if (worst > kNoiseShare * raw_noise) {
    const char* what = worst == of_losses ? "losses" : worst == of_sizes ? "sizes" : "tokens";
    return Rounded(Severity::kWarning,
                   absl::StrFormat("Rounding of the %s makes an error of %.2g %% of the loss; runs scatter by %.2g %% in all.", what, 100 * worst,
                                   100 * raw_noise),
                   {{"loss_rounding_log_error", of_losses},
                    {"parameter_count_rounding_log_error", of_sizes},
                    {"token_count_rounding_log_error", of_tokens},
                    {"log_loss_standard_deviation", raw_noise}});
  }
  const size_t distinct = std::set<double>(losses.begin(), losses.end()).size();
  if (static_cast<double>(distinct) >= kDistinctShare * static_cast<double>(losses.size())) return std::nullopt;
  return Rounded(Severity::kInfo, absl::StrFormat("%d runs share %d loss values.", losses.size(), distinct),
                 {{"distinct_loss_count", static_cast<double>(distinct)}});
}

}  // namespace isoflop
