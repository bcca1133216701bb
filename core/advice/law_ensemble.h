#ifndef ISOFLOP_CORE_ADVICE_LAW_ENSEMBLE_H_
#define ISOFLOP_CORE_ADVICE_LAW_ENSEMBLE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/advice/repeated_data.h"
#include "core/fit/fit.h"

namespace isoflop {

// A fitted law and its replicas by their values, to compute any figure with its interval. Predictions for runs without repeated data equal the fit's.
struct LawEnsemble {
  // A fit without R_D and R_N has Muennighoff et al.'s published R_D, so that a second epoch can be judged, and lets no size fade, as its own law
  // does not.
  RepeatedDataLaw estimate;
  std::vector<RepeatedDataLaw> replicas;  // Shape [replica_count].
  bool repetition_fitted = false;         // R_D and R_N are the study's own.
  double log_loss_standard_deviation = 0;  // Run noise; 0 where it is not known.
  double as_good_log_loss = 0;             // Up to which a loss is as good (core/advice/as_good.h); 0 where it is not known.
  double greatest_training_flops = 0;      // Of the runs.
};

// FailedPrecondition where the fit has no parameters, or its law is not E + A / N^alpha + B / D^beta (chinchilla, chinchilla_symmetric,
// data_constrained) or has no best split.
absl::StatusOr<LawEnsemble> MakeLawEnsemble(const Fit& fit);

// The same with the published R_N besides where the study has none of its own: what limited data need, since sizes past the best for the unique
// tokens count for less.
LawEnsemble WithFadingSizes(LawEnsemble ensemble);

// Where R_D and R_N come from, for people.
std::string RepetitionSource(const LawEnsemble& ensemble);

using Figure = std::function<double(const RepeatedDataLaw&)>;

// `figure` at the estimate with the central 95 % over the replicas (core/fit/intervals.h, WithBounds). Past 100 times the largest run's compute,
// as in core/advice/allocation.h, the band only. `training_flops` is the compute of the run that the figure is about.
Interval IntervalOf(const LawEnsemble& ensemble, double training_flops, const Figure& figure);

// The same for a loss, with bounds of one new run: law and run noise.
Interval NewRunLossOf(const LawEnsemble& ensemble, double training_flops, const Figure& loss);

// Whether a difference of losses is below run noise at that loss.
bool WithinNoise(const LawEnsemble& ensemble, double loss_nats_per_token, double difference);

// Whether a loss is as good as a lower one, by the fit's tolerance.
bool IsAsGood(const LawEnsemble& ensemble, double loss_nats_per_token, double best_loss_nats_per_token);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_ADVICE_LAW_ENSEMBLE_H_
