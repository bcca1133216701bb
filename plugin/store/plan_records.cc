#include "plugin/store/plan_records.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "core/base/status.h"
#include "plugin/store/sqlite_database.h"

namespace isoflop {
namespace {

// A run is known by whether it has ended: what is said of a plan after that is said with hindsight.
struct KnownRun {
  std::string run_id;
  bool ended = false;

  bool operator==(const KnownRun&) const = default;
};
using KnownRuns = std::vector<KnownRun>;  // By id.

bool HasEnded(RunStatus status) { return status == RunStatus::kFinished || status == RunStatus::kFailed || status == RunStatus::kKilled; }

std::optional<double> OptionalReal(SqliteStatement& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional(row.Real(column));
}

absl::Status ReadRunsByPlan(SqliteDatabase& database, const std::string& study_id, std::vector<RunOfPlan>& runs) {
  return database.Query(
      "SELECT run_id, run_name, status, start_time_ms, end_time_ms, coalesce("
      "(SELECT value FROM run_tag t WHERE t.run = r.id AND t.key = ?2 AND t.value <> ''), "
      "(SELECT value FROM run_param p WHERE p.run = r.id AND p.key = ?2 AND p.value <> ''), run_name) "
      "FROM run r WHERE study_id = ?1 AND NOT deleted",
      [&](SqliteStatement& row) {
        runs.push_back({.run_id = row.Text(0),
                        .run_name = row.Text(1),
                        .plan = row.Text(5),
                        .status = static_cast<RunStatus>(row.Integer(2)),
                        .start_time_ms = row.Integer(3),
                        .end_time_ms = row.Integer(4)});
      },
      study_id, std::string_view(kPlanTag));
}

KnownRuns KnownOf(std::vector<RunOfPlan> runs) {
  std::sort(runs.begin(), runs.end(), [](const RunOfPlan& a, const RunOfPlan& b) { return std::tie(b.start_time_ms, b.run_id) < std::tie(a.start_time_ms, a.run_id); });
  if (runs.size() > kGreatestKnownRunCount) runs.resize(kGreatestKnownRunCount);
  KnownRuns known;
  for (const RunOfPlan& run : runs) known.push_back({run.run_id, HasEnded(run.status)});
  std::sort(known.begin(), known.end(), [](const KnownRun& a, const KnownRun& b) { return a.run_id < b.run_id; });
  return known;
}

bool SaysTheSame(const PlanRecord& a, const PlanRecord& b) {
  const auto said = [](const PlanRecord& r) {
    return std::tie(r.file, r.verdict, r.law, r.law_version, r.convention, r.parameter_count, r.token_count, r.training_flops, r.loss, r.loss_lower,
                    r.loss_upper);
  };
  return said(a) == said(b);
}

constexpr const char* kColumnsOfOneName =
    "SELECT id, name, file, time_ms, verdict, law, law_version, convention, parameter_count, token_count, training_flops, loss, loss_lower, loss_upper "
    "FROM planned_run WHERE study_id = ?1 AND name = ?2 ORDER BY id DESC LIMIT 1";
constexpr const char* kColumnsOfAll =
    "SELECT id, name, file, time_ms, verdict, law, law_version, convention, parameter_count, token_count, training_flops, loss, loss_lower, loss_upper "
    "FROM planned_run WHERE study_id = ?1 ORDER BY id";

PlanRecord RecordIn(SqliteStatement& row, const std::string& study_id) {
  return {.study_id = study_id,
          .name = row.Text(1),
          .file = row.Text(2),
          .time_ms = row.Integer(3),
          .verdict = row.Text(4),
          .law = row.Text(5),
          .law_version = row.Integer(6),
          .convention = row.Text(7),
          .parameter_count = OptionalReal(row, 8),
          .token_count = OptionalReal(row, 9),
          .training_flops = OptionalReal(row, 10),
          .loss = OptionalReal(row, 11),
          .loss_lower = OptionalReal(row, 12),
          .loss_upper = OptionalReal(row, 13)};
}

absl::Status Insert(SqliteDatabase& database, const PlanRecord& record, const KnownRuns& known) {
  RETURN_IF_ERROR(database.Execute(
      "INSERT INTO planned_run (study_id, name, file, time_ms, verdict, law, law_version, convention, parameter_count, token_count, training_flops, "
      "loss, loss_lower, loss_upper) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
      record.study_id, record.name, record.file, record.time_ms, record.verdict, record.law, record.law_version, record.convention,
      record.parameter_count, record.token_count, record.training_flops, record.loss, record.loss_lower, record.loss_upper));
  const int64_t id = database.last_row_id();
  for (const KnownRun& run : known) {
    RETURN_IF_ERROR(database.Execute("INSERT INTO planned_run_known VALUES (?1, ?2, ?3)", id, run.run_id, run.ended));
  }
  return absl::OkStatus();
}

absl::Status EraseUpTo(SqliteDatabase& database, const std::string& study_id, int64_t least, int64_t id) {
  RETURN_IF_ERROR(database.Execute(
      "DELETE FROM planned_run_known WHERE planned_run IN (SELECT id FROM planned_run WHERE study_id = ?1 AND id BETWEEN ?2 AND ?3)", study_id, least, id));
  return database.Execute("DELETE FROM planned_run WHERE study_id = ?1 AND id BETWEEN ?2 AND ?3", study_id, least, id);
}

absl::Status Keep(SqliteDatabase& database, const PlanRecord& record, const KnownRuns& known) {
  std::optional<std::pair<int64_t, PlanRecord>> before;
  RETURN_IF_ERROR(database.Query(
      kColumnsOfOneName, [&](SqliteStatement& row) { before.emplace(row.Integer(0), RecordIn(row, record.study_id)); }, record.study_id, record.name));
  if (!before) return Insert(database, record, known);
  KnownRuns known_before;
  RETURN_IF_ERROR(database.Query(
      "SELECT run_id, ended FROM planned_run_known WHERE planned_run = ?1 ORDER BY run_id",
      [&](SqliteStatement& row) { known_before.push_back({row.Text(0), row.Integer(1) != 0}); }, before->first));
  if (known_before == known) {
    if (SaysTheSame(before->second, record)) return absl::OkStatus();
    RETURN_IF_ERROR(EraseUpTo(database, record.study_id, before->first, before->first));
  }
  return Insert(database, record, known);
}

}  // namespace

absl::Status KeepPlans(SqliteDatabase& database, absl::Span<const PlanRecord> records) {
  if (records.empty()) return absl::OkStatus();
  const std::string& study_id = records[0].study_id;
  std::unordered_map<std::string, std::vector<RunOfPlan>> by_plan;
  for (const PlanRecord& record : records) by_plan[record.name];
  std::vector<RunOfPlan> runs;
  RETURN_IF_ERROR(ReadRunsByPlan(database, study_id, runs));
  for (RunOfPlan& run : runs) {
    if (const auto found = by_plan.find(run.plan); found != by_plan.end()) found->second.push_back(std::move(run));
  }
  for (const PlanRecord& record : records) RETURN_IF_ERROR(Keep(database, record, KnownOf(by_plan[record.name])));
  int64_t surplus = 0;
  RETURN_IF_ERROR(database.Query(
      "SELECT id FROM planned_run WHERE study_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2", [&](SqliteStatement& row) { surplus = row.Integer(0); },
      study_id, kGreatestPlanRecordCount));
  return surplus == 0 ? absl::OkStatus() : EraseUpTo(database, study_id, 0, surplus);
}

absl::Status ReadPlans(SqliteDatabase& database, const std::string& study_id, std::vector<PlanRecord>& records) {
  std::unordered_map<int64_t, size_t> at;
  RETURN_IF_ERROR(database.Query(
      kColumnsOfAll,
      [&](SqliteStatement& row) {
        at[row.Integer(0)] = records.size();
        records.push_back(RecordIn(row, study_id));
      },
      study_id));
  return database.Query(
      "SELECT planned_run, run_id, ended FROM planned_run_known WHERE planned_run IN (SELECT id FROM planned_run WHERE study_id = ?1) ORDER BY run_id",
      [&](SqliteStatement& row) {
        const auto found = at.find(row.Integer(0));
        if (found == at.end()) return;  // Kept since.
        PlanRecord& record = records[found->second];
        (row.Integer(2) != 0 ? record.ended_run_ids : record.open_run_ids).push_back(row.Text(1));
      },
      study_id);
}

absl::Status ReadRunsOfPlans(SqliteDatabase& database, const std::string& study_id, std::vector<RunOfPlan>& runs) {
  std::unordered_set<std::string> names;
  RETURN_IF_ERROR(database.Query(
      "SELECT DISTINCT name FROM planned_run WHERE study_id = ?1", [&](SqliteStatement& row) { names.insert(row.Text(0)); }, study_id));
  if (names.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(ReadRunsByPlan(database, study_id, runs));
  std::erase_if(runs, [&](const RunOfPlan& run) { return !names.contains(run.plan); });
  return absl::OkStatus();
}

}  // namespace isoflop
