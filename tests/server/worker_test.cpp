#include "server/worker.h"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace paxid::server {
namespace {

TEST(Worker, RunsEverythingInOrderBeforeItEnds) {
  std::vector<int> order;
  {
    Worker worker;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(worker.run([&order, i] { order.push_back(i); }));
  }
  ASSERT_EQ(order.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Worker, RefusesWhenTheQueueIsFull) {
  std::promise<void> started;
  std::promise<void> release;
  std::size_t done = 0;
  {
    Worker worker;
    ASSERT_TRUE(worker.run([&] {
      started.set_value();
      release.get_future().wait();
    }));
    started.get_future().wait();
    for (std::size_t i = 0; i < kMaxQueuedTasks; ++i) ASSERT_TRUE(worker.run([&done] { ++done; }));
    EXPECT_FALSE(worker.run([&done] { ++done; }));
    release.set_value();
  }
  EXPECT_EQ(done, kMaxQueuedTasks);
}

}  // namespace
}  // namespace paxid::server
