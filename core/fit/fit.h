#ifndef ISOFLOP_CORE_FIT_FIT_H_
#define ISOFLOP_CORE_FIT_FIT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/fit/diagnostic.h"
#include "core/fit/loss_function.h"
#include "core/fit/observation.h"
#include "core/law/additive_law.h"
#include "core/quantity/parameter_convention.h"

namespace isoflop {

// Hoffmann et al. 2022 (arXiv:2203.15556), section 3.3.
inline constexpr double kDefaultHuberDelta = 1e-3;
inline constexpr int kDefaultReplicaCount = 1000;

// A normal prior of a parameter: of ln(value) for a scale (E, A, B, ...), of the value for an exponent.
struct Prior {
  double value = 0;               // Its centre, as a value.
  double standard_deviation = 1;  // Positive.
};

struct FitOptions {
  std::string law = "chinchilla";
  LossFunction loss = LossFunction::kHuber;
  double huber_delta = kDefaultHuberDelta;                    // Of the Huber loss, in log loss; positive and finite.
  std::map<std::string, double> fixed;                        // By symbol: held at this value instead of fitted.
  std::map<std::string, std::pair<double, double>> bounds;    // By symbol: [least, greatest] value; frees one held by default.
  std::map<std::string, Prior> priors;                        // By symbol.
  // Name of a law of core/law/published_exponents.h, whose exponents are priors with a standard deviation of kPublishedExponentDeviation; then two runs
  // fewer are needed. Empty: none. Only for a law with alpha and beta, and not beside `priors` of these.
  std::string published_prior;
  std::optional<Quantity> abscissa;  // x of a law in x alone; when absent, the only one of N, D, C and S that the runs have.
  std::optional<double> guess_loss;  // Loss of guessing, ln(vocabulary size): where power_law's small-data region ends. Positive and finite.
  double hold_out_fraction = 0.2;    // Of the runs, those of the largest C, that the hold-out predicts; in [0, 1).
  int replica_count = kDefaultReplicaCount;
  uint64_t seed = 1;
  int thread_count = 1;  // For replicas; the result does not depend on it.
  ParameterConvention convention = ParameterConvention::kTotal;
};

// An estimate and its 95 % interval over the replicas. Bounds are absent while there are no replicas.
struct Interval {
  std::optional<double> estimate;
  std::optional<double> lower;
  std::optional<double> upper;
};

struct FittedParameter {
  std::string symbol;  // The paper's, such as "alpha".
  std::string name;    // Such as "parameter_loss_exponent".
  Interval value;      // A fixed parameter has lower = upper = estimate.
  bool fixed = false;
  // Its likelihood-profile interval (core/fit/profile.h), where that was asked for; bounds absent where the objective never rises enough.
  std::optional<Interval> profile = {};
};

// A distinct optimum: a parameter differs from every better one by more than 1 %, and the objective is within 1 % of the best.
struct Basin {
  double objective = 0;
  std::map<std::string, double> parameters;  // By symbol.
};

// N_opt = parameter_coefficient * C^parameter_exponent, and D_opt likewise.
struct AllocationLaw {
  Interval parameter_exponent;     // a
  Interval token_exponent;         // b
  double parameter_coefficient = 0;
  double token_coefficient = 0;
};

// Where one budget's loss is least.
struct BudgetProfile {
  double training_flops = 0;
  double parameter_count = 0;               // N_opt.
  double token_count = 0;                   // D_opt.
  std::optional<double> loss_nats_per_token;  // There.
  std::optional<double> curvature;          // d2 L / d(ln N)^2 there.
  int64_t observation_count = 0;
};

// What the observations span, [least, greatest]; absent where no observation has the quantity.
struct Region {
  std::optional<std::pair<double, double>> parameter_count;
  std::optional<std::pair<double, double>> token_count;
  std::optional<std::pair<double, double>> training_flops;
  std::optional<std::pair<double, double>> loss_nats_per_token;
};

// How well a law fitted without the runs of the largest compute predicts them.
struct HoldOut {
  int64_t observation_count = 0;  // Runs held out.
  double root_mean_square_log_error = 0;
};

// What the law saw of one run, kept with it for advice. As observed, not rounded.
struct FittedRun {
  std::optional<double> parameter_count;
  std::optional<double> token_count;
  std::optional<double> training_flops;  // Absent where it was taken as 6ND.
  std::optional<double> unique_token_count;
  std::optional<double> loss_nats_per_token;
  double weight = 1;

