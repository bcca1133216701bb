#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "plugin/service/event_log.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/running_server.h"

namespace isoflop {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// The body of GET /metrics at HOST:PORT.
std::string Scrape(const std::string& address) {
  int port = 0;
  EXPECT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
  sockaddr_in target = {};
  target.sin_family = AF_INET;
  target.sin_port = htons(static_cast<uint16_t>(port));
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(connect(connection, reinterpret_cast<const sockaddr*>(&target), sizeof target), 0);
  const std::string request = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(send(connection, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
  std::string answer;
  char bytes[4096];
  for (ssize_t count; (count = read(connection, bytes, sizeof bytes)) > 0;) answer.append(bytes, count);
  close(connection);
  return answer;
}

class ServerStatusTest : public ::testing::Test {
 protected:
  // Stores a grid of runs and waits for the intervals of its law.
  void StoreGrid(const std::string& study) {
    ASSERT_TRUE(RunEventClient(server_.channel()).Store(FinishedGrid(study)));
    grpc::ClientContext context;
    v1::WatchFittedLawsRequest request;
    request.set_study("studies/" + study);
    const auto watch = server_.laws->WatchFittedLaws(&context, request);
    v1::FittedLawChange change;
    while (watch->Read(&change) && !change.intervals_ready()) {
    }
    context.TryCancel();
  }

  v1::ServerStatus GetStatus(int page_size = 0, const std::string& page_token = "") {
    v1::GetStatusRequest request;
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    v1::ServerStatus status;
    EXPECT_TRUE(Call(*server_.info, &v1::ServerService::Stub::GetStatus, request, &status).ok());
    return status;
  }

  RunningServer server_;
};

TEST_F(ServerStatusTest, ShowsStudiesTheirLawsAndAnEmptyQueue) {
  StoreGrid("1");
  const v1::ServerStatus status = GetStatus();
  EXPECT_EQ(status.version(), "0.1.0");
  EXPECT_EQ(status.start_time().seconds(), 1'700'000'000);
  EXPECT_EQ(status.acknowledged_event_count(), 80);
  EXPECT_EQ(status.queue().waiting_study_count(), 0);
  EXPECT_EQ(status.queue().lag().seconds(), 0);
  ASSERT_EQ(status.studies_size(), 1);
  const v1::StudyStatus& study = status.studies(0);
  EXPECT_EQ(study.study(), "studies/1");
  EXPECT_EQ(study.run_count(), 20);
  EXPECT_EQ(study.observation_count(), 20);
  EXPECT_FALSE(study.has_lag());
  ASSERT_EQ(study.laws_size(), 1);
  EXPECT_EQ(study.laws(0).law(), "chinchilla");
  EXPECT_EQ(study.laws(0).version(), 1);
  EXPECT_TRUE(study.laws(0).intervals_ready());
  EXPECT_EQ(study.laws(0).refit().kind(), v1::Refit::COLD);
  EXPECT_EQ(study.laws(0).refit().change().added().count(), 20);
}

TEST_F(ServerStatusTest, ListsStudiesInPages) {
  for (const char* study : {"1", "2", "3"}) StoreGrid(study);
  const v1::ServerStatus first = GetStatus(2);
  EXPECT_THAT(first.studies(), SizeIs(2));
  EXPECT_EQ(first.study_count(), 3);
  const v1::ServerStatus second = GetStatus(2, first.next_page_token());
  ASSERT_THAT(second.studies(), SizeIs(1));
  EXPECT_EQ(second.studies(0).study(), "studies/3");
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(ServerStatusTest, MetricsTellTheSame) {
  StoreGrid("1");
  v1::RunEvent nameless = PointEvent("a", 1, 2.5);
  nameless.mutable_metric_points()->set_key("");
  ASSERT_TRUE(RunEventClient(server_.channel()).Store({nameless}));
  // The last thing that is counted, just after readers see the view.
  std::string metrics;
  for (int i = 0; i < 1000 && metrics.find("outcome=\"intervals\"") == std::string::npos; ++i) {
    metrics = Scrape(server_.metrics_address());
  }
  EXPECT_THAT(metrics, HasSubstr("isoflop_points_ingested_total{source=\"test\"} 20"));
  EXPECT_THAT(metrics, HasSubstr("isoflop_points_rejected_total{reason=\"key\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("isoflop_runs{state=\"ended\"} 20"));
  EXPECT_THAT(metrics, HasSubstr("isoflop_fits_total{outcome=\"cold\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("isoflop_fits_total{outcome=\"intervals\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("isoflop_fit_duration_seconds_count{part=\"point\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("isoflop_ingest_lag_seconds 0"));
  EXPECT_THAT(metrics, HasSubstr("isoflop_queue_depth{queue=\"studies_waiting\"} 0"));
}

TEST(LogLineTest, QuotesWhatWouldNotReadBack) {
  EXPECT_EQ(LogLine(LogLevel::kWarning, "e").With("plain", std::string("a/b:1")).text(),
            "level=warning event=e plain=a/b:1");
  EXPECT_EQ(LogLine(LogLevel::kInfo, "e").With("k", std::string("two words=\"x\"\n")).text(),
            "level=info event=e k=\"two words=\\\"x\\\"\\n\"");
  EXPECT_EQ(LogLine(LogLevel::kInfo, "e").With("k", std::string()).text(), "level=info event=e k=\"\"");
  EXPECT_EQ(LogLine(LogLevel::kInfo, "e").With("k", 0.25).With("n", int64_t{7}).text(),
            "level=info event=e k=0.25 n=7");
}

}  // namespace
}  // namespace isoflop
