#ifndef ISOFLOP_PLUGIN_SERVICE_METRICS_ENDPOINT_H_
#define ISOFLOP_PLUGIN_SERVICE_METRICS_ENDPOINT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "plugin/service/service_metrics.h"
#include "plugin/study/study_keeper.h"

namespace isoflop {

// Answers GET /metrics over HTTP in Prometheus' text format: ServiceMetrics, and besides, as they are when asked:
//
//   isoflop_runs{state}              running, ended, other; deleted ones not counted
//   isoflop_studies
//   isoflop_ingest_lag_seconds       for how long the oldest change that no version shows has waited
//   isoflop_queue_depth{queue}       studies_waiting, studies_refitting, intervals_waiting, intervals_computing
//   isoflop_build_info{version}      1
class MetricsEndpoint {
 public:
  virtual ~MetricsEndpoint() = default;

  // Listens on `address`, HOST:PORT; port 0 takes a free one. Unavailable when that cannot be done. Both must outlive
  // what is returned.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(const std::string& address,
                                                                const ServiceMetrics& metrics, StudyKeeper& keeper);

  // HOST:PORT with the real port.
  virtual std::string address() const = 0;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_METRICS_ENDPOINT_H_
