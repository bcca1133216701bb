#include "plugin/service/service_metrics.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "core/base/status.h"

namespace isoflop {
namespace {

constexpr size_t kGreatestSourceCount = 32;
constexpr size_t kGreatestSourceBytes = 64;

// In seconds.
const prometheus::Histogram::BucketBoundaries kDurations = {0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30};

prometheus::Family<prometheus::Counter>& Counters(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Histogram>& Histograms(prometheus::Registry& registry, const char* name,
                                                      const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

// The field that a message of CheckEvent begins with.
std::string FieldOf(const absl::Status& reason) {
  const absl::string_view message = reason.message();
  const auto end = std::find_if(message.begin(), message.end(),
                                [](char c) { return !absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '_'; });
  return end == message.begin() ? "other" : std::string(message.begin(), end);
}

std::string OutcomeOf(const KeeperEvent& event) {
  switch (event.kind) {
    case KeeperEvent::Kind::kAdopted:
    case KeeperEvent::Kind::kRefit:
      return std::string(RefitKindName(event.refit));
    case KeeperEvent::Kind::kIntervals:
      return "intervals";
    case KeeperEvent::Kind::kLawWaits:
      return "waits";
    case KeeperEvent::Kind::kRefitFailed:
    case KeeperEvent::Kind::kIntervalsFailed:
      break;
  }
  return "failed";
}

}  // namespace

ServiceMetrics::ServiceMetrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      points_ingested_(Counters(*registry_, "isoflop_points_ingested_total", "Metric points stored, by client.")),
      points_rejected_(Counters(*registry_, "isoflop_points_rejected_total",
                                "Metric points of events that break a rule, by the field at fault.")),
      events_rejected_(Counters(*registry_, "isoflop_events_rejected_total",
                                "Run events that break a rule, by the field at fault.")),
      fits_(Counters(*registry_, "isoflop_fits_total", "Versions of laws, their intervals, and failures.")),
      fit_duration_(Histograms(*registry_, "isoflop_fit_duration_seconds", "Of the computation.")),
      version_lag_(Histograms(*registry_, "isoflop_version_lag_seconds",
                              "From when a change was stored to the version that shows it.")
                       .Add({}, kDurations)) {}

void ServiceMetrics::AddStored(const std::string& source, int64_t point_count) {
  points_ingested_.Add({{"source", BoundedSource(source)}}).Increment(static_cast<double>(point_count));
}

void ServiceMetrics::AddRejected(const absl::Status& reason, int64_t point_count) {
  const prometheus::Labels labels = {{"reason", FieldOf(reason)}};
  events_rejected_.Add(labels).Increment();
  points_rejected_.Add(labels).Increment(static_cast<double>(point_count));
}

void ServiceMetrics::Add(const KeeperEvent& event) {
  fits_.Add({{"outcome", OutcomeOf(event)}}).Increment();
  if (event.kind == KeeperEvent::Kind::kRefit) {
    fit_duration_.Add({{"part", "point"}}, kDurations).Observe(event.duration_ms / 1000);
    version_lag_.Observe(event.lag_ms / 1000);
  }
  if (event.kind == KeeperEvent::Kind::kIntervals) {
    fit_duration_.Add({{"part", "intervals"}}, kDurations).Observe(event.duration_ms / 1000);
  }
}

std::string ServiceMetrics::BoundedSource(const std::string& source) {
  std::lock_guard<std::mutex> guard(mutex_);
  if (sources_.contains(source)) return source;
  if (source.size() > kGreatestSourceBytes || sources_.size() >= kGreatestSourceCount) return "other";
  sources_.insert(source);
  return source;
}

}  // namespace isoflop
