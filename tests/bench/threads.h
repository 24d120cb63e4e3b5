#pragma once

#include <benchmark/benchmark.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <thread>
#include <vector>

namespace paxid::bench {

// Wall time of `threads` threads that each do `work`, on any core: a bench itself is kept on one.
template <class Work>
double seconds_of(std::size_t threads, const Work& work) {
  const auto on_any_core = [&work] {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    for (unsigned core = 0; core < std::thread::hardware_concurrency(); ++core) {
      CPU_SET(core, &cores);
    }
    sched_setaffinity(0, sizeof cores, &cores);
    work();
  };
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> running;
  for (std::size_t i = 0; i < threads; ++i) running.emplace_back(on_any_core);
  for (std::thread& thread : running) thread.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Counter "speedup" of two threads over one, for a bench of manual time. They take turns; the
// fastest of each count, as the least disturbed ones.
template <class Work>
void measure_two_threads(benchmark::State& state, const Work& work) {
  double one = std::numeric_limits<double>::infinity();
  double two = one;
  for (auto _ : state) {
    one = std::min(one, seconds_of(1, work));
    const double taken = seconds_of(2, work);
    two = std::min(two, taken);
    state.SetIterationTime(taken);
  }
  state.counters["speedup"] = 2 * one / two;
}

}  // namespace paxid::bench
