#include "plugin/study/turn_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace isoflop {
namespace {

using Queue = TurnQueue<std::string>;

TEST(TurnQueueTest, AKeyThatAsksOftenWaitsForTheOthersLikeAnyOther) {
  Queue queue;
  for (const char* key : {"storm", "storm", "calm", "storm", "late"}) queue.Push(key);
  EXPECT_EQ(queue.Take(), "storm");
  for (int i = 0; i < 100; ++i) queue.Push("storm");
  EXPECT_EQ(queue.waiting_count(), 2u);
  queue.Finish("storm");
  EXPECT_EQ(queue.Take(), "calm");
  EXPECT_EQ(queue.Take(), "late");
  EXPECT_EQ(queue.Take(), "storm");
  EXPECT_EQ(queue.waiting_count(), 0u);
}

TEST(TurnQueueTest, AKeyHasOneTurnAtATime) {
  Queue queue;
  queue.Push("a");
  EXPECT_EQ(queue.Take(), "a");
  queue.Push("a");
  queue.Push("b");
  EXPECT_EQ(queue.Take(), "b");  // "a" waits for the end of its turn.
  EXPECT_EQ(queue.running_count(), 2u);
  queue.Finish("a");
  EXPECT_EQ(queue.Take(), "a");
}

TEST(TurnQueueTest, ARetryComesByItself) {
  Queue queue;
  queue.Push("a");
  EXPECT_EQ(queue.Take(), "a");
  queue.FinishAndRetry("a", 0.001);
  EXPECT_EQ(queue.Take(), "a");
}

TEST(TurnQueueTest, AStopWakesThoseWhoWait) {
  Queue queue;
  std::thread waiting([&] { EXPECT_FALSE(queue.Take().has_value()); });
  queue.Stop();
  waiting.join();
}

}  // namespace
}  // namespace isoflop
