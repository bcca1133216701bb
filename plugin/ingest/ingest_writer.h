#ifndef ISOFLOP_PLUGIN_INGEST_INGEST_WRITER_H_
#define ISOFLOP_PLUGIN_INGEST_INGEST_WRITER_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "plugin/store/run_store.h"

namespace isoflop {

// Events that are stored and acknowledged together.
struct IngestBatch {
  std::vector<RunEvent> events;
  // Called once, on the writer's thread: OK once the events are on disk. Must not block.
  std::function<void(const absl::Status&)> on_stored;
};

struct IngestWriterOptions {
  // Of memory, roughly: a metric point takes 24. Bounds what all streams have waiting, but for one batch of each; what one
  // pours in delays the others by this much at most: some 0.2 s.
  int64_t queue_bytes = 6 << 20;
  int group_batch_count = 64;
  int64_t group_bytes = 3 << 20;  // Some 0.1 s to store.
};

// Stores batches, in the order of submission, on one thread: whatever waits is committed as one group, so that one
// synchronisation of the disk serves many batches. Thread safe.
class IngestWriter {
 public:
  // `on_changes` is called after each commit that changed runs, before its batches are acknowledged; `now_ms` is the
  // clock.
  IngestWriter(RunStore& store, std::function<void(const std::vector<RunChange>&)> on_changes,
               std::function<int64_t()> now_ms, IngestWriterOptions options = {});
  // Stores what is queued, then ends.
  ~IngestWriter();

  // Takes the batch. Returns whether there is room for more. When there is none, `on_room` is called once as soon as
  // there is, on the writer's thread; the caller should submit nothing until then.
  bool Submit(IngestBatch batch, std::function<void()> on_room);

 private:
  struct Waiting {
    IngestBatch batch;
    int64_t bytes = 0;
  };

  void Loop();
  std::vector<IngestBatch> TakeGroup();
  void StoreGroup(std::vector<IngestBatch> group);
  absl::Status Store(absl::Span<const RunEvent> events);

  RunStore& store_;
  const std::function<void(const std::vector<RunChange>&)> on_changes_;
  const std::function<int64_t()> now_ms_;
  const IngestWriterOptions options_;

  std::mutex mutex_;
  std::condition_variable batch_arrived_;
  std::deque<Waiting> queue_;
  int64_t queued_bytes_ = 0;
  std::vector<std::function<void()>> waiting_for_room_;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_INGEST_INGEST_WRITER_H_
