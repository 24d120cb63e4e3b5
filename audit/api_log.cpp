#include "audit/api_log.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace paxid::audit {
namespace {

constexpr std::int64_t kApplicationId = 0x50584150;  // "PXAP"
constexpr std::int64_t kSchemaVersion = 1;

constexpr const char* kSchema = R"(
CREATE TABLE entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  time_unix_us INTEGER NOT NULL,
  station TEXT NOT NULL,
  channel TEXT NOT NULL,
  actor BLOB NOT NULL CHECK (length(actor) = 16),
  operation TEXT NOT NULL
) STRICT;
CREATE INDEX entry_time ON entry (time_unix_us);
)";

std::int64_t as_column(std::uint64_t value) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
}

base::Result<void> set_up(Database& database) {
  // secure_delete: what must be gone after a year must not stay in a free page.
  if (auto set = database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                  "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;");
      !set) {
    return set;
  }
  const auto application = database.integer_of("PRAGMA application_id");
  if (!application) return tl::unexpected(application.error());
  const auto version = database.integer_of("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*application == kApplicationId && *version == kSchemaVersion) return {};
  if (*application != 0 || *version != 0) {
    return base::fail(base::ErrorCode::kFailedPrecondition, "is no API-processing log", "api.db");
  }
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto made = database.execute(kSchema); !made) return made;
  if (auto marked = database.execute("PRAGMA application_id=" + std::to_string(kApplicationId) +
                                     ";PRAGMA user_version=" + std::to_string(kSchemaVersion));
      !marked) {
    return marked;
  }
  return transaction->commit();
}

}  // namespace

std::uint64_t one_year_before(std::uint64_t unix_us) {
  using namespace std::chrono;
  const sys_time<microseconds> time{microseconds(unix_us)};
  const sys_days day = floor<days>(time);
  year_month_day date = year_month_day(day) - years(1);
  if (!date.ok()) date = date.year() / date.month() / last;
  const auto before = sys_days(date) + (time - day);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, before.time_since_epoch().count()));
}

base::Result<std::unique_ptr<ApiLog>> ApiLog::open(const std::string& file,
                                                   const base::Clock& clock) {
  auto database = Database::open(file, Database::Access::kReadWrite);
  if (!database) return tl::unexpected(database.error());
  if (auto ready = set_up(*database); !ready) return tl::unexpected(ready.error());
  std::unique_ptr<ApiLog> log(new ApiLog(*std::move(database), clock));
  if (auto prepared = log->prepare(); !prepared) return tl::unexpected(prepared.error());
  log->thread_ = std::thread([raw = log.get()] { raw->work(); });
  return log;
}

base::Result<void> ApiLog::check(const std::string& file) {
  auto database = Database::open(file, Database::Access::kReadOnly);
  if (!database) return tl::unexpected(database.error());
  if (auto waits = database->execute("PRAGMA busy_timeout=5000"); !waits) return waits;
  const auto application = database->integer_of("PRAGMA application_id");
  if (!application) return tl::unexpected(application.error());
  const auto version = database->integer_of("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*application != kApplicationId || *version != kSchemaVersion) {
    return base::fail(base::ErrorCode::kDataLoss, "is no API-processing log", "api.db");
  }
  const auto whole = database->text_of("PRAGMA integrity_check(1)");
  if (!whole) return tl::unexpected(whole.error());
  if (*whole != "ok") return base::fail(base::ErrorCode::kDataLoss, "SQLite: " + *whole, "api.db");
  const auto wrong = database->integer_of("SELECT count(*) FROM entry WHERE length(actor) <> 16");
  if (!wrong) return tl::unexpected(wrong.error());
  if (*wrong > 0)
    return base::fail(base::ErrorCode::kDataLoss, "an entry cannot be read", "api.db");
  return {};
}

ApiLog::ApiLog(Database database, const base::Clock& clock)
    : clock_(clock), database_(std::move(database)) {}

