// A store that never comes to rest still signs, and writes back.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "audit/sqlite.h"
#include "audit/store_check.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWriters = 4;
constexpr std::size_t kCheckpoints = 4;
// Long beyond what the signing of a few checkpoints takes on any machine.
constexpr std::chrono::seconds kPatience{60};

class Load : public StoreTest {
 protected:
  // Records without end, by callers that each wait for their answer.
  void write_until(const std::atomic<bool>& enough) {
    std::vector<std::thread> writers;
    for (std::uint32_t w = 0; w < kWriters; ++w) {
      writers.emplace_back([this, w, &enough] {
        for (std::uint32_t i = 0; !enough; ++i) {
          ASSERT_TRUE(append(*store_, record(w * 10'000'000 + i)));
          ++written_;
        }
      });
    }
    for (std::thread& writer : writers) writer.join();
  }
  // What the file of the last one says, which anybody may read.
  std::uint64_t signed_size() {
    const auto note = parse_note(file_bytes(options_.directory + "/qf.checkpoint"));
    const auto checkpoint = note ? parse_checkpoint(note->text) : tl::unexpected(note.error());
    return checkpoint ? checkpoint->size : 0;
  }

  // What the offline check finds in the closed store.
  StoreReport check() {
    StoreCheckOptions how;
    how.directory = options_.directory;
    how.public_key = SigningKey::load(options_.signing_key_file)->public_key();
    const auto report = check_store(how);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(StoreReport{});
  }

  std::atomic<std::uint64_t> written_ = 0;
};

TEST_F(Load, ACheckpointIsSignedEachSecondWithoutAPause) {
  const SqliteStoreOptions defaults;
  ASSERT_EQ(defaults.checkpoint_interval, std::chrono::seconds(1));
  options_.checkpoint_interval = defaults.checkpoint_interval;
  open();
  std::atomic<bool> enough = false;
  std::thread load([&] { write_until(enough); });
  std::vector<std::uint64_t> sizes;
  std::vector<std::uint64_t> acknowledged;
  const auto begin = Clock::now();
  auto first = begin, last = begin;
  while (sizes.size() < kCheckpoints && Clock::now() - begin < kPatience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::uint64_t size = signed_size();
    if (size == 0 || (!sizes.empty() && sizes.back() == size)) continue;
    last = Clock::now();
    if (sizes.empty()) first = last;
    sizes.push_back(size);
    acknowledged.push_back(written_);
  }
  enough = true;
  load.join();
  ASSERT_EQ(sizes.size(), kCheckpoints);
  for (std::size_t i = 1; i < kCheckpoints; ++i) {
    EXPECT_GT(sizes[i], sizes[i - 1]);
    // The callers were answered meanwhile.
    EXPECT_GT(acknowledged[i], acknowledged[i - 1]);
  }
  // By the clock, not with every transaction.
  EXPECT_GT(last - first, (kCheckpoints - 1) * defaults.checkpoint_interval / 2);
  const auto statistics = store_->statistics();
  EXPECT_GT(statistics.commits, 4 * statistics.checkpoints_signed);

  store_.reset();
  const auto report = check();
  EXPECT_TRUE(report.defects.empty());
  EXPECT_GE(report.logs.at(0).checkpoints, kCheckpoints);
}

// Another connection of this process, as readers and tools have one.
class OtherConnection {
 public:
  explicit OtherConnection(const std::string& path)
      : database_(*Database::open(path, Database::Access::kReadOnly)) {}
  std::int64_t leaves() { return *database_.integer_of("SELECT count(*) FROM leaf"); }
  bool whole() { return *database_.text_of("PRAGMA integrity_check") == "ok"; }
  void hold_what_is_there() {
    ASSERT_TRUE(database_.execute("BEGIN"));
    leaves();
  }
  void let_go() { ASSERT_TRUE(database_.execute("COMMIT")); }

 private:
  Database database_;
};

// How often a write-ahead log was begun anew: its first salt counts that.
// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
std::uint32_t first_salt(const std::string& wal) {
  constexpr std::size_t kOffset = 16;
  const auto bytes = file_bytes(wal);
  std::uint32_t salt = 0;
  for (std::size_t i = 0; i < 4 && bytes.size() >= kOffset + 4; ++i) {
    salt = salt << 8 | static_cast<std::uint8_t>(bytes[kOffset + i]);
  }
  return salt;
}

constexpr std::uint64_t kFewPages = 64;
constexpr std::uint32_t kTimes = 20;

// Everything is written back beside writers and readers, again and again, so that the write-ahead
// log is begun anew, and every page arrives.
TEST_F(Load, ItIsWrittenBackBesideWritersAndReaders) {
  options_.write_back_pages = kFewPages;
  open();
  ASSERT_TRUE(append(*store_, record(kWriters * 10'000'000)));
  const std::string wal = log_db() + "-wal";
  const std::uint32_t salt = first_salt(wal);
  std::atomic<bool> enough = false;
  std::thread load([&] { write_until(enough); });
  OtherConnection reader(log_db());
  std::int64_t seen = 0;
  const auto begin = Clock::now();
  while (first_salt(wal) - salt < kTimes && Clock::now() - begin < kPatience) {
    const std::int64_t now = reader.leaves();
    EXPECT_GE(now, seen);
    seen = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  enough = true;
  load.join();
  EXPECT_GE(first_salt(wal) - salt, kTimes);
  EXPECT_GE(store_->statistics().write_backs, kTimes);
  EXPECT_EQ(*store_->tree_size("qf"), written_ + 1);
  EXPECT_EQ(reader.leaves(), static_cast<std::int64_t>(written_ + 1));
  EXPECT_TRUE(reader.whole());
  store_.reset();
  EXPECT_TRUE(OtherConnection(log_db()).whole());
  EXPECT_TRUE(check().defects.empty());
}

// A reader that stays keeps the write-ahead log from being written back further; that is tried
// as often as it has grown, not without end, and made up for when the reader has gone.
TEST_F(Load, AReaderThatStaysMakesNobodyBusy) {
  options_.write_back_pages = kFewPages;
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  OtherConnection reader(log_db());
  reader.hold_what_is_there();
  const std::uint64_t before = store_->statistics().write_back_attempts;
  std::uint32_t i = 0;
  while (store_->statistics().wal_pages < 20 * kFewPages) {
    ASSERT_TRUE(append(*store_, record(++i + 1)));
  }
  const auto held = store_->statistics();
  EXPECT_LE(held.write_backs, before);
  EXPECT_GT(held.write_back_attempts, before);
  // With a quarter of the pages when nobody has come for a moment.
  EXPECT_LE(held.write_back_attempts, before + 4 * held.wal_pages / kFewPages);
  EXPECT_EQ(reader.leaves(), 1);
  reader.let_go();
  const auto begin = Clock::now();
  while (store_->statistics().wal_pages > 2 * kFewPages && Clock::now() - begin < kPatience) {
    ASSERT_TRUE(append(*store_, record(++i + 1)));
  }
  EXPECT_LE(store_->statistics().wal_pages, 2 * kFewPages);
  EXPECT_GT(store_->statistics().write_backs, held.write_backs);
  EXPECT_EQ(reader.leaves(), static_cast<std::int64_t>(i) + 1);
  store_.reset();
  EXPECT_TRUE(check().defects.empty());
}

}  // namespace
}  // namespace paxid::audit
