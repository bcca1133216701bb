#include "core/fit/replicas.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "core/base/significant_digits.h"
#include "core/base/status.h"
#include "core/fit/diagnostics.h"
#include "core/fit/drift.h"
#include "core/fit/fit_diagnostics.h"
#include "core/fit/intervals.h"
#include "core/fit/minimize.h"
#include "core/fit/poisson_weights.h"
#include "core/fit/withheld_intervals.h"

namespace isoflop {

Theta ReplicaStart(const Prepared& evidence, const Fit& fit) {
  Theta start{};
  for (size_t i = 0; i < fit.parameters.size(); ++i) {
    start[i] = evidence.held[i].value_or(CoordinateFromValue(evidence.law->parameters()[i], *fit.parameters[i].value.estimate));
  }
  return start;
}

NewtonResult RefitReplica(const Prepared& evidence, std::vector<double> draws, const Theta& start) {
  for (size_t i = 0; i < draws.size(); ++i) draws[i] *= evidence.weights[i];
  Objective objective = evidence.objective();
  objective.weights = &draws;
  return MinimizeFromNear(objective, start);
}

std::vector<double> ReplicaValues(const Prepared& evidence, const Theta& theta) {
  std::vector<double> values;
  for (size_t i = 0; i < evidence.law->parameters().size(); ++i) {
    values.push_back(RoundResult(ValueFromCoordinate(evidence.law->parameters()[i], theta[i])));
  }
  return values;
}

absl::Status ForEachReplica(int count, int thread_count, const std::function<bool()>& cancelled, const std::function<void(int)>& refit) {
  std::atomic<int> next = 0;
  std::atomic<bool> stopped = false;
  const auto work = [&] {
    for (int k = next++; k < count && !stopped; k = next++) {
      if (cancelled && cancelled()) {
        stopped = true;
        return;
      }
      refit(k);
    }
  };
  std::vector<std::thread> helpers;
  for (int i = 1; i < std::min(thread_count, count); ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  return stopped ? absl::CancelledError("replicas were cancelled") : absl::OkStatus();
}

void FillReplicas(const Prepared& evidence, const FitOptions& options, std::vector<std::vector<double>> replicas, Fit& fit) {
  if (IntervalsWithheld(fit.diagnostics)) return;
  fit.replicas = std::move(replicas);
  fit.replica_count = options.replica_count;
  fit.seed = options.seed;
  FillIntervals(fit);
  for (Diagnostic& found : DiagnoseReplicas(fit)) fit.diagnostics.push_back(std::move(found));
  fit.drift_weighted = FitDriftWeighted(evidence, options, fit);
  if (std::optional<Diagnostic> drift = DiagnoseDrift(*evidence.law, fit)) fit.diagnostics.push_back(*std::move(drift));
  SortWorstFirst(fit.diagnostics);
}

absl::Status ComputeReplicas(const std::vector<Observation>& observations, const FitOptions& options,
                             const std::function<bool()>& cancelled, Fit& fit) {
  if (!fit.identified() || IntervalsWithheld(fit.diagnostics)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Prepared evidence, Prepare(observations, options));
  const std::vector<uint64_t> keys = ContentKeys(evidence.sorted);
  const Theta start = ReplicaStart(evidence, fit);
  std::vector<std::vector<double>> replicas(options.replica_count);
  RETURN_IF_ERROR(ForEachReplica(options.replica_count, options.thread_count, cancelled, [&](int k) {
    replicas[k] = ReplicaValues(evidence, RefitReplica(evidence, PoissonWeights(keys, options.seed, k), start).theta);
  }));
  FillReplicas(evidence, options, std::move(replicas), fit);
  return absl::OkStatus();
}

}  // namespace isoflop
