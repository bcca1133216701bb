// What is SQLite's own: the file, its schema and its failures.

#include "plugin/store/sqlite_run_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "plugin/store/sqlite_database.h"
#include "plugin/store/sqlite_schema.h"
#include "tests/plugin/testing/temporary_folder.h"
#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int64_t Pragma(const std::string& path, const char* sql) {
  int64_t value = -1;
  const std::unique_ptr<SqliteDatabase> database = SqliteDatabase::Open(path).value();
  EXPECT_THAT(database->Query(sql, [&](SqliteStatement& row) { value = row.Integer(0); }), IsOk());
  return value;
}

void Execute(const std::string& path, const std::string& sql) {
  EXPECT_THAT(SqliteDatabase::Open(path).value()->ExecuteScript(sql), IsOk());
}

TEST(SqliteRunStoreTest, MarksItsFileAndItsSchemasVersion) {
  const TemporaryFolder folder;
  const std::string path = folder.File("isoflop.db");
  ASSERT_THAT(OpenSqliteRunStore(path), IsOk());
  EXPECT_EQ(Pragma(path, "PRAGMA application_id"), kSqliteApplicationId);
  EXPECT_EQ(Pragma(path, "PRAGMA user_version"), NewestSchemaVersion());
}

TEST(SqliteRunStoreTest, RefusesANewerSchemaAndLeavesTheFileAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.File("isoflop.db");
  ASSERT_THAT(OpenSqliteRunStore(path), IsOk());
  Execute(path, absl::StrCat("PRAGMA user_version = ", NewestSchemaVersion() + 1));
  const std::string before = Contents(path);
  EXPECT_THAT(OpenSqliteRunStore(path),
              StatusIs(absl::StatusCode::kFailedPrecondition, "a newer isoflop wrote this file"));
  EXPECT_EQ(Contents(path), before);
}

TEST(SqliteRunStoreTest, RefusesAnotherProgramsFile) {
  const TemporaryFolder folder;
  const std::string path = folder.File("other.db");
  Execute(path, "CREATE TABLE theirs (x)");
  const std::string before = Contents(path);
  EXPECT_THAT(OpenSqliteRunStore(path), StatusIs(absl::StatusCode::kFailedPrecondition, "not an isoflop store"));
  EXPECT_EQ(Contents(path), before);
}

TEST(SqliteRunStoreTest, RefusesAFileThatIsNoDatabase) {
  const TemporaryFolder folder;
  std::ofstream(folder.File("text")) << std::string(5000, 'x');
  EXPECT_THAT(OpenSqliteRunStore(folder.File("text")), StatusIs(absl::StatusCode::kFailedPrecondition, "not a database"));
}

TEST(SqliteRunStoreTest, BelongsToOneAtATime) {
  const TemporaryFolder folder;
  std::unique_ptr<RunStore> first = OpenSqliteRunStore(folder.File("isoflop.db")).value();
  EXPECT_THAT(OpenSqliteRunStore(folder.File("isoflop.db")),
              StatusIs(absl::StatusCode::kFailedPrecondition, "another isoflop serve has it open"));
  first.reset();
  EXPECT_THAT(OpenSqliteRunStore(folder.File("isoflop.db")), IsOk());
}

TEST(SqliteRunStoreTest, AFailedMigrationLeavesNothingBehind) {
  // A table of the same name stands in the way half through the migration.
  const TemporaryFolder folder;
  const std::string path = folder.File("isoflop.db");
  Execute(path, absl::StrCat("PRAGMA application_id = ", kSqliteApplicationId, "; CREATE TABLE lease (x)"));
  EXPECT_THAT(OpenSqliteRunStore(path), StatusIs(absl::StatusCode::kInternal, "lease"));
  EXPECT_EQ(Pragma(path, "PRAGMA user_version"), 0);
  EXPECT_EQ(Pragma(path, "SELECT count(*) FROM sqlite_schema"), 1);
}

