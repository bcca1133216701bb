#include "core/advice/off_law.h"

#include <cmath>

#include "absl/strings/str_format.h"
#include "core/advice/design_fit.h"
#include "core/advice/residual_surface.h"
#include "core/fit/robust_spread.h"
#include "core/base/status.h"
#include "core/fit/fit.h"

namespace isoflop {
namespace {

constexpr double kFittedCount = 5;
constexpr double kNineInTen = 1.28;     // Of the standard normal, one-sided.
constexpr double kLeastScale = 1e-6;    // Runs without noise are off by nothing.

}  // namespace

absl::StatusOr<OffLawReport> FindOffLaw(const std::vector<Observation>& observations) {
  const double n = static_cast<double>(observations.size());
  if (observations.size() < kLeastOffLawRuns) {
    return absl::FailedPreconditionError(
        absl::StrFormat("runs must be at least %d to tell which is off the law, got %d", kLeastOffLawRuns, observations.size()));
  }
  ASSIGN_OR_RETURN(const DesignFit law, FitForDesign("chinchilla", observations, kDefaultHuberDelta));
  std::vector<double> u, v, residuals;
  for (const Observation& o : observations) {
    u.push_back(std::log(*o.parameter_count));
    v.push_back(std::log(*o.token_count));
    const double residual = std::log(*o.loss_nats_per_token) - law.PredictLogLoss(*o.parameter_count, *o.token_count);
    residuals.push_back(residual / (1 - law.Leverage(*o.parameter_count, *o.token_count)));
  }
  const ResidualSurface surface(std::move(u), std::move(v), residuals);
  OffLawReport report;
  std::vector<double> scaled;
  for (size_t i = 0; i < residuals.size(); ++i) scaled.push_back(surface.errors()[i] / std::sqrt(surface.variances()[i]));
  report.scale = std::max(kLeastScale, RobustSpread(scaled) * std::sqrt(n / (n - kFittedCount)));
  report.smallest_visible_shift = (kWarnZ + kNineInTen) * report.scale;
  for (size_t i = 0; i < residuals.size(); ++i) report.runs.push_back({surface.errors()[i], scaled[i] / report.scale});
  return report;
}

}  // namespace isoflop
