#include "core/refit/incremental_fit.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <utility>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/fit/fit_at.h"
#include "core/fit/fitted_runs.h"
#include "core/fit/hold_out.h"
#include "core/fit/intervals.h"
#include "core/fit/minimize.h"
#include "core/fit/poisson_weights.h"
#include "core/fit/replicas.h"
#include "core/fit/withheld_intervals.h"

namespace isoflop {
namespace {

std::vector<uint64_t> SortedKeys(std::vector<uint64_t> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());  // Observations of one run share theirs.
  return keys;
}

absl::Status NotThere(const Observation& o) {
  return absl::InvalidArgumentError(absl::StrFormat("withdrawn: run \"%s\" with these quantities is not among the observations", o.run_id));
}

}  // namespace

absl::StatusOr<IncrementalFit> IncrementalFit::FromScratch(const std::vector<Observation>& observations, const FitOptions& options) {
  ASSIGN_OR_RETURN(Prepared evidence, Prepare(observations, options));
  IncrementalFit result(options, std::move(evidence));
  if (!IsSumOfRows(result.evidence_, options)) result.rows_ = SortByContent(observations);
  if (MaySupportLaw(result.evidence_)) result.FollowOptima(observations.size());
  result.held_out_changed_count_ = observations.size();
  return result;
}

absl::StatusOr<IncrementalFit> IncrementalFit::FromFit(const std::vector<Observation>& observations, const FitOptions& options, Fit fit) {
  ASSIGN_OR_RETURN(Prepared evidence, Prepare(observations, options));
  const std::string hash = HashObservations(evidence.sorted);
  if (fit.law != evidence.law->name() || fit.observations_hash != hash || fit.published_prior != options.published_prior) {
    return absl::FailedPreconditionError(absl::StrFormat("the fit must be of %s to observations %s under prior \"%s\", got %s to %s under \"%s\"",
                                                         evidence.law->name(), hash, options.published_prior, fit.law, fit.observations_hash,
                                                         fit.published_prior));
  }
  IncrementalFit result(options, std::move(evidence));
  if (!IsSumOfRows(result.evidence_, options)) result.rows_ = SortByContent(observations);
  if (fit.identified()) {
    std::vector<NewtonResult> optima;
    for (const Basin& basin : fit.basins) {
      std::vector<double> values;
      for (const ParameterInfo& parameter : result.evidence_.law->parameters()) values.push_back(basin.parameters.at(std::string(parameter.symbol)));
      optima.push_back(MinimizeFromNear(result.evidence_.objective(), CoordinatesOf(*result.evidence_.law, values)));
    }
    result.optima_.Adopt(std::move(optima));
  }
  const bool same_draws = fit.replica_count == options.replica_count && fit.seed == options.seed &&
                          static_cast<int>(fit.replicas.size()) == options.replica_count;
  if (same_draws) {
    result.replica_keys_ = SortedKeys(ContentKeys(result.evidence_.sorted));
    result.unconverged_replicas_.assign(fit.replicas.size(), false);
    result.replicas_are_stale_ = false;
  }
  result.held_out_changed_count_ = observations.size();
  fit.runs = FittedRunsOf(result.evidence_.sorted);
  result.fit_ = std::move(fit);
  return result;
}

absl::Status IncrementalFit::Change(const std::vector<Observation>& withdrawn, const std::vector<Observation>& added) {
  RETURN_IF_ERROR(rows_.empty() && IsSumOfRows(evidence_, options_) ? ChangeRows(withdrawn, added) : PrepareAnew(withdrawn, added));
  KeepReplicas();
  fit_.reset();
  const size_t changed_count = std::max(withdrawn.size(), added.size());
  held_out_changed_count_ += changed_count;
  if (!MaySupportLaw(evidence_)) {
    optima_.Adopt({});
    return absl::OkStatus();
  }
  FollowOptima(changed_count);
  replicas_are_stale_ |= optima_.basin_changed();
  return absl::OkStatus();
}

absl::Status IncrementalFit::ChangeRows(const std::vector<Observation>& withdrawn, const std::vector<Observation>& added) {
  size_t inserted = 0, erased = 0;
  absl::Status status;
  while (status.ok() && erased < withdrawn.size()) {
    status = EraseRow(withdrawn[erased], evidence_) ? absl::OkStatus() : NotThere(withdrawn[erased]);
    erased += status.ok();
  }
  while (status.ok() && inserted < added.size()) {
    status = InsertRow(added[inserted], evidence_);
    inserted += status.ok();
  }
  if (status.ok()) return status;
  while (inserted > 0) EraseRow(added[--inserted], evidence_);
  while (erased > 0) InsertRow(withdrawn[--erased], evidence_).IgnoreError();  // It was in before.
  return status;
}

