// Measures how fast a real server takes in points, durably, and prints one JSON object:
// `ingest_rate STREAMS BATCHES POINTS_A_BATCH UNACKNOWLEDGED_A_STREAM`. Requests are put into bytes before the clock starts: the
// client's own work is not measured. Each stream writes a run of its own and has a connection of its own.

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "isoflop/v1/ingest.pb.h"
#include "tests/plugin/testing/server_process.h"
#include "tests/plugin/testing/temporary_folder.h"

namespace isoflop {
namespace {

using Clock = std::chrono::steady_clock;

grpc::ByteBuffer BytesOf(const v1::StreamRunEventsRequest& request) {
  const grpc::Slice slice(request.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer Hello() {
  v1::StreamRunEventsRequest request;
  request.mutable_hello()->set_client_name("ingest_rate");
  request.mutable_hello()->set_client_version("0.1.0");
  return BytesOf(request);
}

grpc::ByteBuffer Batch(int stream, int batch, int point_count) {
  v1::StreamRunEventsRequest request;
  request.mutable_batch()->set_sequence_number(batch + 1);
  v1::RunEvent& event = *request.mutable_batch()->add_events();
  event.set_run_id("run-" + std::to_string(stream));
  v1::MetricPoints& points = *event.mutable_metric_points();
  points.set_key("train/loss");
  for (int i = 0; i < point_count; ++i) {
    const int64_t step = int64_t{batch} * point_count + i;
    points.add_steps(step);
    points.add_times_ms(1'700'000'000'000 + 130 * step);
    points.add_values(3.0 + 1.0 / (1 + step));
  }
  return BytesOf(request);
}

// One stream: keeps so many batches unacknowledged until all are acknowledged.
class Stream : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Stream(int number, int batch_count, int point_count, int greatest_unacknowledged)
      : greatest_unacknowledged_(greatest_unacknowledged), sent_(batch_count) {
    for (int i = 0; i < batch_count; ++i) batches_.push_back(Batch(number, i, point_count));
  }

  // Returns once the server has greeted.
  void Open(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
    stub_->PrepareBidiStreamingCall(&context_, "/isoflop.v1.IngestService/StreamRunEvents", {}, this);
    hello_ = Hello();
    StartWrite(&hello_);
    StartRead(&response_);
    StartCall();
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return greeted_ && !writing_; });
  }

  void Start() { WriteNext(); }

  // Returns once all is acknowledged or the stream is broken; whether all is.
  bool Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return acknowledged_ == sent_.size();
  }

  const std::vector<double>& latencies_ms() const { return latencies_ms_; }

  void OnWriteDone(bool ok) override {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      writing_ = false;
      changed_.notify_all();
    }
    if (ok && started_) WriteNext();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    v1::StreamRunEventsResponse response;
    std::vector<grpc::Slice> slices;
    std::string bytes;
    if (response_.Dump(&slices).ok()) {
      for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    response.ParseFromString(bytes);
    {
      std::lock_guard<std::mutex> guard(mutex_);
      greeted_ = true;
      const Clock::time_point now = Clock::now();
      for (; acknowledged_ < static_cast<size_t>(response.acknowledgement().sequence_number()); ++acknowledged_) {
        latencies_ms_.push_back(std::chrono::duration<double, std::milli>(now - sent_[acknowledged_]).count());
      }
      changed_.notify_all();
      if (acknowledged_ == batches_.size()) {
        StartWritesDone();
        return;
      }
    }
    StartRead(&response_);
    if (started_) WriteNext();
  }

  void OnDone(const grpc::Status&) override {
    std::lock_guard<std::mutex> guard(mutex_);
    done_ = true;
    changed_.notify_all();
  }

 private:
  void WriteNext() {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      started_ = true;
      if (writing_ || next_ == batches_.size() || next_ - acknowledged_ >= static_cast<size_t>(greatest_unacknowledged_)) return;
      writing_ = true;
      sent_[next_] = Clock::now();
      ++next_;
    }
    StartWrite(&batches_[next_ - 1]);  // Only the one that writes changes next_.
  }

  const int greatest_unacknowledged_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericStub> stub_;
  grpc::ByteBuffer hello_, response_;
  std::vector<grpc::ByteBuffer> batches_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Clock::time_point> sent_;
  std::vector<double> latencies_ms_;
  size_t next_ = 0;
  size_t acknowledged_ = 0;
  std::atomic<bool> started_ = false;
  bool greeted_ = false;
  bool writing_ = true;  // The hello.
  bool done_ = false;
};

int Measure(int stream_count, int batch_count, int point_count, int greatest_unacknowledged) {
  const TemporaryFolder folder;
  const ServerProcess server({"--store=sqlite:" + folder.File("isoflop.db"), "--listen=unix:" + folder.File("socket")});
  std::vector<std::unique_ptr<Stream>> streams;
  for (int i = 0; i < stream_count; ++i) {
    streams.push_back(std::make_unique<Stream>(i, batch_count, point_count, greatest_unacknowledged));
    streams.back()->Open(server.address());
  }
  const Clock::time_point start = Clock::now();
  for (const auto& stream : streams) stream->Start();
  bool complete = true;
  for (const auto& stream : streams) complete &= stream->Wait();
  const double elapsed_sec = std::chrono::duration<double>(Clock::now() - start).count();
  std::vector<double> latencies_ms;
  for (const auto& stream : streams) {
    latencies_ms.insert(latencies_ms.end(), stream->latencies_ms().begin(), stream->latencies_ms().end());
  }
  std::sort(latencies_ms.begin(), latencies_ms.end());
  std::printf("{\"points_per_sec\": %.0f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"complete\": %s}\n",
              static_cast<double>(latencies_ms.size()) * point_count / elapsed_sec, latencies_ms[latencies_ms.size() / 2],
              latencies_ms[latencies_ms.size() * 99 / 100], complete ? "true" : "false");
  return complete ? 0 : 1;
}

}  // namespace
}  // namespace isoflop

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "ingest_rate STREAMS BATCHES POINTS_A_BATCH UNACKNOWLEDGED_A_STREAM\n");
    return 2;
  }
  return isoflop::Measure(std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4]));
}
