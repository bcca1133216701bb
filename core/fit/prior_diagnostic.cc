#include "core/fit/prior_diagnostic.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "core/law/published_exponents.h"

namespace isoflop {
namespace {

constexpr double kMostlyPrior = 0.5;

std::string SourceOf(const std::string& published) {
  const absl::StatusOr<PublishedExponents> known = FindPublishedExponents(published);
  return known.ok() ? "the law of " + std::string(known->source) : "the priors given";
}

}  // namespace

std::optional<Diagnostic> DiagnosePrior(const Prepared& evidence, const Theta& theta, const std::string& published) {
  if (evidence.pulls.empty()) return std::nullopt;
  FreeVector gradient;
  FreeMatrix hessian;
  evidence.objective().Derivatives(theta, gradient, hessian);
  const Eigen::LDLT<FreeMatrix> factor(hessian);
  std::map<std::string, double> weights;
  std::string shares;
  double sum = 0;
  for (const Pull& pull : evidence.pulls) {
    const auto position = std::find(evidence.free.begin(), evidence.free.end(), pull.coordinate);
    if (position == evidence.free.end()) continue;  // Held, so that nothing pulls it.
    const Eigen::Index a = position - evidence.free.begin();
    const double weight = std::clamp(pull.precision * factor.solve(FreeMatrix::Identity(hessian.rows(), hessian.cols()))(a, a), 0.0, 1.0);
    const std::string symbol(evidence.law->parameters()[pull.coordinate].symbol);
    shares += absl::StrFormat("%s%.0f %% of %s", shares.empty() ? "" : ", ", 100 * weight, symbol);
    weights[symbol + "_weight"] = weight;
    sum += weight;
  }
  if (weights.empty()) return std::nullopt;
  const double mean = sum / static_cast<double>(weights.size());
  weights["weight"] = mean;
  return Diagnostic{.code = "PRIOR",
                    .severity = mean > kMostlyPrior ? Severity::kWarning : Severity::kInfo,
                    .title = published.empty() ? "A prior has its part in this law" : absl::StrFormat("Rests %.0f %% on %s", 100 * mean, published),
                    .message = absl::StrFormat("From %s comes %s; the rest is from these runs.", SourceOf(published), shares),
                    .evidence = std::move(weights),
                    .effect = "Where this study differs from the prior, its answers are drawn towards it.",
                    .fix = "Add runs that vary sizes and tokens until the weight is small."};
}

}  // namespace isoflop
