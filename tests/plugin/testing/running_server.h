#ifndef ISOFLOP_TESTS_PLUGIN_TESTING_RUNNING_SERVER_H_
#define ISOFLOP_TESTS_PLUGIN_TESTING_RUNNING_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <utility>

#include "isoflop/v1/advice.grpc.pb.h"
#include "isoflop/v1/fitted_laws.grpc.pb.h"
#include "isoflop/v1/ingest.grpc.pb.h"
#include "isoflop/v1/pages.grpc.pb.h"
#include "isoflop/v1/server.grpc.pb.h"
#include "isoflop/v1/studies.grpc.pb.h"
#include "plugin/service/server.h"
#include "plugin/store/sqlite_run_store.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {

// The whole service within this process, on a Unix socket and a store of its own, with a stub of each kind.
class RunningServer {
 public:
  RunningServer() {
    ServerOptions options;
    options.listen_address = "unix:" + folder_.File("socket");
    options.metrics_listen_address = "127.0.0.1:0";
    options.study.fit.replica_count = 20;
    options.now_ms = [] { return int64_t{1'700'000'000'000}; };
    server_ = Server::Start(OpenSqliteRunStore(folder_.File("isoflop.db")).value(), std::move(options)).value();
    channel_ = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
    ingest = v1::IngestService::NewStub(channel_);
    studies = v1::StudyService::NewStub(channel_);
    laws = v1::FittedLawService::NewStub(channel_);
    advice = v1::AdviceService::NewStub(channel_);
    pages = v1::PageService::NewStub(channel_);
    info = v1::ServerService::NewStub(channel_);
  }
  ~RunningServer() {
    // A connection that nobody reads would hold the drain up until its grace ends.
    ingest.reset(), studies.reset(), laws.reset(), advice.reset(), pages.reset(), info.reset();
    channel_.reset();
    Drain();
  }

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  std::string metrics_address() const { return server_->metrics_address(); }

  void Drain() {
    if (server_ != nullptr) server_->Drain(/*grace_sec=*/1);
    server_.reset();
  }

  std::unique_ptr<v1::IngestService::Stub> ingest;
  std::unique_ptr<v1::StudyService::Stub> studies;
  std::unique_ptr<v1::FittedLawService::Stub> laws;
  std::unique_ptr<v1::AdviceService::Stub> advice;
  std::unique_ptr<v1::PageService::Stub> pages;
  std::unique_ptr<v1::ServerService::Stub> info;

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// Calls a unary method of a stub and returns its status.
template <typename Stub, typename Method, typename Request, typename Response>
grpc::Status Call(Stub& stub, Method method, const Request& request, Response* response) {
  grpc::ClientContext context;
  return (stub.*method)(&context, request, response);
}

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_PLUGIN_TESTING_RUNNING_SERVER_H_
