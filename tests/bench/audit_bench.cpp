// The log under load and at a million records: durable appends beside a bare file in the same run,
// CPU for a row in a large store beside an empty one, and how long a start takes.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include "audit/store.h"
#include "base/check.h"
#include "base/clock.h"
#include "tests/temporary_store.h"

namespace paxid::audit {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::uint64_t kLarge = 1 << 20;       // a million records
constexpr std::uint64_t kRecordsOfSubject = 2;  // at the kiosk, at the gate
constexpr std::size_t kBodyBytes = 600;
constexpr std::size_t kResponseBytes = 300;

// Request ids grow with time, as UUIDv7 do.
Record record(std::uint64_t number) {
  Record made;
  made.tenant = "demo";
  made.request_id = {0x01, 0x93};
  for (std::size_t i = 0; i < 8; ++i) {
    made.request_id[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  made.canonical_request.assign(made.request_id.begin(), made.request_id.end());
  made.decision = 1;
  made.actor = {1};
  const std::string subject = "D|" + std::to_string(number / kRecordsOfSubject);
  made.subject = SubjectLookup{1, Bytes(subject.begin(), subject.end())};
  made.body.assign(kBodyBytes, 'b');
  made.response.assign(kResponseBytes, 'r');
  return made;
}

// Appends [first, first + count) with at most `callers` waiting.
void append(Store& store, std::uint64_t first, std::uint64_t count, std::uint64_t callers) {
  std::mutex mutex;
  std::condition_variable room;
  std::uint64_t waiting = 0;
  for (std::uint64_t i = first; i < first + count; ++i) {
    {
      std::unique_lock lock(mutex);
      room.wait(lock, [&] { return waiting < callers; });
      ++waiting;
    }
    store.append(record(i), [&](const base::Result<Receipt>& receipt) {
      PAXID_CHECK(receipt.has_value());
      const std::lock_guard lock(mutex);
      --waiting;
      room.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  room.wait(lock, [&] { return waiting == 0; });
}

double seconds_since(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// Of all threads.
double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The same bytes in the same batches into a bare file.
double raw_seconds(const std::string& directory, std::uint64_t records, std::uint64_t commits) {
  constexpr std::size_t kSealedOverheads = 2 * 77;
  const std::uint64_t batch = (records + commits - 1) / commits;
  const std::string bytes(batch * (186 + kBodyBytes + kResponseBytes + kSealedOverheads), 'x');
  const int fd = ::open((directory + "/raw").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  PAXID_CHECK(fd >= 0);
  const auto begin = SteadyClock::now();
  for (std::uint64_t i = 0; i < commits; ++i) {
    PAXID_CHECK(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    PAXID_CHECK(::fdatasync(fd) == 0);
  }
  const double seconds = seconds_since(begin);
  ::close(fd);
  return seconds;
}

void append_beside_raw(benchmark::State& state) {
  constexpr std::uint64_t kRound = 4096;
  const base::SystemClock clock;
  const TemporaryStore store(clock);
  append(*store, 0, kRound, 64);
  std::uint64_t next = kRound;
  double ours = 0;
  double raw = 0;
  for (auto _ : state) {
    const std::uint64_t before = store->statistics().commits;
    const auto begin = SteadyClock::now();
    append(*store, next, kRound, 64);
    const double seconds = seconds_since(begin);
    next += kRound;
    ours += seconds;
    raw += raw_seconds(store.directory(), kRound, store->statistics().commits - before);
    state.SetIterationTime(seconds);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRound));
  state.counters["of_raw_file"] = raw / ours;
}
BENCHMARK(append_beside_raw)
    ->Name("append, 64 callers")
    ->UseManualTime()
    ->Iterations(12)
    ->Unit(benchmark::kMillisecond);

void a_million(benchmark::State& state) {
  // As long as the indexes of subjects of a large log take to be moved into their tables once, so
  // that every round has the same part of that work.
  constexpr std::uint64_t kRound = 65'536;
  const base::SystemClock clock;
  TemporaryStore store(clock);
  const auto cpu_of = [&](std::uint64_t first) {
    const double before = cpu_seconds();
    append(*store, first, kRound, kMaxBatchRecords);
    return cpu_seconds() - before;
  };
  for (auto _ : state) {
    append(*store, 0, kRound, kMaxBatchRecords);
    const double empty = cpu_of(kRound);
    append(*store, 2 * kRound, kLarge - 2 * kRound, kMaxBatchRecords);
    const double full = cpu_of(kLarge);
    store.close();
    const auto begin = SteadyClock::now();
    store.open();
    const double start = seconds_since(begin);
    PAXID_CHECK(*store->tree_size("demo") == kLarge + kRound);
    state.SetIterationTime(start);
    state.counters["cpu_full_to_empty"] = full / empty;
    state.counters["cpu_us_per_row"] = full / kRound * 1e6;
    state.counters["start_seconds"] = start;
  }
  state.SetItemsProcessed(1);
}
BENCHMARK(a_million)
    ->Name("start, a million records")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace paxid::audit
