#ifndef ISOFLOP_PLUGIN_SERVICE_SERVICE_METRICS_H_
#define ISOFLOP_PLUGIN_SERVICE_SERVICE_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "plugin/study/keeper_event.h"

namespace isoflop {

// What the service counts of its work, as Prometheus has it. The same events go to the log. Thread safe.
//
//   isoflop_points_ingested_total{source}     metric points stored, by the name that the client gave; a point sent again
//                                             counts again
//   isoflop_points_rejected_total{reason}     metric points of events that break a rule, by the field at fault
//   isoflop_events_rejected_total{reason}     those events
//   isoflop_fits_total{outcome}               versions: adopted (at a start), cold, incremental, global_search; intervals;
//                                             failed
//   isoflop_fit_duration_seconds{part}        histogram: point, intervals
//   isoflop_version_lag_seconds               histogram: from when a change was stored to the version that shows it
class ServiceMetrics {
 public:
  ServiceMetrics();

  void AddStored(const std::string& source, int64_t point_count);
  // `reason` as CheckEvent gives it: its first word is the field.
  void AddRejected(const absl::Status& reason, int64_t point_count);
  void Add(const KeeperEvent& event);

  const std::shared_ptr<prometheus::Registry>& registry() const { return registry_; }

 private:
  // `source`, or "other" once there are many of them: what clients call themselves must not fill the memory.
  std::string BoundedSource(const std::string& source);

  const std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>& points_ingested_;
  prometheus::Family<prometheus::Counter>& points_rejected_;
  prometheus::Family<prometheus::Counter>& events_rejected_;
  prometheus::Family<prometheus::Counter>& fits_;
  prometheus::Family<prometheus::Histogram>& fit_duration_;
  prometheus::Histogram& version_lag_;
  std::mutex mutex_;
  std::set<std::string> sources_;  // Guarded by mutex_.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_SERVICE_METRICS_H_
