#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "audit/bytes.h"
#include "audit/sqlite.h"
#include "base/clock.h"
#include "base/error.h"

// The log of processing advance passenger information that Regulation (EU) 2025/13, article 17,
// asks for: when, where and by whom, no passenger data, nothing that leads to a passenger; each
// entry one calendar year, then deleted. It stands apart from the records of decisions
// (docs/record_format.md section 13), in a database of its own.
namespace paxid::audit {

// Entries of one page.
inline constexpr std::size_t kMaxApiEntries = 2048;
// Entries that may wait for the disk.
inline constexpr std::size_t kMaxQueuedApiEntries = 4096;

// One processing. `operation` "compared": the data were compared with a travel document.
struct ApiEntry {
  std::uint64_t time_unix_us = 0;  // of the service's clock
  std::string station;             // IATA airport code, or empty
  std::string channel;             // "gate", "desk", ...
  Id16 actor{};                    // the registered principal
  std::string operation;
};

struct ApiPage {
  std::vector<ApiEntry> entries;
  std::int64_t next = 0;  // what the next page begins after; 0: this was the last one
};

// The same moment one calendar year before; of a 29 February, that of the 28th.
std::uint64_t one_year_before(std::uint64_t unix_us);

// Thread-safe.
class ApiLog {
 public:
  using Completion = std::function<void(base::Result<void>)>;

  // Opens or makes the database. DATA_LOSS, UNAVAILABLE, ... as audit/sqlite.h has them.
  static base::Result<std::unique_ptr<ApiLog>> open(const std::string& file,
                                                    const base::Clock& clock);
  // Whether the file is whole, as it lies there, also beside the server that writes it. DATA_LOSS
  // with the reason when it is not.
  static base::Result<void> check(const std::string& file);
  // Writes what is queued, then ends.
  ~ApiLog();
  ApiLog(const ApiLog&) = delete;
  ApiLog& operator=(const ApiLog&) = delete;

  // `done` is called once: when the entry is on disk, on a thread of the log, or with
  // RESOURCE_EXHAUSTED on this one when too many wait. The time of the entry is set here. `done`
  // must be short.
  void append(std::string_view tenant, ApiEntry entry, Completion done);

  // Entries of [from, until) in the order of their times, behind the one that a page named with
  // `after`; never one that is more than a year old.
  base::Result<ApiPage> list(std::string_view tenant, std::uint64_t from_unix_us,
                             std::uint64_t until_unix_us, std::int64_t after);
  // Deletes what is a year old or more; how many entries went.
  base::Result<std::uint64_t> prune();

 private:
  struct Waiting {
    std::string tenant;
    ApiEntry entry;
    Completion done;
  };

  ApiLog(Database database, const base::Clock& clock);
  base::Result<void> prepare();
  base::Result<void> write(const std::deque<Waiting>& batch);
  void work();

  const base::Clock& clock_;
  std::mutex database_mutex_;
  Database database_;
  Statement insert_;
  Statement list_;
  Statement prune_;
  Statement changes_;

  std::mutex queue_mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;
  bool ending_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace paxid::audit
