#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace paxid::server {

// Tasks that wait for one of the worker; further ones are refused.
inline constexpr std::size_t kMaxQueuedTasks = 256;

// One thread for work that may wait for the disk, because a gRPC callback must not.
class Worker {
 public:
  Worker();
  // Runs what is queued, then ends.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False when the queue is full or the worker has ended; `task` was not taken then.
  bool run(std::function<void()> task);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool ending_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace paxid::server
