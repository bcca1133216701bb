#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/running_server.h"

namespace isoflop {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class IngestServiceTest : public ::testing::Test {
 protected:
  int64_t EventCount() {
    v1::ServerInfo info;
    EXPECT_TRUE(Call(*server_.info, &v1::ServerService::Stub::GetServerInfo, v1::GetServerInfoRequest(), &info).ok());
    return info.acknowledged_event_count();
  }

  RunningServer server_;
};

TEST_F(IngestServiceTest, GreetsAClientOfTheSameMajorAndMinorVersion) {
  EXPECT_TRUE(RunEventClient(server_.channel(), "0.1.0").greeted());
  EXPECT_TRUE(RunEventClient(server_.channel(), "0.1.7").greeted());
}

TEST_F(IngestServiceTest, RefusesAClientOfAnotherVersion) {
  for (const std::string version : {"0.2.0", "1.1.0", "", "0"}) {
    RunEventClient client(server_.channel(), version);
    EXPECT_FALSE(client.greeted());
    const grpc::Status status = client.Finish();
    EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
    EXPECT_THAT(status.error_message(), HasSubstr("client_version must be 0.1.x"));
  }
}

TEST_F(IngestServiceTest, RefusesABatchBeforeTheGreeting) {
  grpc::ClientContext context;
  const auto stream = server_.ingest->StreamRunEvents(&context);
  v1::StreamRunEventsRequest request;
  request.mutable_batch()->set_sequence_number(1);
  stream->Write(request);
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("hello must come first"));
}

TEST_F(IngestServiceTest, RefusesASequenceWithAGap) {
  RunEventClient client(server_.channel());
  ASSERT_TRUE(client.Store({StartedEvent("a")}));
  client.SendAs(3, {StartedEvent("b")});
  const grpc::Status status = client.Finish();
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("expected 2, got 3"));
  EXPECT_EQ(EventCount(), 1);
}

TEST_F(IngestServiceTest, StoresTheRestOfABatchWithRefusedEvents) {
  v1::RunEvent uneven = PointEvent("a", 1, 2);
  uneven.mutable_metric_points()->add_steps(2);
  v1::RunEvent without_kind;
  without_kind.set_run_id("a");
  RunEventClient client(server_.channel());
  ASSERT_TRUE(client.Store(
      {StartedEvent("a"), StartedEvent(""), uneven, without_kind, EndedEvent("a", v1::RUNNING), EndedEvent("a")}))
      << client.Finish().error_message();
  ASSERT_THAT(client.rejected(), SizeIs(4));
  EXPECT_EQ(client.rejected()[0].sequence_number(), 1);
  EXPECT_EQ(client.rejected()[0].event_index(), 1);
  EXPECT_THAT(client.rejected()[0].reason(), HasSubstr("run_id must not be empty"));
  EXPECT_EQ(client.rejected()[1].event_index(), 2);
  EXPECT_THAT(client.rejected()[1].reason(), HasSubstr("got 2, 1 and 1"));
  EXPECT_THAT(client.rejected()[2].reason(), HasSubstr("kind must be set"));
  EXPECT_THAT(client.rejected()[3].reason(), HasSubstr("got 1"));
  EXPECT_EQ(EventCount(), 2);
  ASSERT_TRUE(client.Store({PointEvent("a", 2, 2)}));
}

TEST_F(IngestServiceTest, ReportsMoreRefusalsThanOneMessageHolds) {
  RunEventClient client(server_.channel());
  ASSERT_TRUE(client.Store(std::vector<v1::RunEvent>(5'001, StartedEvent(""))));
  EXPECT_THAT(client.rejected(), SizeIs(5'001));
}

TEST_F(IngestServiceTest, AcknowledgesAllThatWasSentBeforeAHalfClose) {
  RunEventClient client(server_.channel());
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(client.Send({PointEvent("a", i, i)}));
  client.WritesDone();
  while (client.ReadAcknowledgement()) {
  }
  EXPECT_EQ(client.acknowledged(), 500);
  EXPECT_TRUE(client.Finish().ok());
  EXPECT_EQ(EventCount(), 500);
}

TEST_F(IngestServiceTest, RefusesAMessageOver4Mebibytes) {
  RunEventClient client(server_.channel());
  client.Send({StartedEvent(std::string(5 << 20, 'x'))});
  EXPECT_EQ(client.Finish().error_code(), grpc::RESOURCE_EXHAUSTED);
}

TEST_F(IngestServiceTest, ADrainedServerAcknowledgesWhatItReadAndEndsTheStream) {
  RunEventClient client(server_.channel());
  ASSERT_TRUE(client.Store({StartedEvent("a")}));
  server_.Drain();
  const grpc::Status status = client.Finish();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("stopping"));
}

TEST_F(IngestServiceTest, AClientThatVanishesLeavesTheOthersAlone) {
  RunEventClient other(server_.channel());
  for (int i = 0; i < 20; ++i) {
    RunEventClient client(server_.channel());
    client.Send({PointEvent("a", i, i)});  // Gone before its acknowledgement.
  }
  EXPECT_TRUE(other.Store({StartedEvent("b")}));
}

TEST_F(IngestServiceTest, GrantsTheReconcileLeaseToOneHolder) {
  const auto acquire = [&](const std::string& holder, double duration_sec, bool* granted) {
    v1::AcquireReconcileLeaseRequest request;
    request.set_holder(holder);
    request.set_duration_sec(duration_sec);
    v1::AcquireReconcileLeaseResponse response;
    const grpc::Status status =
        Call(*server_.ingest, &v1::IngestService::Stub::AcquireReconcileLease, request, &response);
    *granted = response.granted();
    return status.error_code();
  };
  bool granted = false;
  EXPECT_EQ(acquire("x", 60, &granted), grpc::OK);
  EXPECT_TRUE(granted);
  EXPECT_EQ(acquire("y", 60, &granted), grpc::OK);
  EXPECT_FALSE(granted);
  EXPECT_EQ(acquire("", 60, &granted), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(acquire("x", 0.9, &granted), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(acquire("x", 601, &granted), grpc::INVALID_ARGUMENT);
}

TEST_F(IngestServiceTest, KeepsSettingsWhateverTheyMeanAndRefusesOtherNamesAndSizes) {
  const auto set = [this](const std::string& study_id, const std::string& name, const std::string& value) {
    v1::SetStudySettingsRequest request;
    request.set_study_id(study_id);
    (*request.mutable_settings())[name] = value;
    v1::SetStudySettingsResponse response;
    return Call(*server_.ingest, &v1::IngestService::Stub::SetStudySettings, request, &response);
  };
  EXPECT_TRUE(set("1", "isoflop.mapping.no such quantity", "x").ok());
  EXPECT_TRUE(set("1", "isoflop.days", "30").ok());
  EXPECT_THAT(set("", "isoflop.days", "30").error_message(), HasSubstr("study_id must not be empty"));
  EXPECT_THAT(set("1", "team", "a").error_message(), HasSubstr("names that start with isoflop., of at most 1024 bytes, got team"));
  const grpc::Status large = set("1", "isoflop.days", std::string(40'000, '3'));
  EXPECT_EQ(large.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_THAT(large.error_message(), HasSubstr("must have at most 32768 bytes, got 40000"));
}

}  // namespace
}  // namespace isoflop
