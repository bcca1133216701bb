#ifndef ISOFLOP_CORE_ADVICE_DESIGN_FIT_H_
#define ISOFLOP_CORE_ADVICE_DESIGN_FIT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/objective.h"
#include "core/fit/observation.h"
#include "core/law/additive_law.h"

namespace isoflop {

// What the design of new runs works with: a law fitted a little more smoothly than the reported one and under a weak prior, so that a few runs do,
// with the covariance of its coordinates. Coordinates are centred: N and D are counted in units of their geometric means over the runs, so that A and B
// are the terms' sizes amid the runs and their errors nearly independent of those of the exponents.
struct DesignFit {
  const Law* law = nullptr;
  Theta theta{};                    // Centred.
  std::vector<int> free;            // Coordinates that were fitted, ascending.
  double log_parameter_centre = 0;  // Mean ln N of the runs.
  double log_token_centre = 0;      // Mean ln D.
  double log_loss_variance = 0;     // s2: of one run's log loss around the law.
  FreeMatrix covariance;            // M, of the free coordinates. Shape [free, free].
  double prior_weight = 0;          // Of the coordinates, what share the prior determines and not the runs: tr(M P) / count; in [0, 1].

  // ln L, and its derivatives by the free coordinates: J, shape [free]. N and D as they are, not centred.
  double PredictLogLoss(double parameter_count, double token_count) const;
  FreeVector LossGradient(double parameter_count, double token_count) const;

  // J' M J / s2 of a run there, in [0, 1) for the runs of the fit: the variance that the law's own uncertainty adds, beside one run's.
  double Leverage(double parameter_count, double token_count) const;

  // The split of a budget in FLOPs at which ln L is least; not finite where the law has none.
  OptimalSplit BestSplit(double training_flops) const;

  // d ln N* / d theta over the free coordinates at that split.
  FreeVector BestSizeGradient(double training_flops) const;
};

// A little over one standard deviation (.77 %) of the residuals of published sets: 95 % as efficient as least squares where noise is normal (Huber
// 1964), which counts when runs are few.
inline constexpr double kDesignHuberDelta = 1e-2;

// The laws that can be designed with.
inline constexpr const char* kDesignLaws[] = {"chinchilla", "chinchilla_symmetric"};

// Minimises the Huber objective with delta `huber_delta` under
//
//   alpha, beta ~ N(.35, .24^2),   ln E ~ N(ln(.7 L_min), .5^2),   ln A, ln B (centred) ~ N(ln(.5 R), 2^2),
//   R = max(median L - .7 L_min, .1 L_min)
//
// and gives
//
//   M = (J'J / s2 + P)^-1,   s2 = (4 .005^2 + n s^2) / (4 + n),   s = 1.4826 median |r| sqrt(n / max(n - 4, 1)),
//
// P being the prior's precisions, which stand in the objective for a noise of sqrt(.01 * .005) = .7 %; each run counts by its weight. Never reported as the study's law: the prior is for advice only.
//
// InvalidArgument for a law that is none of kDesignLaws, for fewer than kLeastDesignRuns observations, or one without N, D or loss;
// FailedPrecondition where no optimum is found.
absl::StatusOr<DesignFit> FitForDesign(const std::string& law, const std::vector<Observation>& observations,
                                      double huber_delta = kDesignHuberDelta);

inline constexpr size_t kLeastDesignRuns = 4;

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_DESIGN_FIT_H_