  bool operator==(const FittedRun&) const = default;
};

// The same law fitted again with weights that trust large runs more (core/fit/drift.h): what answers past the runs are compared with.
struct DriftWeightedLaw {
  std::vector<double> estimates;              // In the order of `Fit::parameters`.
  double weight_sum = 0;                      // Of the runs' weights, the largest run's being its own: how many runs it rests on.
  std::vector<std::vector<double>> replicas;  // Of the first replicas' draws. Shape [at most kMostDriftReplicas][parameter]; may be empty.
};

// What share of loss above the best of its cell a hyperparameter may cost and still count as near-optimal: DeepSeek 2024 (arXiv:2401.02954), section 3.1.
inline constexpr double kNearOptimalLoss = 0.0025;

// How far a hyperparameter may stray from what its law predicts: of each cell the least and the greatest value, over the prediction, with a loss within
// kNearOptimalLoss of the cell's best; the medians over the cells. A coarse grid narrows it.
struct NearOptimalBand {
  double lower_factor = 0;
  double upper_factor = 0;
  int64_t cell_count = 0;  // With more than one such value.
};

// A law fitted to observations. Every figure is rounded by RoundResult.
struct Fit {
  std::string law;                      // Empty for approaches that give an allocation without a law.
  std::string approach = "parametric";  // Or "isoflop", "envelope".
  std::optional<std::string> group;  // Which group of runs, where there are several.
  int64_t version = 1;
  ParameterConvention convention = ParameterConvention::kTotal;
  // In the law's own order. Empty when the evidence cannot support the law: an ERROR diagnostic then says why.
  std::vector<FittedParameter> parameters;
  LossFunction loss = LossFunction::kHuber;
  double huber_delta = kDefaultHuberDelta;
  std::optional<double> objective;  // The value of the minimised sum, priors included.
  int64_t observation_count = 0;
  std::string observations_hash;
  std::vector<Basin> basins;
  std::optional<AllocationLaw> allocation;
  std::vector<BudgetProfile> profiles;  // By budget, ascending; empty for "parametric".
  // [least, greatest] over fits that each leave one budget out, by name: "parameter_exponent", "token_exponent". Empty below 3 budgets.
  std::map<std::string, std::pair<double, double>> leave_one_budget_out;
  std::optional<Region> region;  // Absent only without observations.
  // 1.4826 * median |log residual| * sqrt(n / (n - free parameters)): run noise, robust against outliers.
  std::optional<double> log_loss_standard_deviation;
  std::optional<HoldOut> hold_out;  // Absent where too few rows would remain to fit, or C is not known.
  std::optional<NearOptimalBand> near_optimal;  // Of laws of a hyperparameter; absent below 3 such cells.
  int replica_count = 0;  // 0 until the replicas have been computed.
  uint64_t seed = 1;
  std::vector<std::vector<double>> replicas;  // Shape [replica_count][parameter], in the order of `parameters`.
  // Shape [replica_count] where there is no law, else empty. NaN where a replica could not be fitted.
  std::vector<AllocationExponents> allocation_replicas;
  std::vector<FittedRun> runs;  // Those of a law, by content. Empty where they are not at hand, as of old versions.
  std::optional<DriftWeightedLaw> drift_weighted;  // Of laws with a best split of N and D.
  std::optional<double> as_good_tolerance;  // Set by a team, for advice (core/advice/as_good.h): share of the loss; absent: run noise.
  std::string published_prior;              // As in FitOptions; PRIOR among the diagnostics says how much it weighs.
  std::vector<Exclusion> excluded;
  std::vector<Diagnostic> diagnostics;  // Worst first.

  bool identified() const { return !parameters.empty(); }

  // Whether it says anything: a law, or an allocation without one.
  bool answers() const { return identified() || allocation.has_value(); }
};

// Minimises the sum over runs of the loss of log L_predicted - log L from many starts, to the certified optimum: the gradient vanishes, the
// Hessian is positive definite, and Ceres, started there, finds nothing lower. No replicas yet.
//
// `observations` may come in any order. Evidence that cannot support the law is a result, not an error: `parameters` is empty and a
// diagnostic says why. That is so with fewer observations than free parameters + 2, with D/N constant to 1 %, with a single N or D that is
// not fixed, and where the smallest singular value of the Jacobian, columns scaled to unit length, is below 1e-6 of the largest.
//
// Returns InvalidArgument for an unknown law, an unknown symbol, a value out of range (options or observations), or an observation without a
// quantity that the law needs.
absl::StatusOr<Fit> FitLaw(const std::vector<Observation>& observations, const FitOptions& options);

// Fills the replicas and all intervals of `fit`, the result of FitLaw for the same observations and options. Replica k refits the law, from
// the optimum, with Poisson(1) weights drawn by content key, seed and k. `cancelled` (may be empty) is asked between replicas.
//
// Returns Cancelled, leaving `fit` untouched, when `cancelled` answered true. A fit without parameters, or whose intervals are withheld
// (core/fit/withheld_intervals.h), is left as it is.
absl::Status ComputeReplicas(const std::vector<Observation>& observations, const FitOptions& options,
                             const std::function<bool()>& cancelled, Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_FIT_H_
