#include "plugin/document/run_keys.h"

#include <gtest/gtest.h>

namespace isoflop {
namespace {

TEST(RunKeysTest, AreAsLongAsTellsAllRunsApartAndThreeMore) {
  RecognizedStudy study;
  EXPECT_EQ(RunKeyLength(study), 4);
  study.observations = {{.run_id = "a1000"}, {.run_id = "b1000"}};
  EXPECT_EQ(RunKeyLength(study), 4);
  study.excluded = {{.run_id = "b1200"}, {.run_id = "b1000"}};  // The second is of points of a run that is used.
  EXPECT_EQ(RunKeyLength(study), 6);
  study.running_run_ids = {"a1001"};
  EXPECT_EQ(RunKeyLength(study), 8);
}

}  // namespace
}  // namespace isoflop
