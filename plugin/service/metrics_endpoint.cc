#include "plugin/service/metrics_endpoint.h"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace isoflop {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;

MetricFamily GaugeFamily(const char* name, const char* help) {
  return {.name = name, .help = help, .type = prometheus::MetricType::Gauge, .metric = {}};
}

void AddGauge(MetricFamily& family, const char* label, const char* value, double figure) {
  ClientMetric metric;
  if (label != nullptr) metric.label.push_back({label, value});
  metric.gauge.value = figure;
  family.metric.push_back(std::move(metric));
}

MetricFamily SingleGauge(const char* name, const char* help, double figure) {
  MetricFamily family = GaugeFamily(name, help);
  AddGauge(family, nullptr, nullptr, figure);
  return family;
}

// What can be read off the keeper.
class KeeperGauges : public prometheus::Collectable {
 public:
  explicit KeeperGauges(StudyKeeper& keeper) : keeper_(keeper) {}

  std::vector<MetricFamily> Collect() const override {
    double running = 0, ended = 0, other = 0, study_count = 0, lag_sec = 0;
    for (const ViewPublisher::View& view : keeper_.views().List()) {
      if (view->deleted) continue;
      ++study_count;
      running += static_cast<double>(view->running_run_count);
      ended += static_cast<double>(view->ended_run_count);
      other += static_cast<double>(view->run_count - view->running_run_count - view->ended_run_count);
    }
    for (const auto& [study_id, lag] : keeper_.Lags()) lag_sec = std::max(lag_sec, lag);
    MetricFamily runs = GaugeFamily("isoflop_runs", "Runs known, deleted ones not counted, by state.");
    AddGauge(runs, "state", "running", running);
    AddGauge(runs, "state", "ended", ended);
    AddGauge(runs, "state", "other", other);
    const KeeperLoad load = keeper_.load();
    MetricFamily queue = GaugeFamily("isoflop_queue_depth", "What waits and what is under way.");
    AddGauge(queue, "queue", "studies_waiting", static_cast<double>(load.waiting_study_count));
    AddGauge(queue, "queue", "studies_refitting", static_cast<double>(load.refitting_study_count));
    AddGauge(queue, "queue", "intervals_waiting", static_cast<double>(load.waiting_interval_count));
    AddGauge(queue, "queue", "intervals_computing", static_cast<double>(load.computing_interval_count));
    MetricFamily build = GaugeFamily("isoflop_build_info", "1.");
    AddGauge(build, "version", ISOFLOP_VERSION, 1);
    return {std::move(runs),
            SingleGauge("isoflop_studies", "Studies known, deleted ones not counted.", study_count),
            SingleGauge("isoflop_ingest_lag_seconds",
                        "For how long the oldest change that no version shows has waited.", lag_sec),
            std::move(queue), std::move(build)};
  }

 private:
  StudyKeeper& keeper_;
};

class HttpEndpoint : public MetricsEndpoint {
 public:
  HttpEndpoint(const std::string& address, const ServiceMetrics& metrics, StudyKeeper& keeper)
      : exposer_(address, /*num_threads=*/1), registry_(metrics.registry()),
        gauges_(std::make_shared<KeeperGauges>(keeper)) {
    exposer_.RegisterCollectable(registry_);
    exposer_.RegisterCollectable(gauges_);
    address_ = absl::StrCat(address.substr(0, address.rfind(':')), ":", exposer_.GetListeningPorts().at(0));
  }

  std::string address() const override { return address_; }

 private:
  prometheus::Exposer exposer_;
  const std::shared_ptr<prometheus::Registry> registry_;
  const std::shared_ptr<KeeperGauges> gauges_;
  std::string address_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(const std::string& address,
                                                                        const ServiceMetrics& metrics,
                                                                        StudyKeeper& keeper) {
  try {  // The library reports by exception.
    return std::make_unique<HttpEndpoint>(address, metrics, keeper);
  } catch (const std::exception& error) {
    return absl::UnavailableError(absl::StrCat("metrics_listen: cannot listen on ", address, ": ", error.what()));
  }
}

}  // namespace isoflop
