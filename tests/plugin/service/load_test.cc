// Everything at once: runs stream in and finish, laws are refitted and watched, pages are read, runs are retained, and the
// server drains under the load. Its point is what the thread sanitizer says of it (tests/sanitize thread).

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/plugin/testing/events.h"
#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/running_server.h"

namespace isoflop {
namespace {

constexpr int kStreamCount = 4;
constexpr int kRounds = 3;

TEST(LoadTest, IngestRefitAndWatchAtOnce) {
  RunningServer server;
  std::atomic<bool> stopping = false;
  std::atomic<int> stored = 0, seen = 0;
  std::vector<std::thread> threads;
  for (int s = 0; s < kStreamCount; ++s) {
    threads.emplace_back([&, s] {
      RunEventClient client(server.channel());
      const std::string study = absl::StrCat(s % 2);
      for (int round = 0; round < kRounds; ++round) {
        std::vector<v1::RunEvent> events = FinishedGrid(study);
        for (v1::RunEvent& event : events) event.set_run_id(absl::StrCat(event.run_id(), " of ", s, " in ", round));
        for (size_t i = 0; i < events.size(); i += 4) {
          stored += client.Store({events.begin() + i, events.begin() + std::min(i + 4, events.size())});
        }
      }
    });
  }
  std::vector<std::thread> watchers;
  for (int w = 0; w < 2; ++w) {
    watchers.emplace_back([&] {
      grpc::ClientContext context;
      const auto reader = server.laws->WatchFittedLaws(&context, v1::WatchFittedLawsRequest());
      for (v1::FittedLawChange change; reader->Read(&change);) ++seen;
      EXPECT_EQ(reader->Finish().error_code(), grpc::UNAVAILABLE);  // The server has drained.
    });
  }
  std::thread asker([&] {
    while (!stopping) {
      v1::ServerInfo info;
      EXPECT_TRUE(Call(*server.info, &v1::ServerService::Stub::GetServerInfo, v1::GetServerInfoRequest(), &info).ok());
      v1::ListStudiesResponse studies;
      EXPECT_TRUE(Call(*server.studies, &v1::StudyService::Stub::ListStudies, v1::ListStudiesRequest(), &studies).ok());
      v1::RetainRunsRequest retain;
      retain.set_study_id("2");
      v1::RetainRunsResponse retained;
      EXPECT_TRUE(Call(*server.ingest, &v1::IngestService::Stub::RetainRuns, retain, &retained).ok());
    }
  });
  for (std::thread& thread : threads) thread.join();
  stopping = true;
  asker.join();
  const int batches = kStreamCount * kRounds * static_cast<int>(FinishedGrid().size()) / 4;
  EXPECT_EQ(stored, batches);

  // Some still send when the server drains.
  std::thread late([&] {
    RunEventClient client(server.channel());
    for (int64_t step = 0; client.Store({PointEvent("late", step, 3)}); ++step) {
    }
  });
  server.Drain();
  late.join();
  for (std::thread& watcher : watchers) watcher.join();
  EXPECT_GT(seen, 0);
}

}  // namespace
}  // namespace isoflop
