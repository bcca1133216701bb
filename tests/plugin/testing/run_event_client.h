#ifndef ISOFLOP_TESTS_PLUGIN_TESTING_RUN_EVENT_CLIENT_H_
#define ISOFLOP_TESTS_PLUGIN_TESTING_RUN_EVENT_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "isoflop/v1/ingest.grpc.pb.h"

namespace isoflop {

// One stream of run events, greeted.
class RunEventClient {
 public:
  explicit RunEventClient(const std::shared_ptr<grpc::Channel>& channel, const std::string& version = "0.1.0")
      : stub_(v1::IngestService::NewStub(channel)), stream_(stub_->StreamRunEvents(&context_)) {
    v1::StreamRunEventsRequest request;
    request.mutable_hello()->set_client_name("test");
    request.mutable_hello()->set_client_version(version);
    stream_->Write(request);
    v1::StreamRunEventsResponse response;
    greeted_ = stream_->Read(&response) && response.has_welcome();
  }
  ~RunEventClient() {
    context_.TryCancel();
    if (!finished_) Finish();
  }

  bool greeted() const { return greeted_; }
  int64_t acknowledged() const { return acknowledged_; }
  const std::vector<v1::RejectedEvent>& rejected() const { return rejected_; }

  // False when the stream is broken.
  bool Send(const std::vector<v1::RunEvent>& events) { return SendAs(++sequence_number_, events); }
  bool SendAs(int64_t sequence_number, const std::vector<v1::RunEvent>& events) {
    v1::StreamRunEventsRequest request;
    request.mutable_batch()->set_sequence_number(sequence_number);
    for (const v1::RunEvent& event : events) *request.mutable_batch()->add_events() = event;
    return stream_->Write(request);
  }

  // Reads one acknowledgement; false when the stream has ended.
  bool ReadAcknowledgement() {
    v1::StreamRunEventsResponse response;
    if (!stream_->Read(&response)) return false;
    acknowledged_ = response.acknowledgement().sequence_number();
    rejected_.insert(rejected_.end(), response.acknowledgement().rejected().begin(),
                     response.acknowledgement().rejected().end());
    return true;
  }

  // Sends and waits until all is on disk.
  bool Store(const std::vector<v1::RunEvent>& events) {
    if (!Send(events)) return false;
    while (acknowledged_ < sequence_number_) {
      if (!ReadAcknowledgement()) return false;
    }
    return true;
  }

  // Breaks the stream. From any thread.
  void Cancel() { context_.TryCancel(); }

  void WritesDone() { stream_->WritesDone(); }

  grpc::Status Finish() {
    v1::StreamRunEventsResponse response;
    while (stream_->Read(&response)) {
    }
    finished_ = true;
    return stream_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<v1::IngestService::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::StreamRunEventsRequest, v1::StreamRunEventsResponse>> stream_;
  int64_t sequence_number_ = 0;
  int64_t acknowledged_ = 0;
  std::vector<v1::RejectedEvent> rejected_;
  bool greeted_ = false;
  bool finished_ = false;
};

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_PLUGIN_TESTING_RUN_EVENT_CLIENT_H_
