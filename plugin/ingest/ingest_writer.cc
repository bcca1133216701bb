#include "plugin/ingest/ingest_writer.h"

#include <iterator>
#include <utility>
#include <variant>

namespace isoflop {
namespace {

// What an event takes besides its texts and points.
constexpr int64_t kEventBytes = sizeof(RunEvent);

int64_t BytesOf(const NamedValues& names) {
  int64_t bytes = static_cast<int64_t>(names.size() * sizeof(NamedValues::value_type));
  for (const auto& [key, value] : names) bytes += static_cast<int64_t>(key.size() + value.size());
  return bytes;
}

int64_t BytesOf(const MetricPoints& points) {
  constexpr size_t kPointBytes = sizeof(int64_t) + sizeof(int64_t) + sizeof(double);
  return static_cast<int64_t>(sizeof points + points.key.size() + points.steps.size() * kPointBytes);
}

int64_t BytesOf(const RunEvent& event) {
  int64_t bytes = kEventBytes + static_cast<int64_t>(event.run_id.size());
  if (const auto* points = std::get_if<MetricPoints>(&event.kind)) return bytes + BytesOf(*points);
  if (const auto* names = std::get_if<ParamsAndTags>(&event.kind)) {
    bytes += BytesOf(names->params) + BytesOf(names->tags);
    for (const std::string& tag : names->removed_tags) bytes += static_cast<int64_t>(sizeof tag + tag.size());
  }
  if (const auto* snapshot = std::get_if<RunSnapshot>(&event.kind)) {
    bytes += BytesOf(snapshot->params) + BytesOf(snapshot->tags);
    for (const MetricPoints& points : snapshot->metrics) bytes += BytesOf(points);
  }
  return bytes;
}

int64_t BytesOf(const IngestBatch& batch) {
  int64_t bytes = sizeof batch;
  for (const RunEvent& event : batch.events) bytes += BytesOf(event);
  return bytes;
}

}  // namespace

IngestWriter::IngestWriter(RunStore& store, std::function<void(const std::vector<RunChange>&)> on_changes,
                           std::function<int64_t()> now_ms, IngestWriterOptions options)
    : store_(store), on_changes_(std::move(on_changes)), now_ms_(std::move(now_ms)), options_(options) {
  thread_ = std::thread([this] { Loop(); });
}

IngestWriter::~IngestWriter() {
  {
    std::lock_guard<std::mutex> guard(mutex_);
    stopping_ = true;
  }
  batch_arrived_.notify_all();
  thread_.join();
}

bool IngestWriter::Submit(IngestBatch batch, std::function<void()> on_room) {
  const int64_t bytes = BytesOf(batch);
  std::lock_guard<std::mutex> guard(mutex_);
  queue_.push_back({std::move(batch), bytes});
  queued_bytes_ += bytes;
  batch_arrived_.notify_one();
  if (queued_bytes_ < options_.queue_bytes) return true;
  waiting_for_room_.push_back(std::move(on_room));
  return false;
}

void IngestWriter::Loop() {
  while (true) {
    std::vector<IngestBatch> group = TakeGroup();
    if (group.empty()) return;
    StoreGroup(std::move(group));
  }
}

// Empty when the writer ends.
std::vector<IngestBatch> IngestWriter::TakeGroup() {
  std::vector<IngestBatch> group;
  std::vector<std::function<void()>> woken;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    batch_arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    int64_t bytes = 0;
    while (!queue_.empty() && static_cast<int>(group.size()) < options_.group_batch_count &&
           bytes < options_.group_bytes) {
      bytes += queue_.front().bytes;
      group.push_back(std::move(queue_.front().batch));
      queue_.pop_front();
    }
    queued_bytes_ -= bytes;
    if (queued_bytes_ < options_.queue_bytes) woken.swap(waiting_for_room_);
  }
  for (const auto& on_room : woken) on_room();
  return group;
}

void IngestWriter::StoreGroup(std::vector<IngestBatch> group) {
  std::vector<RunEvent> events;
  std::vector<size_t> ends;  // Where each batch ends in `events`.
  for (IngestBatch& batch : group) {
    events.insert(events.end(), std::make_move_iterator(batch.events.begin()),
                  std::make_move_iterator(batch.events.end()));
    ends.push_back(events.size());
  }
  const absl::Status together = Store(events);
  // One bad batch must not refuse the others; a full disk refuses them all.
  const bool alone = absl::IsInternal(together) && group.size() > 1;
  for (size_t i = 0; i < group.size(); ++i) {
    const size_t begin = i == 0 ? 0 : ends[i - 1];
    group[i].on_stored(alone ? Store(absl::MakeConstSpan(events).subspan(begin, ends[i] - begin)) : together);
  }
}

absl::Status IngestWriter::Store(absl::Span<const RunEvent> events) {
  absl::StatusOr<std::vector<RunChange>> changes = store_.Apply(events, now_ms_());
  if (changes.ok() && !changes->empty()) on_changes_(*changes);
  return changes.status();
}

}  // namespace isoflop
