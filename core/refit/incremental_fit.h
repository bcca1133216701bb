#ifndef ISOFLOP_CORE_REFIT_INCREMENTAL_FIT_H_
#define ISOFLOP_CORE_REFIT_INCREMENTAL_FIT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/fit/fit.h"
#include "core/fit/prepared.h"
#include "core/refit/optimum_tracker.h"

namespace isoflop {

// A law that stays fitted while runs come, change and go: FitLaw's and ComputeReplicas' answers, at a small part of their cost.
//
// What it promises, for the same observations and options, whatever the order in which they came:
//   - the same optimum: objective to 1e-9 relative, parameters to 1e-6; the same refusal where FitLaw refuses;
//   - the same replicas, to as good as the last digit.
// A replica draws each observation by its content (core/fit/poisson_weights.h), so a change leaves alone those replicas that draw none of the
// changed observations: 37 % of them for one change. The others are refitted from the study's optimum, as ComputeReplicas does: where a replica
// has several optima, one that started from where it was would end in another. All are refitted below kKeptReplicaRunCount runs, for laws with
// narrow basins and when another optimum has become the best one.
//
// Not thread safe.
class IncrementalFit {
 public:
  static constexpr size_t kKeptReplicaRunCount = 200;

  // From scratch, without replicas yet. Codes as FitLaw.
  static absl::StatusOr<IncrementalFit> FromScratch(const std::vector<Observation>& observations, const FitOptions& options);

  // Goes on from an earlier fit to the same observations, replicas included. FailedPrecondition where its law, its published prior or the hash
  // of its observations is another; else codes as FitLaw.
  static absl::StatusOr<IncrementalFit> FromFit(const std::vector<Observation>& observations, const FitOptions& options, Fit fit);

  // Takes `withdrawn` out and puts `added` in, as one change; a corrected run is withdrawn and added. Finds the new optimum. The fit has no
  // replicas then. InvalidArgument, with nothing changed, for an observation that Prepare refuses or a withdrawn one that is not there.
  absl::Status Change(const std::vector<Observation>& withdrawn, const std::vector<Observation>& added);

  // The fit to the observations as they are, with all that FitLaw says of it. Made when first asked for after a change.
  const Fit& fit();

  // Brings the replicas, and so all intervals of fit(), up to date. `cancelled` (may be empty) is asked between replicas. Cancelled, with
  // nothing changed, when it answered true.
  absl::Status RefitReplicas(const std::function<bool()>& cancelled);

  // Of the last change: whether starts were searched, not only known optima followed; and whether another basin became the best.
  bool searched() const { return optima_.searched(); }
  bool basin_changed() const { return optima_.basin_changed(); }

  // Of the last RefitReplicas: how many were refitted.
  int64_t refitted_replica_count() const { return refitted_replica_count_; }

 private:
  IncrementalFit(FitOptions options, Prepared evidence) : options_(std::move(options)), evidence_(std::move(evidence)) {}

  absl::Status ChangeRows(const std::vector<Observation>& withdrawn, const std::vector<Observation>& added);
  absl::Status PrepareAnew(const std::vector<Observation>& withdrawn, const std::vector<Observation>& added);
  void FollowOptima(size_t changed_count);
  std::optional<HoldOut> FollowHoldOut();
  void KeepReplicas();

  FitOptions options_;
  Prepared evidence_;
  std::vector<Observation> rows_;  // Sorted; only where the evidence is no sum of rows, which is then made of them.
  OptimumTracker optima_;
  OptimumTracker held_out_optima_;
  size_t held_out_changed_count_ = 0;  // Runs changed since the hold-out was looked at.

  std::optional<Fit> fit_;  // Absent after a change.
  // The replicas' values, and the keys of the observations that they were drawn from, sorted. Their place while `fit_` has none.
  std::vector<std::vector<double>> replicas_;
  std::vector<uint64_t> replica_keys_;
  std::vector<bool> unconverged_replicas_;
  bool replicas_are_stale_ = true;
  int64_t refitted_replica_count_ = 0;
};

}  // namespace isoflop

#endif  // ISOFLOP_CORE_REFIT_INCREMENTAL_FIT_H_
