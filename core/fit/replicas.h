#ifndef ISOFLOP_CORE_FIT_REPLICAS_H_
#define ISOFLOP_CORE_FIT_REPLICAS_H_

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "core/fit/fit.h"
#include "core/fit/newton.h"
#include "core/fit/prepared.h"

namespace isoflop {

// The parts of ComputeReplicas, for those that keep replicas from one fit to the next (core/refit).

// Where every replica of an identified fit starts: its own estimates, held coordinates as they are held.
Theta ReplicaStart(const Prepared& evidence, const Fit& fit);

// The law refitted with each observation counted `draws` times; shape [run_count].
NewtonResult RefitReplica(const Prepared& evidence, std::vector<double> draws, const Theta& start);

// The parameter values at `theta`, rounded, in the law's order.
std::vector<double> ReplicaValues(const Prepared& evidence, const Theta& theta);

// Calls `refit` once for each of 0 ... count - 1, on that many threads. Cancelled when `cancelled` (may be empty; asked between calls) answered
// true: some calls were not made then.
absl::Status ForEachReplica(int count, int thread_count, const std::function<bool()>& cancelled, const std::function<void(int)>& refit);

// Enters all replicas (shape [replica_count][parameter]) in `fit`: intervals and what they show. A fit whose intervals are withheld
// (core/fit/withheld_intervals.h) is left as it is. `evidence`, `options` and `fit` belong together.
void FillReplicas(const Prepared& evidence, const FitOptions& options, std::vector<std::vector<double>> replicas, Fit& fit);

}  // namespace isoflop

#endif  // ISOFLOP_CORE_FIT_REPLICAS_H_
