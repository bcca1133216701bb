#ifndef ISOFLOP_PLUGIN_STORE_PLAN_RECORDS_H_
#define ISOFLOP_PLUGIN_STORE_PLAN_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "plugin/recognize/run_record.h"

namespace isoflop {

class SqliteDatabase;

// A run says by this tag or parameter, in the tracker, which plan it is of; without it, by its own name.
inline constexpr const char* kPlanTag = "isoflop.plan";

// A planned run as it was judged, kept so that it can be compared with the run that follows it. Absent: the plan or the law does not tell.
struct PlanRecord {
  std::string study_id;
  std::string name;
  std::string file;
  int64_t time_ms = 0;
  std::string verdict;  // As core/check names it.
  std::string law;
  int64_t law_version = 0;
  std::string convention;  // Of parameter_count, as core/quantity names it.
  std::optional<double> parameter_count, token_count, training_flops;
  std::optional<double> loss, loss_lower, loss_upper;  // Nats/token, of one new run.
  // Set by the store: the runs of this plan that it knew then, those that had ended last. Of more than kGreatestKnownRunCount, the latest.
  std::vector<std::string> open_run_ids, ended_run_ids;
};

// A run that says it is of a plan.
struct RunOfPlan {
  std::string run_id, run_name;
  std::string plan;
  RunStatus status = RunStatus::kUnspecified;
  int64_t start_time_ms = 0, end_time_ms = 0;
};

inline constexpr size_t kGreatestKnownRunCount = 100;
inline constexpr int kGreatestPlanRecordCount = 10'000;  // Of a study; the newest are kept.

// Keeps records of one study. One replaces that of its name before, unless a run of the plan came or ended in between: so what was said before a run
// stands. One that says the same as that before changes nothing. To be called within a transaction.
absl::Status KeepPlans(SqliteDatabase& database, absl::Span<const PlanRecord> records);

// Those of a study, the newest last.
absl::Status ReadPlans(SqliteDatabase& database, const std::string& study_id, std::vector<PlanRecord>& records);

// The runs of a study's recorded plans, without deleted ones, in no particular order.
absl::Status ReadRunsOfPlans(SqliteDatabase& database, const std::string& study_id, std::vector<RunOfPlan>& runs);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_STORE_PLAN_RECORDS_H_
