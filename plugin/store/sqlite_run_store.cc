#include "plugin/store/sqlite_run_store.h"

#include <atomic>
#include <mutex>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status.h"
#include "plugin/store/event_writer.h"
#include "plugin/store/law_versions.h"
#include "plugin/store/point_compaction.h"
#include "plugin/store/run_reader.h"
#include "plugin/store/sqlite_database.h"
#include "plugin/store/store_damage.h"
#include "plugin/store/store_file.h"

namespace isoflop {
namespace {

class SqliteRunStore : public RunStore {
 public:
  SqliteRunStore(std::string path, StoreFile file, std::function<void()> on_damage)
      : path_(std::move(path)),
        on_damage_(std::move(on_damage)),
        lock_(std::move(file.lock)),
        writer_(std::move(file.database)),
        event_writer_(*writer_),
        acknowledged_event_count_(file.acknowledged_event_count) {}

  absl::StatusOr<std::vector<RunChange>> Apply(absl::Span<const RunEvent> events, int64_t now_ms) override {
    std::lock_guard<std::mutex> guard(writer_mutex_);
    std::vector<RunChange> changes;
    const absl::Status status = Write([&] { return event_writer_.Apply(events, now_ms, changes); });
    if (!status.ok()) {
      event_writer_.Forget();
      return status;
    }
    acknowledged_event_count_ += static_cast<int64_t>(events.size());
    lock_->Witness(acknowledged_event_count_);
    return changes;
  }

