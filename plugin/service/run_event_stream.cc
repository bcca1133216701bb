#include "plugin/service/run_event_stream.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status.h"
#include "plugin/ingest/event_rules.h"
#include "plugin/service/conversions.h"
#include "plugin/service/grpc_status.h"

namespace isoflop {
namespace {

// Keeps an acknowledgement well under gRPC's 4 MiB a message.
constexpr size_t kRejectedEventsAMessage = 2'000;

// "0.1" of "0.1.0".
std::string MajorAndMinor(const std::string& version) {
  const std::vector<std::string> parts = absl::StrSplit(version, '.');
  return parts.size() < 2 ? version : absl::StrCat(parts[0], ".", parts[1]);
}

int64_t PointCount(const v1::RunEvent& event) {
  int64_t count = event.metric_points().values_size();
  for (const v1::MetricPoints& points : event.snapshot().metrics()) count += points.values_size();
  return count;
}

}  // namespace

RunEventStream::RunEventStream(IngestWriter& writer, ServiceMetrics& metrics, OpenStreams& open_streams)
    : writer_(writer), metrics_(metrics), open_streams_(open_streams) {
  open_streams_.Add(this);
  ReadOn();
}

void RunEventStream::OnReadDone(bool ok) {
  if (!ok) {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      reads_ended_ = true;
    }
    return Proceed();
  }
  // Handling a request starts the next read: request_ is not to be looked at after it.
  const absl::Status status = request_.has_hello() ? HandleHello(request_.hello())
                              : request_.has_batch()
                                  ? HandleBatch(request_.batch())
                                  : absl::InvalidArgumentError("kind: a request must be hello or batch, got neither");
  if (!status.ok()) Fail(status);
}

absl::Status RunEventStream::HandleHello(const v1::Hello& hello) {
  if (greeted_) return absl::InvalidArgumentError("hello must come once, got a second one");
  if (MajorAndMinor(hello.client_version()) != MajorAndMinor(ISOFLOP_VERSION)) {
    return absl::FailedPreconditionError(absl::StrCat("client_version must be ", MajorAndMinor(ISOFLOP_VERSION),
                                                      ".x to fit server ", ISOFLOP_VERSION, ", got \"",
                                                      hello.client_version(), "\""));
  }
  greeted_ = true;
  client_name_ = hello.client_name();
  {
    std::lock_guard<std::mutex> guard(mutex_);
    welcome_due_ = true;
  }
  Proceed();
  ReadOn();
  return absl::OkStatus();
}

absl::Status RunEventStream::HandleBatch(const v1::EventBatch& batch) {
  if (!greeted_) return absl::FailedPreconditionError("hello must come first, got a batch");
  if (batch.sequence_number() != next_sequence_number_) {
    return absl::InvalidArgumentError(absl::StrCat("sequence_number must grow by 1 from 1: expected ",
                                                   next_sequence_number_, ", got ", batch.sequence_number()));
  }
  ++next_sequence_number_;
  if (batch.events_size() > kGreatestEventCount) {
    return absl::InvalidArgumentError(
        absl::StrCat("events must be at most ", kGreatestEventCount, " a batch, got ", batch.events_size()));
  }
  std::vector<v1::RejectedEvent> rejected;
  IngestBatch accepted;
  int64_t accepted_point_count = 0;
  accepted.events.reserve(batch.events_size());
  for (int i = 0; i < batch.events_size(); ++i) {
    absl::StatusOr<RunEvent> event = RunEventOf(batch.events(i));
    const absl::Status status = event.ok() ? CheckEvent(*event) : event.status();
    if (status.ok()) {
      accepted_point_count += PointCount(batch.events(i));
      accepted.events.push_back(*std::move(event));
      continue;
    }
    metrics_.AddRejected(status, PointCount(batch.events(i)));
    v1::RejectedEvent& refusal = rejected.emplace_back();
    refusal.set_sequence_number(batch.sequence_number());
    refusal.set_event_index(i);
    refusal.set_reason(std::string(status.message()));
  }
  accepted.on_stored = [this, accepted_point_count, sequence_number = batch.sequence_number(),
                        rejected = std::move(rejected)](const absl::Status& status) {
    if (status.ok()) metrics_.AddStored(client_name_, accepted_point_count);
    Stored(sequence_number, rejected, status);
    Release();
  };
  const auto on_room = [this] {
    ReadOn();
    Release();
  };
  {
    std::lock_guard<std::mutex> guard(mutex_);
    ++unstored_batch_count_;
    reference_count_ += 2;
  }
  if (writer_.Submit(std::move(accepted), on_room)) on_room();
  return absl::OkStatus();
}