ApiLog::~ApiLog() {
  {
    std::lock_guard lock(queue_mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

base::Result<void> ApiLog::prepare() {
  const auto ready = [&](std::string_view sql, Statement& to) -> base::Result<void> {
    auto statement = database_.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    to = *std::move(statement);
    return {};
  };
  auto prepared = ready(
      "INSERT INTO entry (tenant, time_unix_us, station, channel, actor, operation) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      insert_);
  if (prepared) {
    prepared = ready(
        "SELECT id, time_unix_us, station, channel, actor, operation FROM entry "
        "WHERE id > ? AND tenant = ? AND time_unix_us >= ? AND time_unix_us < ? "
        "ORDER BY id LIMIT ?",
        list_);
  }
  if (prepared) prepared = ready("DELETE FROM entry WHERE time_unix_us <= ?", prune_);
  if (prepared) prepared = ready("SELECT changes()", changes_);
  return prepared;
}

void ApiLog::append(std::string_view tenant, ApiEntry entry, Completion done) {
  std::unique_lock lock(queue_mutex_);
  if (ending_ || queue_.size() >= kMaxQueuedApiEntries) {
    lock.unlock();
    return done(base::fail(base::ErrorCode::kResourceExhausted, "too many API entries wait"));
  }
  // Under the lock, so that entries stand in the order of their times.
  entry.time_unix_us = clock_.unix_microseconds();
  queue_.push_back({std::string(tenant), std::move(entry), std::move(done)});
  lock.unlock();
  wake_.notify_one();
}

base::Result<void> ApiLog::write(const std::deque<Waiting>& batch) {
  std::lock_guard lock(database_mutex_);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  for (const Waiting& one : batch) {
    const ApiEntry& entry = one.entry;
    if (auto inserted = insert_.run(
            std::string_view(one.tenant), entry.time_unix_us, std::string_view(entry.station),
            std::string_view(entry.channel), entry.actor, std::string_view(entry.operation));
        !inserted) {
      return inserted;
    }
  }
  return transaction->commit();
}

void ApiLog::work() {
  for (;;) {
    std::deque<Waiting> batch;
    {
      std::unique_lock lock(queue_mutex_);
      wake_.wait(lock, [this] { return ending_ || !queue_.empty(); });
      if (queue_.empty()) return;
      batch.swap(queue_);
    }
    const auto written = write(batch);
    for (Waiting& one : batch) one.done(written);
  }
}

base::Result<ApiPage> ApiLog::list(std::string_view tenant, std::uint64_t from_unix_us,
                                   std::uint64_t until_unix_us, std::int64_t after) {
  const std::uint64_t kept = one_year_before(clock_.unix_microseconds()) + 1;
  std::lock_guard lock(database_mutex_);
  ApiPage page;
  list_.start(after, tenant, as_column(std::max(from_unix_us, kept)), as_column(until_unix_us),
              static_cast<std::int64_t>(kMaxApiEntries));
  std::int64_t last = 0;
  for (;;) {
    const auto row = list_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    ApiEntry& entry = page.entries.emplace_back();
    last = list_.integer(0);
    entry.time_unix_us = static_cast<std::uint64_t>(list_.integer(1));
    entry.station = list_.text(2);
    entry.channel = list_.text(3);
    const bool right = list_.fixed(4, entry.actor);
    entry.operation = list_.text(5);
    if (!right) {
      list_.reset();
      return base::fail(base::ErrorCode::kDataLoss, "an API entry cannot be read", "api.db");
    }
  }
  if (page.entries.size() == kMaxApiEntries) page.next = last;
  return page;
}

base::Result<std::uint64_t> ApiLog::prune() {
  std::lock_guard lock(database_mutex_);
  const std::uint64_t bound = one_year_before(clock_.unix_microseconds());
  if (auto pruned = prune_.run(as_column(bound)); !pruned) return tl::unexpected(pruned.error());
  changes_.start();
  const auto row = changes_.next();
  if (!row) return tl::unexpected(row.error());
  const std::int64_t gone = *row ? changes_.integer(0) : 0;
  changes_.reset();
  // What was deleted is still in the write-ahead log until that is written back.
  if (gone > 0) {
    if (auto written = database_.checkpoint(/*truncate=*/true); !written) {
      return tl::unexpected(written.error());
    }
  }
  return static_cast<std::uint64_t>(gone);
}

}  // namespace paxid::audit
