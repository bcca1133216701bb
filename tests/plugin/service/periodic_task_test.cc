#include "plugin/service/periodic_task.h"

#include <gtest/gtest.h>

#include <future>

namespace isoflop {
namespace {

TEST(PeriodicTaskTest, CallsAgainAfterThePauseThatTheTaskAsksForAndEndsAtOnce) {
  std::promise<void> called_twice;
  int calls = 0;
  {
    const PeriodicTask task(0, [&]() -> double {
      if (++calls == 2) called_twice.set_value();
      return calls < 2 ? 0 : 1e6;  // An end that waited for the third call would not come.
    });
    called_twice.get_future().wait();
  }
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace isoflop
