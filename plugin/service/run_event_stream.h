#ifndef ISOFLOP_PLUGIN_SERVICE_RUN_EVENT_STREAM_H_
#define ISOFLOP_PLUGIN_SERVICE_RUN_EVENT_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "isoflop/v1/ingest.pb.h"
#include "plugin/ingest/ingest_writer.h"
#include "plugin/service/open_streams.h"
#include "plugin/service/service_metrics.h"

namespace isoflop {

// One call of StreamRunEvents: reads batches while the writer has room, and acknowledges them once they are stored.
// Holds no thread while nothing happens. Deletes itself when the call is over and the writer is done with its batches.
class RunEventStream : public grpc::ServerBidiReactor<v1::StreamRunEventsRequest, v1::StreamRunEventsResponse>,
                       public StoppableStream {
 public:
  RunEventStream(IngestWriter& writer, ServiceMetrics& metrics, OpenStreams& open_streams);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  void Stop() override;

 private:
  absl::Status HandleHello(const v1::Hello& hello);
  absl::Status HandleBatch(const v1::EventBatch& batch);
  void Stored(int64_t sequence_number, const std::vector<v1::RejectedEvent>& rejected, const absl::Status& status);
  void Fail(const absl::Status& status);
  void ReadOn();
  // Writes or finishes, whichever is due.
  void Proceed();
  void FillResponse();
  void Release();

  IngestWriter& writer_;
  ServiceMetrics& metrics_;
  OpenStreams& open_streams_;

  // Used by the one read under way.
  v1::StreamRunEventsRequest request_;
  bool greeted_ = false;
  std::string client_name_;
  int64_t next_sequence_number_ = 1;

  std::mutex mutex_;  // Guards the rest. Neither gRPC nor the writer is called under it.
  v1::StreamRunEventsResponse response_;
  bool welcome_due_ = false;
  int64_t stored_sequence_number_ = 0;
  int64_t acknowledged_sequence_number_ = 0;
  std::deque<v1::RejectedEvent> rejected_;  // Of batches not acknowledged yet.
  int64_t unstored_batch_count_ = 0;
  bool read_due_ = false;  // As soon as enough of `rejected_` was written.
  bool starting_read_ = false;
  bool writing_ = false;
  bool reads_ended_ = false;
  bool stopping_ = false;
  std::optional<absl::Status> failure_;  // Nothing is acknowledged after it.
  bool finished_ = false;
  int64_t reference_count_ = 1;  // gRPC's, and those of the writer's callbacks to come.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_SERVICE_RUN_EVENT_STREAM_H_
