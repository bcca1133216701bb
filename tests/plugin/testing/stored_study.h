#ifndef ISOFLOP_TESTS_PLUGIN_TESTING_STORED_STUDY_H_
#define ISOFLOP_TESTS_PLUGIN_TESTING_STORED_STUDY_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/plugin/testing/run_event_client.h"
#include "tests/plugin/testing/running_server.h"

namespace isoflop {

// Stores the events and waits for the intervals of `version` of the study's law.
inline void StoreStudy(RunningServer& server, const std::vector<v1::RunEvent>& events, int64_t version, const std::string& study_id = "1") {
  ASSERT_TRUE(RunEventClient(server.channel()).Store(events));
  grpc::ClientContext context;
  v1::WatchFittedLawsRequest request;
  request.set_study("studies/" + study_id);
  const auto watch = server.laws->WatchFittedLaws(&context, request);
  v1::FittedLawChange change;
  while (watch->Read(&change) && !(change.version() == version && change.intervals_ready())) {
  }
  EXPECT_EQ(change.version(), version);
  context.TryCancel();
}

}  // namespace isoflop

#endif  // ISOFLOP_TESTS_PLUGIN_TESTING_STORED_STUDY_H_
