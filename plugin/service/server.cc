#include "plugin/service/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/service/advice_service.h"
#include "plugin/service/check_service.h"
#include "plugin/service/fitted_law_service.h"
#include "plugin/service/ingest_service.h"
#include "plugin/service/metrics_endpoint.h"
#include "plugin/service/page_service.h"
#include "plugin/service/periodic_task.h"
#include "plugin/service/server_service.h"
#include "plugin/service/service_metrics.h"
#include "plugin/service/study_service.h"

namespace isoflop {
namespace {

constexpr int kGreatestMessageBytes = 4 << 20;

// Clients of a local socket may ask often whether the server is alive.
constexpr int kLeastPingIntervalMs = 5'000;

// A client on another machine that is silent for so long is asked whether it lives, and given up without an answer.
constexpr int kSilenceMs = 60'000;
constexpr int kAnswerTimeoutMs = 20'000;

// For what gRPC itself holds of all connections: messages being received and sent.
constexpr size_t kConnectionBytes = 256 << 20;

// Between looks for runs that have settled, and for those that went quiet.
constexpr double kCompactionPeriodSec = 60;
constexpr double kStaleRunPeriodSec = 300;

constexpr int kWorkerCount = 2;
constexpr int kFitWorkerCount = 1;  // Of their own, so that pages do not wait for fits that clients ask for.

// The options with their events counted too.
StudyKeeperOptions CountedIn(ServiceMetrics& metrics, StudyKeeperOptions options) {
  options.on_event = [&metrics, on_event = std::move(options.on_event)](const KeeperEvent& event) {
    metrics.Add(event);
    if (on_event) on_event(event);
  };
  return options;
}

// Compacts one settled run. Returns the pause until the next: as long as it took when there may be more, so that half of
// the writer's time stays for others.
double CompactOneRun(RunStore& store, int64_t now_ms) {
  const auto start = std::chrono::steady_clock::now();
  const absl::StatusOr<bool> compacted = store.CompactSettledRun(now_ms);
  if (!compacted.ok() || !*compacted) return kCompactionPeriodSec;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class GrpcServer : public Server {
 public:
  GrpcServer(std::unique_ptr<RunStore> store, const ServerOptions& options)
      : store_(std::move(store)),
        keeper_(*store_, options.now_ms, CountedIn(metrics_, options.study)),
        writer_(
            *store_, [this](const std::vector<RunChange>& changes) { keeper_.RunsChanged(changes); }, options.now_ms),
        pages_(*store_, keeper_.views()),
        pool_(kWorkerCount),
        fit_pool_(kFitWorkerCount),
        ingest_service_(*store_, writer_, keeper_, metrics_, open_streams_, pool_, options.now_ms),
        study_service_(keeper_.views(), pool_),
        fitted_law_service_(*store_, keeper_.views(), open_streams_, pool_, fit_pool_),
        advice_service_(*store_, keeper_.views(), pages_, open_streams_, pool_),
        page_service_(pages_, pool_),
        check_service_(*store_, keeper_.views(), pool_, options.now_ms),
        server_service_(*store_, keeper_, pool_, options.now_ms),
        compaction_(kCompactionPeriodSec, [this, now_ms = options.now_ms] { return CompactOneRun(*store_, now_ms()); }),
        stale_runs_(kStaleRunPeriodSec, [this] {
          keeper_.LookForStaleRuns();
          return kStaleRunPeriodSec;
        }) {}

  absl::Status Listen(const std::string& address, const std::string& metrics_address) {
    RETURN_IF_ERROR(keeper_.Start());
    if (!metrics_address.empty()) {
      ASSIGN_OR_RETURN(metrics_endpoint_, MetricsEndpoint::Start(metrics_address, metrics_, keeper_));
    }
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
    builder.SetMaxReceiveMessageSize(kGreatestMessageBytes);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kLeastPingIntervalMs);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kSilenceMs);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kAnswerTimeoutMs);
    builder.SetResourceQuota(grpc::ResourceQuota("connections").Resize(kConnectionBytes));
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // A port in use is an error, not shared.
    for (grpc::Service* service :
         std::initializer_list<grpc::Service*>{&ingest_service_, &study_service_, &fitted_law_service_,
                                               &advice_service_, &page_service_, &check_service_, &server_service_}) {
      builder.RegisterService(service);
    }
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) {
      return absl::UnavailableError(absl::StrCat("listen: cannot listen on ", address));
    }
    address_ =
        absl::StartsWith(address, "unix:") ? address : absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
    return absl::OkStatus();
  }

  std::string address() const override { return address_; }
  std::string metrics_address() const override {
    return metrics_endpoint_ == nullptr ? "" : metrics_endpoint_->address();
  }

  void Drain(double grace_sec) override {
    server_->GetHealthCheckService()->SetServingStatus(false);
    open_streams_.StopAll();
    server_->Shutdown(std::chrono::system_clock::now() +
                      std::chrono::milliseconds(static_cast<int64_t>(1000 * grace_sec)));
    server_->Wait();
  }

 private:
  // In the order of construction; gRPC's server goes first when it all ends.
  const std::unique_ptr<RunStore> store_;
  ServiceMetrics metrics_;
  StudyKeeper keeper_;
  IngestWriter writer_;
  Pages pages_;
  OpenStreams open_streams_;
  WorkerPool pool_;
  WorkerPool fit_pool_;
  IngestService ingest_service_;
  StudyService study_service_;
  FittedLawService fitted_law_service_;
  AdviceService advice_service_;
  PageService page_service_;
  CheckService check_service_;
  ServerService server_service_;
  std::unique_ptr<MetricsEndpoint> metrics_endpoint_;
  PeriodicTask compaction_;
  PeriodicTask stale_runs_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(std::unique_ptr<RunStore> store, ServerOptions options) {
  auto server = std::make_unique<GrpcServer>(std::move(store), options);
  RETURN_IF_ERROR(server->Listen(options.listen_address, options.metrics_listen_address));
  return server;
}

}  // namespace isoflop
