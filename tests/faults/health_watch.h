#ifndef ISOFLOP_TESTS_FAULTS_HEALTH_WATCH_H_
#define ISOFLOP_TESTS_FAULTS_HEALTH_WATCH_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace isoflop {

// Watches a server's health (grpc.health.v1.Health/Watch), by bytes: Debian has no header of its messages.
class HealthWatch {
 public:
  // Returns once the server has said that it serves.
  explicit HealthWatch(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
    call_ = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call_->StartCall(this);
    Step();
    const grpc::Slice empty;  // An empty request: the server as a whole.
    call_->Write(grpc::ByteBuffer(&empty, 1), this);
    Step();
    while (Next() && !serving_) {
    }
  }
  ~HealthWatch() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, this);
    Step();
  }
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;

  // False when the watch broke without the server having said that it does not serve.
  bool WaitUntilNotServing() {
    while (serving_ && Next()) {
    }
    return said_not_serving_;
  }

 private:
  bool Step() {
    void* tag;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  // Reads one message: field 1 is the status, 1 SERVING, 2 NOT_SERVING.
  bool Next() {
    grpc::ByteBuffer message;
    call_->Read(&message, this);
    if (!Step()) return false;
    grpc::Slice slice;
    if (!message.DumpToSingleSlice(&slice).ok()) return false;
    const std::string bytes(reinterpret_cast<const char*>(slice.begin()), slice.size());
    serving_ = bytes == "\x08\x01";
    said_not_serving_ |= bytes == "\x08\x02";
    return true;
  }

  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  bool serving_ = false;
  bool said_not_serving_ = false;
};

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_FAULTS_HEALTH_WATCH_H_