void RunEventStream::Stored(int64_t sequence_number, const std::vector<v1::RejectedEvent>& rejected,
                            const absl::Status& status) {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    --unstored_batch_count_;
    if (!status.ok() && !failure_.has_value()) failure_ = status;
    // An acknowledgement speaks for all batches before it.
    if (!failure_.has_value()) {
      stored_sequence_number_ = sequence_number;
      rejected_.insert(rejected_.end(), rejected.begin(), rejected.end());
    }
  }
  Proceed();
}

void RunEventStream::Fail(const absl::Status& status) {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (!failure_.has_value()) failure_ = status;
  }
  Proceed();
}

void RunEventStream::ReadOn() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (finished_ || stopping_ || failure_.has_value()) return;
    // A client that does not read what was refused is not listened to either.
    read_due_ = rejected_.size() > kRejectedEventsAMessage;
    if (read_due_) return;
    starting_read_ = true;
  }
  StartRead(&request_);
  {
    std::lock_guard<std::mutex> guard(mutex_);
    starting_read_ = false;
  }
  Proceed();
}

void RunEventStream::Proceed() {
  std::optional<absl::Status> end;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    if (finished_ || writing_ || starting_read_) return;
    if (failure_.has_value()) {
      end = failure_;
    } else if (welcome_due_ || stored_sequence_number_ > acknowledged_sequence_number_) {
      FillResponse();
      writing_ = true;
    } else if (unstored_batch_count_ == 0 && reads_ended_) {
      end = absl::OkStatus();
    } else if (unstored_batch_count_ == 0 && stopping_) {
      end = absl::UnavailableError("the server is stopping");
    } else {
      return;
    }
    finished_ = end.has_value();
  }
  if (end.has_value()) {
    Finish(ToGrpcStatus(*end));
  } else {
    StartWrite(&response_);
  }
}

void RunEventStream::FillResponse() {
  response_.Clear();
  if (welcome_due_) {
    welcome_due_ = false;
    response_.mutable_welcome()->set_server_version(ISOFLOP_VERSION);
    return;
  }
  v1::Acknowledgement& acknowledgement = *response_.mutable_acknowledgement();
  while (!rejected_.empty() && static_cast<size_t>(acknowledgement.rejected_size()) < kRejectedEventsAMessage) {
    *acknowledgement.add_rejected() = std::move(rejected_.front());
    rejected_.pop_front();
  }
  // The last message of several carries the number.
  if (rejected_.empty()) acknowledged_sequence_number_ = stored_sequence_number_;
  acknowledgement.set_sequence_number(acknowledged_sequence_number_);
}

void RunEventStream::OnWriteDone(bool ok) {
  bool read_on;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    writing_ = false;
    if (!ok && !failure_.has_value()) failure_ = absl::CancelledError("the client is gone");
    read_on = read_due_ && rejected_.size() <= kRejectedEventsAMessage;
  }
  if (read_on) ReadOn();
  Proceed();
}

void RunEventStream::OnCancel() { Fail(absl::CancelledError("the client is gone")); }

void RunEventStream::OnDone() {
  open_streams_.Remove(this);
  Release();
}

void RunEventStream::Stop() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    stopping_ = true;
  }
  Proceed();
}

void RunEventStream::Release() {
  bool unused;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    unused = --reference_count_ == 0;
  }
  if (unused) delete this;
}

}  // namespace isoflop