// schema_1.sql is a store of schema 1 as `sqlite3 isoflop.db .dump` printed it, with a finished run of 21 points, one of
// them late, and a running one whose second point is not a number.
TEST(SqliteRunStoreTest, BringsAStoreOfSchema1Forward) {
  const TemporaryFolder folder;
  const std::string path = folder.File("isoflop.db");
  Execute(path, Contents(std::string(ISOFLOP_TEST_DATA) + "/store/schema_1.sql"));
  ASSERT_EQ(Pragma(path, "PRAGMA user_version"), 1);
  {
    const std::unique_ptr<RunStore> store = OpenSqliteRunStore(path).value();
    EXPECT_EQ(store->CountAcknowledgedEvents().value(), 6);
    EXPECT_EQ(store->ListStudies().value().at(0).display_name, "sweep");
    EXPECT_EQ(store->LoadNewestLawVersion("1", "chinchilla").value()->document, "short");
    const RunRecord finished = store->LoadRuns("1", {"finished"}).value().at(0);
    EXPECT_EQ(finished.params.at("token_count"), "2e9");
    EXPECT_EQ(finished.heard_time_ms, 1'700'000'000'000);
    const MetricSummary& metric = finished.metrics.at("loss");
    EXPECT_EQ(metric.point_count, 21);
    EXPECT_EQ(metric.repeated_step_count, 1);
    EXPECT_EQ(metric.out_of_order_count, 1);
    EXPECT_EQ(metric.not_finite_count, 0);
    EXPECT_EQ(metric.least_time_ms, 2000);
    EXPECT_EQ(metric.greatest_time_ms, 90'000);
    EXPECT_EQ(store->LoadRuns("1", {"running"}).value().at(0).metrics.at("loss").not_finite_count, 1);
    // What schema 1 stored is known when it comes again.
    const RunEvent again = {"finished", MetricPoints{.key = "loss", .steps = {40}, .times_ms = {90'000}, .values = {3.5}}};
    EXPECT_TRUE(store->Apply({&again, 1}, 1'700'000'000'000)->empty());
    const std::vector<MetricCurve> curves = store->LoadCurves("1", "loss").value();
    EXPECT_EQ(curves.size(), 2u);
    for (const MetricCurve& curve : curves) {
      EXPECT_EQ(store->LoadCurve(curve.run_id, "loss")->points, curve.points);
    }
    EXPECT_TRUE(store->LoadCurve("finished", "accuracy")->points.empty());
    EXPECT_TRUE(store->CompactSettledRun(1'700'000'000'000 + kSettleMs).value());
    EXPECT_FALSE(store->CompactSettledRun(1'700'000'000'000 + kSettleMs).value());
    EXPECT_EQ(store->LoadRuns("1", {"finished"}).value().at(0).metrics.at("loss").out_of_order_count, 1);
  }
  EXPECT_EQ(Pragma(path, "PRAGMA user_version"), NewestSchemaVersion());
}

// schema_4.sql is that store as version 4 left it.
TEST(SqliteRunStoreTest, BringsAStoreOfSchema4Forward) {
  const TemporaryFolder folder;
  const std::string path = folder.File("isoflop.db");
  Execute(path, Contents(std::string(ISOFLOP_TEST_DATA) + "/store/schema_4.sql"));
  ASSERT_EQ(Pragma(path, "PRAGMA user_version"), 4);
  {
    const std::unique_ptr<RunStore> store = OpenSqliteRunStore(path).value();
    EXPECT_EQ(store->CountAcknowledgedEvents().value(), 6);
    EXPECT_EQ(store->LoadRuns("1", {"finished"}).value().at(0).metrics.at("loss").point_count, 21);
    EXPECT_EQ(store->LoadPredictions("1").value().at(0).method, "TEMPLATE");
    EXPECT_TRUE(store->LoadSettings("1")->empty());
    EXPECT_TRUE(store->SetSettings("1", {{"isoflop.days", "30"}}).value());
    EXPECT_EQ(store->LoadSettings("1")->at("isoflop.days"), "30");
  }
  EXPECT_EQ(Pragma(path, "PRAGMA user_version"), NewestSchemaVersion());
}

// schema_5.sql is that store as version 5 left it, with a setting.
TEST(SqliteRunStoreTest, BringsAStoreOfSchema5Forward) {
  const TemporaryFolder folder;
  const std::string path = folder.File("isoflop.db");
  Execute(path, Contents(std::string(ISOFLOP_TEST_DATA) + "/store/schema_5.sql"));
  ASSERT_EQ(Pragma(path, "PRAGMA user_version"), 5);
  {
    const std::unique_ptr<RunStore> store = OpenSqliteRunStore(path).value();
    EXPECT_EQ(store->LoadSettings("1")->at("isoflop.days"), "30");
    EXPECT_TRUE(store->LoadPlans("1")->empty());
    const PlanRecord plan = {.study_id = "1", .name = "first", .parameter_count = 1e9};
    EXPECT_THAT(store->KeepPlans({&plan, 1}), IsOk());
    EXPECT_EQ(store->LoadPlans("1")->at(0).parameter_count, 1e9);
    EXPECT_EQ(store->LoadRunsOfPlans("1")->size(), 1u);
  }
  EXPECT_EQ(Pragma(path, "PRAGMA user_version"), NewestSchemaVersion());
}

TEST(SqliteDatabaseTest, AFullDiskIsResourceExhaustedAndLeavesNothingOfTheTransaction) {
  const TemporaryFolder folder;
  const std::unique_ptr<SqliteDatabase> database = SqliteDatabase::Open(folder.File("small.db")).value();
  ASSERT_THAT(database->ExecuteScript("PRAGMA journal_mode = WAL; CREATE TABLE t (x); PRAGMA max_page_count = 10"),
              IsOk());
  const absl::Status status = database->Transact([&]() -> absl::Status {
    for (int i = 0; i < 100; ++i) {
      absl::Status inserted = database->Execute("INSERT INTO t VALUES (?1)", std::string(4000, 'x'));
      if (!inserted.ok()) return inserted;
    }
    return absl::OkStatus();
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted, "full"));
  int64_t count = -1;
  EXPECT_THAT(database->Query("SELECT count(*) FROM t", [&](SqliteStatement& row) { count = row.Integer(0); }), IsOk());
  EXPECT_EQ(count, 0);
  EXPECT_THAT(database->Execute("INSERT INTO t VALUES (1)"), IsOk());
}

}  // namespace
}  // namespace isoflop
