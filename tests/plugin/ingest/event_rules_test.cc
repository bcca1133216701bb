#include "plugin/ingest/event_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/testing/status_matchers.h"

namespace isoflop {
namespace {

using absl::StatusCode::kInvalidArgument;

RunEvent Points(const std::string& key, size_t steps, size_t times, size_t values) {
  return {"a", MetricPoints{.key = key,
                            .steps = std::vector<int64_t>(steps),
                            .times_ms = std::vector<int64_t>(times),
                            .values = std::vector<double>(values)}};
}

RunSnapshot Snapshot() {
  RunSnapshot snapshot;
  snapshot.study_id = "1";
  snapshot.status = RunStatus::kRunning;
  return snapshot;
}

TEST(CheckEventTest, RunIdsHoldOneTo256Bytes) {
  EXPECT_THAT(CheckEvent({"", RunDeleted{}}), StatusIs(kInvalidArgument, "run_id must not be empty"));
  EXPECT_THAT(CheckEvent({std::string(256, 'x'), RunDeleted{}}), IsOk());
  EXPECT_THAT(CheckEvent({std::string(257, 'x'), RunDeleted{}}),
              StatusIs(kInvalidArgument, "run_id must have at most 256 bytes, got 257"));
}

TEST(CheckEventTest, KeysHoldOneTo1024Bytes) {
  EXPECT_THAT(CheckEvent(Points("", 1, 1, 1)), StatusIs(kInvalidArgument, "key must not be empty"));
  EXPECT_THAT(CheckEvent(Points(std::string(1024, 'x'), 1, 1, 1)), IsOk());
  EXPECT_THAT(CheckEvent(Points(std::string(1025, 'x'), 1, 1, 1)),
              StatusIs(kInvalidArgument, "key must have at most 1024 bytes, got 1025"));
}

TEST(CheckEventTest, ColumnsHaveOneLength) {
  EXPECT_THAT(CheckEvent(Points("loss", 0, 0, 0)), IsOk());
  EXPECT_THAT(CheckEvent(Points("loss", 2, 1, 2)), StatusIs(kInvalidArgument, "equal lengths, got 2, 1 and 2"));
  EXPECT_THAT(CheckEvent(Points("loss", 2, 2, 3)), StatusIs(kInvalidArgument, "equal lengths, got 2, 2 and 3"));
}

TEST(CheckEventTest, AnEventHoldsAtMost10000Points) {
  EXPECT_THAT(CheckEvent(Points("loss", 10'000, 10'000, 10'000)), IsOk());
  EXPECT_THAT(CheckEvent(Points("loss", 10'001, 10'001, 10'001)),
              StatusIs(kInvalidArgument, "at most 10000 points an event, got 10001"));
  RunSnapshot snapshot = Snapshot();
  snapshot.metrics.assign(2, std::get<MetricPoints>(Points("loss", 5'000, 5'000, 5'000).kind));
  EXPECT_THAT(CheckEvent({"a", snapshot}), IsOk());
  snapshot.metrics.push_back(std::get<MetricPoints>(Points("more", 1, 1, 1).kind));
  EXPECT_THAT(CheckEvent({"a", snapshot}), StatusIs(kInvalidArgument, "got 10001"));
}

TEST(CheckEventTest, NamesAreBoundedInLengthAndNumber) {
  const auto names = [](size_t key_bytes, size_t count) {
    ParamsAndTags event;
    for (size_t i = 0; i < count; ++i) event.params.emplace_back(std::string(key_bytes, 'k'), "v");
    return RunEvent{"a", event};
  };
  EXPECT_THAT(CheckEvent(names(1024, 1)), IsOk());
  EXPECT_THAT(CheckEvent(names(1025, 1)), StatusIs(kInvalidArgument, "key of params must have at most 1024 bytes, got 1025"));
  EXPECT_THAT(CheckEvent(names(1, 10'000)), IsOk());
  EXPECT_THAT(CheckEvent(names(1, 10'001)), StatusIs(kInvalidArgument, "at most 10000 an event, got 10001"));
  EXPECT_THAT(CheckEvent({"a", RunStarted{.study_id = "1", .run_name = std::string(1025, 'n')}}),
              StatusIs(kInvalidArgument, "run_name must have at most 1024 bytes, got 1025"));
}

TEST(CheckEventTest, ARunEndsFinishedFailedOrKilled) {
  EXPECT_THAT(CheckEvent({"a", RunEnded{.status = RunStatus::kKilled}}), IsOk());
  EXPECT_THAT(CheckEvent({"a", RunEnded{.status = RunStatus::kRunning}}),
              StatusIs(kInvalidArgument, "status must be FINISHED, FAILED or KILLED, got 1"));
  EXPECT_THAT(CheckEvent({"a", RunEnded{.status = static_cast<RunStatus>(17)}}), StatusIs(kInvalidArgument, "got 17"));
}

TEST(CheckEventTest, ASnapshotNamesItsStudyAndStatus) {
  EXPECT_THAT(CheckEvent({"a", Snapshot()}), IsOk());
  RunSnapshot without_study = Snapshot();
  without_study.study_id = "";
  EXPECT_THAT(CheckEvent({"a", without_study}), StatusIs(kInvalidArgument, "study_id must not be empty"));
  RunSnapshot without_status = Snapshot();
  without_status.status = RunStatus::kUnspecified;
  EXPECT_THAT(CheckEvent({"a", without_status}), StatusIs(kInvalidArgument, "status must be one of RunStatus, got 0"));
}

TEST(CheckEventTest, AStudyIdIsOneSegmentOfAName) {
  EXPECT_THAT(CheckEvent({"a", RunStarted{.study_id = "1/2"}}),
              StatusIs(kInvalidArgument, "study_id must not contain"));
}

}  // namespace
}  // namespace isoflop