  absl::StatusOr<int64_t> CountAcknowledgedEvents() override {
    int64_t count = 0;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) {
      return database.Query("SELECT value FROM counter WHERE name = 'acknowledged_event_count'",
                            [&](SqliteStatement& row) { count = row.Integer(0); });
    }));
    return count;
  }

  absl::StatusOr<std::vector<StudyRecord>> ListStudies() override {
    std::vector<StudyRecord> studies;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) {
      return database.Query(
          "SELECT study_id, display_name, deleted FROM study ORDER BY study_id", [&](SqliteStatement& row) {
            studies.push_back({.study_id = row.Text(0), .display_name = row.Text(1), .deleted = row.Integer(2) != 0});
          });
    }));
    return studies;
  }

  absl::StatusOr<std::vector<RunRecord>> LoadRuns(const std::string& study_id) override {
    return ReadRunsOf(study_id, nullptr);
  }

  absl::StatusOr<std::vector<RunRecord>> LoadRuns(const std::string& study_id,
                                                  const std::vector<std::string>& run_ids) override {
    return ReadRunsOf(study_id, &run_ids);
  }

  absl::StatusOr<std::vector<MetricCurve>> LoadCurves(const std::string& study_id, const std::string& key) override {
    absl::StatusOr<std::vector<MetricCurve>> curves;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) {
      curves = ReadCurves(database, study_id, key);
      return curves.status();
    }));
    return curves;
  }

  absl::StatusOr<MetricCurve> LoadCurve(const std::string& run_id, const std::string& key) override {
    absl::StatusOr<MetricCurve> curve;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) {
      curve = ReadCurve(database, run_id, key);
      return curve.status();
    }));
    return curve;
  }

  absl::StatusOr<bool> CompactSettledRun(int64_t now_ms) override {
    std::lock_guard<std::mutex> guard(writer_mutex_);
    absl::StatusOr<bool> compacted = false;
    RETURN_IF_ERROR(Write([&] {
      compacted = isoflop::CompactSettledRun(*writer_, now_ms);
      return compacted.status();
    }));
    if (*compacted) event_writer_.Forget();
    return compacted;
  }

  absl::StatusOr<std::vector<RunChange>> RetainRuns(const StudyRecord& study, const std::vector<std::string>& run_ids,
                                                    int64_t now_ms) override {
    std::lock_guard<std::mutex> guard(writer_mutex_);
    std::vector<RunChange> forgotten;
    RETURN_IF_ERROR(Write([&]() -> absl::Status {
      RETURN_IF_ERROR(writer_->Execute(
          "INSERT INTO study VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET display_name = ?2, deleted = ?3",
          study.study_id, study.display_name, study.deleted));
      const std::unordered_set<std::string> retained(run_ids.begin(), run_ids.end());
      std::vector<int64_t> ids;
      RETURN_IF_ERROR(writer_->Query(
          "SELECT id, run_id FROM run WHERE study_id = ?1 AND (deleted OR first_heard_time_ms <= ?2)",
          [&](SqliteStatement& row) {
            if (retained.contains(row.Text(1))) return;
            ids.push_back(row.Integer(0));
            forgotten.push_back({.study_id = study.study_id, .run_id = row.Text(1)});
          },
          study.study_id, now_ms - kRetainGraceMs));
      for (const int64_t id : ids) RETURN_IF_ERROR(EraseRun(id));
      return absl::OkStatus();
    }));
    if (!forgotten.empty()) event_writer_.Forget();
    return forgotten;
  }

  absl::StatusOr<bool> SetSettings(const std::string& study_id, const SettingTags& settings) override {
    std::lock_guard<std::mutex> guard(writer_mutex_);
    SettingTags known;
    RETURN_IF_ERROR(Write([&]() -> absl::Status {
      RETURN_IF_ERROR(ReadSettings(*writer_, study_id, known));
      if (known == settings) return absl::OkStatus();
      RETURN_IF_ERROR(writer_->Execute("INSERT OR IGNORE INTO study (study_id) VALUES (?1)", study_id));
      RETURN_IF_ERROR(writer_->Execute("DELETE FROM study_setting WHERE study_id = ?1", study_id));
      for (const auto& [name, value] : settings) {
        RETURN_IF_ERROR(writer_->Execute("INSERT INTO study_setting VALUES (?1, ?2, ?3)", study_id, name, value));
      }
      return absl::OkStatus();
    }));
    return known != settings;
  }

  absl::StatusOr<SettingTags> LoadSettings(const std::string& study_id) override {
    SettingTags settings;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) { return ReadSettings(database, study_id, settings); }));
    return settings;
  }

  absl::Status SaveLawVersions(absl::Span<const LawVersion> versions) override {
    std::lock_guard<std::mutex> guard(writer_mutex_);
    return Write([&]() -> absl::Status {
      for (const LawVersion& version : versions) RETURN_IF_ERROR(SaveLawVersion(*writer_, version));
      return absl::OkStatus();
    });
  }

  absl::StatusOr<LawVersion> LoadLawVersion(const std::string& study_id, const std::string& law,
                                            int64_t version) override {
    std::optional<LawVersion> found;
    RETURN_IF_ERROR(
        Read([&](SqliteDatabase& database) { return FindLawVersion(database, study_id, law, version, found); }));
    if (found.has_value()) return *std::move(found);
    return absl::NotFoundError(absl::StrCat("version: study ", study_id, " has no version ", version, " of law ", law));
  }

  absl::StatusOr<std::vector<LawVersion>> ListLawVersions(const std::string& study_id, const std::string& law,
                                                          int64_t before, int limit) override {
    std::vector<LawVersion> versions;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) {
      return ReadLawVersions(database, study_id, law, before, limit, versions);
    }));
    return versions;
  }

  absl::StatusOr<std::optional<LawVersion>> LoadNewestLawVersion(const std::string& study_id,
                                                                 const std::string& law) override {
    std::optional<LawVersion> found;
    RETURN_IF_ERROR(
        Read([&](SqliteDatabase& database) { return FindNewestLawVersion(database, study_id, law, found); }));
    return found;
  }

  absl::Status KeepPredictions(absl::Span<const Prediction> predictions) override {
    std::lock_guard<std::mutex> guard(writer_mutex_);
    return Write([&]() -> absl::Status {
      for (const Prediction& prediction : predictions) RETURN_IF_ERROR(KeepPrediction(*writer_, prediction));
      return absl::OkStatus();
    });
  }

  absl::StatusOr<std::vector<Prediction>> LoadPredictions(const std::string& study_id) override {
    std::vector<Prediction> predictions;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) { return ReadPredictions(database, study_id, predictions); }));
    return predictions;
  }

  absl::Status KeepPlans(absl::Span<const PlanRecord> records) override {
    std::lock_guard<std::mutex> guard(writer_mutex_);
    return Write([&] { return isoflop::KeepPlans(*writer_, records); });
  }

  absl::StatusOr<std::vector<PlanRecord>> LoadPlans(const std::string& study_id) override {
    std::vector<PlanRecord> records;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) { return ReadPlans(database, study_id, records); }));
    return records;
  }

  absl::StatusOr<std::vector<RunOfPlan>> LoadRunsOfPlans(const std::string& study_id) override {
    std::vector<RunOfPlan> runs;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) { return ReadRunsOfPlans(database, study_id, runs); }));
    return runs;
  }

  absl::StatusOr<bool> AcquireLease(const std::string& holder, int64_t now_ms, int64_t duration_ms) override {
    std::lock_guard<std::mutex> guard(writer_mutex_);
    bool granted = false;
    RETURN_IF_ERROR(Write([&]() -> absl::Status {
      RETURN_IF_ERROR(writer_->Execute(
          "INSERT INTO lease VALUES ('reconcile', ?1, ?3) ON CONFLICT DO UPDATE SET holder = ?1, end_time_ms = ?3 "
          "WHERE holder = ?1 OR end_time_ms <= ?2",
          holder, now_ms, now_ms + duration_ms));
      granted = writer_->changed_row_count() > 0;
      return absl::OkStatus();
    }));
    return granted;
  }

 private:
  absl::StatusOr<std::vector<RunRecord>> ReadRunsOf(const std::string& study_id,
                                                    const std::vector<std::string>* run_ids) {
    absl::StatusOr<std::vector<RunRecord>> runs;
    RETURN_IF_ERROR(Read([&](SqliteDatabase& database) {
      runs = ReadRuns(database, study_id, run_ids);
      return runs.status();
    }));
    return runs;
  }

  static absl::Status ReadSettings(SqliteDatabase& database, const std::string& study_id, SettingTags& settings) {
    return database.Query("SELECT name, value FROM study_setting WHERE study_id = ?1",
                          [&](SqliteStatement& row) { settings.emplace(row.Text(0), row.Text(1)); }, study_id);
  }

  absl::Status EraseRun(int64_t id) {
    RETURN_IF_ERROR(
        writer_->Execute("DELETE FROM metric_point WHERE series IN (SELECT id FROM series WHERE run = ?1)", id));
    RETURN_IF_ERROR(
        writer_->Execute("DELETE FROM point_block WHERE series IN (SELECT id FROM series WHERE run = ?1)", id));
    RETURN_IF_ERROR(writer_->Execute("DELETE FROM series WHERE run = ?1", id));
    RETURN_IF_ERROR(writer_->Execute("DELETE FROM run_param WHERE run = ?1", id));
    RETURN_IF_ERROR(writer_->Execute("DELETE FROM run_tag WHERE run = ?1", id));
    RETURN_IF_ERROR(writer_->Execute("DELETE FROM prediction WHERE (study_id, run_id) = (SELECT study_id, run_id FROM run WHERE id = ?1)", id));
    return writer_->Execute("DELETE FROM run WHERE id = ?1", id);
  }

  // Runs `body` in a transaction, under writer_mutex_.
  absl::Status Write(const std::function<absl::Status()>& body) {
    const absl::Status status = writer_->Transact(body);
    LookForDamage(status);
    return status;
  }

  // The next opening must not trust the file.
  void LookForDamage(const absl::Status& status) {
    if (!absl::IsDataLoss(status) || damaged_.exchange(true)) return;
    NoteDamage(path_, std::string(status.message())).IgnoreError();  // It will be found again.
    if (on_damage_) on_damage_();
  }

  // Reads on a connection of its own, so that readers wait neither for the writer nor for each other.
  absl::Status Read(const std::function<absl::Status(SqliteDatabase&)>& body) {
    ASSIGN_OR_RETURN(std::unique_ptr<SqliteDatabase> reader, TakeReader());
    const absl::Status status = body(*reader);
    LookForDamage(status);
    std::lock_guard<std::mutex> guard(readers_mutex_);
    readers_.push_back(std::move(reader));
    return status;
  }

  absl::StatusOr<std::unique_ptr<SqliteDatabase>> TakeReader() {
    {
      std::lock_guard<std::mutex> guard(readers_mutex_);
      if (!readers_.empty()) {
        std::unique_ptr<SqliteDatabase> reader = std::move(readers_.back());
        readers_.pop_back();
        return reader;
      }
    }
    ASSIGN_OR_RETURN(std::unique_ptr<SqliteDatabase> reader, SqliteDatabase::Open(path_));
    RETURN_IF_ERROR(reader->ExecuteScript("PRAGMA query_only = 1"));
    return reader;
  }

  const std::string path_;
  const std::function<void()> on_damage_;
  std::atomic<bool> damaged_ = false;
  const std::unique_ptr<StoreLock> lock_;

  std::mutex writer_mutex_;
  std::unique_ptr<SqliteDatabase> writer_;  // Guarded by writer_mutex_, as are the next two.
  EventWriter event_writer_;
  int64_t acknowledged_event_count_;

  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<SqliteDatabase>> readers_;  // Idle ones. Guarded by readers_mutex_.
};

}  // namespace

absl::StatusOr<std::unique_ptr<RunStore>> OpenSqliteRunStore(const std::string& path, SqliteStoreOptions options) {
  ASSIGN_OR_RETURN(StoreFile file, OpenStoreFile(path, options.on_loss));
  return std::unique_ptr<RunStore>(new SqliteRunStore(path, std::move(file), std::move(options.on_damage)));
}

}  // namespace isoflop
