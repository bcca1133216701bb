#ifndef ISOFLOP_PLUGIN_STORE_EVENT_WRITER_H_
#define ISOFLOP_PLUGIN_STORE_EVENT_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "plugin/store/run_event.h"
#include "plugin/store/point_writer.h"
#include "plugin/store/run_store.h"
#include "plugin/store/sqlite_database.h"

namespace isoflop {

// Writes run events into a SQLite store, within a transaction of the caller's. Runs and series are looked up once and
// then kept in memory. Not thread safe.
class EventWriter {
 public:
  explicit EventWriter(SqliteDatabase& database) : database_(database), point_writer_(database) {}

  // Applies events in order, as RunStore::Apply says. When this or the caller's commit fails the caller must call
  // Forget.
  absl::Status Apply(absl::Span<const RunEvent> events, int64_t now_ms, std::vector<RunChange>& changes);

  // Drops all that is kept in memory: after a roll-back, and when rows were changed by someone else.
  void Forget();

 private:
  struct RunRow {
    int64_t id = 0;
    std::string study_id;  // Empty until it is known.
    std::string run_name;
    RunStatus status = RunStatus::kUnspecified;
    bool deleted = false;
    int64_t start_time_ms = 0;
    int64_t end_time_ms = 0;
    bool compacted = false;

    bool ended() const {
      return status == RunStatus::kFinished || status == RunStatus::kFailed || status == RunStatus::kKilled;
    }
    bool operator==(const RunRow&) const = default;
  };
  struct Run : RunRow {
    std::unordered_map<std::string, OpenSeries> series;  // By key.
  };

  absl::StatusOr<Run*> FindRun(const std::string& run_id, int64_t now_ms);
  absl::StatusOr<OpenSeries*> FindSeries(Run& run, const std::string& key);
  absl::Status SaveRun(const RunRow& run, int64_t now_ms);
  absl::Status SaveTouchedSeries(int64_t now_ms);

  // Each sets `changed` when the store changed.
  absl::Status ApplyKind(const RunStarted& started, Run& run, bool& changed);
  absl::Status ApplyKind(const ParamsAndTags& names, Run& run, bool& changed);
  absl::Status ApplyKind(const MetricPoints& points, Run& run, bool& changed);
  absl::Status ApplyKind(const RunEnded& ended, Run& run, bool& changed);
  absl::Status ApplyKind(const RunDeleted& deleted, Run& run, bool& changed);
  absl::Status ApplyKind(const RunRestored& restored, Run& run, bool& changed);
  absl::Status ApplyKind(const RunSnapshot& snapshot, Run& run, bool& changed);

  SqliteDatabase& database_;
  PointWriter point_writer_;
  std::unordered_map<std::string, Run> runs_;  // By run_id.
  int64_t series_count_ = 0;
  std::vector<OpenSeries*> touched_series_;
};

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_EVENT_WRITER_H_