absl::Status IncrementalFit::PrepareAnew(const std::vector<Observation>& withdrawn, const std::vector<Observation>& added) {
  std::vector<Observation> rows = rows_;
  for (const Observation& o : withdrawn) {
    const auto [first, last] = std::equal_range(rows.begin(), rows.end(), o, ContentLess);
    if (first == last) return NotThere(o);
    const auto same = std::find_if(first, last, [&](const Observation& other) { return other.run_id == o.run_id; });
    rows.erase(same == last ? first : same);
  }
  rows.insert(rows.end(), added.begin(), added.end());
  rows = SortByContent(std::move(rows));
  ASSIGN_OR_RETURN(Prepared evidence, Prepare(rows, options_));
  if (evidence.law != evidence_.law || evidence.abscissa != evidence_.abscissa) {  // Other parameters: nothing can be followed.
    optima_.Adopt({});
    held_out_optima_.Adopt({});
    replicas_are_stale_ = true;
  }
  evidence_ = std::move(evidence);
  rows_ = std::move(rows);
  return absl::OkStatus();
}

void IncrementalFit::FollowOptima(size_t changed_count) {
  optima_.Follow(evidence_, {}, changed_count);
  optima_.Certify(evidence_);
}

const Fit& IncrementalFit::fit() {
  if (fit_) return *fit_;
  fit_ = RefuseByStructure(evidence_, options_);
  if (!fit_) fit_ = FitAt(evidence_, options_, optima_.optima(), FollowHoldOut());
  return *fit_;
}

std::optional<HoldOut> IncrementalFit::FollowHoldOut() {
  const std::optional<std::vector<bool>> held_out = LargestRuns(evidence_.sorted, options_.hold_out_fraction);
  if (!held_out) return std::nullopt;
  const size_t kept = static_cast<size_t>(std::count(held_out->begin(), held_out->end(), false));
  if (kept < evidence_.free.size() + 2) return std::nullopt;
  held_out_optima_.Follow(evidence_, *held_out, held_out_changed_count_);
  held_out_changed_count_ = 0;
  if (held_out_optima_.optima().empty()) return std::nullopt;
  return HoldOutAt(evidence_, *held_out, held_out_optima_.optima().front().theta);
}

// Takes the replicas back from a fit that is about to go.
void IncrementalFit::KeepReplicas() {
  if (fit_ && !fit_->replicas.empty()) replicas_ = std::move(fit_->replicas);
}

absl::Status IncrementalFit::RefitReplicas(const std::function<bool()>& cancelled) {
  fit();
  refitted_replica_count_ = 0;
  if (!fit_->identified() || IntervalsWithheld(fit_->diagnostics) || fit_->replica_count == options_.replica_count) return absl::OkStatus();
  const std::vector<uint64_t> keys = ContentKeys(evidence_.sorted);
  std::vector<uint64_t> sorted_keys = SortedKeys(keys), changed_keys;
  std::set_symmetric_difference(sorted_keys.begin(), sorted_keys.end(), replica_keys_.begin(), replica_keys_.end(), std::back_inserter(changed_keys));
  const Theta start = ReplicaStart(evidence_, *fit_);
  const size_t count = static_cast<size_t>(options_.replica_count);
  const bool all = replicas_are_stale_ || replicas_.size() != count || evidence_.sorted.size() < kKeptReplicaRunCount || evidence_.law->has_narrow_basins();
  std::vector<std::vector<double>> replicas(count);
  std::vector<char> unconverged(count);
  std::atomic<int64_t> refitted = 0;
  const auto untouched = [&](int k) {
    const std::vector<double> draws = PoissonWeights(changed_keys, options_.seed, k);
    return !unconverged_replicas_[k] && std::all_of(draws.begin(), draws.end(), [](double draw) { return draw == 0; });
  };
  RETURN_IF_ERROR(ForEachReplica(options_.replica_count, options_.thread_count, cancelled, [&](int k) {
    if (!all && untouched(k)) {
      replicas[k] = replicas_[k];
      return;
    }
    ++refitted;
    const NewtonResult result = RefitReplica(evidence_, PoissonWeights(keys, options_.seed, k), start);
    replicas[k] = ReplicaValues(evidence_, result.theta);
    unconverged[k] = !result.converged;
  }));
  refitted_replica_count_ = refitted;
  unconverged_replicas_.assign(unconverged.begin(), unconverged.end());
  replica_keys_ = std::move(sorted_keys);
  replicas_are_stale_ = false;
  FillReplicas(evidence_, options_, std::move(replicas), *fit_);
  return absl::OkStatus();
}

}  // namespace isoflop
