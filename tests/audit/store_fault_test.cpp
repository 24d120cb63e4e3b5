#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <ostream>
#include <thread>

#include "audit/merkle.h"
#include "audit/verify_log.h"
#include "tests/audit/fault_vfs.h"
#include "tests/audit/store_fixture.h"
#include "tests/words.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

class StoreFault : public StoreTest {
 protected:
  void SetUp() override {
    register_fault_vfs();
    options_.vfs = kFaultVfs;
  }
  void TearDown() override {
    stop_failing();
    release_syncs();
  }
  void expect_sound() {
    const std::vector<std::string> tenants = *store_->tenants();
    for (const std::string& tenant : tenants) {
      const auto report = verify_log(*store_, tenant);
      ASSERT_TRUE(report) << report.error().message;
      for (const LogProblem& problem : report->problems) {
        ADD_FAILURE() << name_of(problem.kind) << " at " << problem.index << ": "
                      << problem.message;
      }
    }
  }
};

TEST_F(StoreFault, AFailedCommitPoisonsTheStoreUntilARestart) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  fail_after(0, Fault::kIoError, false);
  EXPECT_EQ(append(*store_, record(2)).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(stop_failing());
  // The disk works again, but what was written is not known: nothing may build on it.
  EXPECT_FALSE(store_->healthy());
  EXPECT_FALSE(store_->statistics().healthy);
  EXPECT_EQ(append(*store_, record(3)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(append(*store_, record(1)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store_->checkpoint("qf").error().code, ErrorCode::kUnavailable);

  reopen();
  EXPECT_TRUE(store_->healthy());
  const auto retried = append(*store_, record(2));
  ASSERT_TRUE(retried);
  EXPECT_EQ(retried->index, 1u);
  EXPECT_EQ(*store_->tree_size("qf"), 2u);
  expect_sound();
}

// The log signs at once and cannot, so that a checkpoint is always due.
TEST_F(StoreFault, APoisonedCommitterSleeps) {
  options_.checkpoint_interval = std::chrono::milliseconds(0);
  open();
  std::filesystem::create_directory(options_.directory + "/qf.checkpoint.new");
  ASSERT_TRUE(append(*store_, record(1)));
  fail_after(0, Fault::kIoError, false);
  ASSERT_EQ(append(*store_, record(2)).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(stop_failing());
  const std::uint64_t rounds = store_->statistics().rounds;
  // Refused without waking it; long enough for a committer that does not sleep.
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(append(*store_, record(3)).error().code, ErrorCode::kUnavailable);
  }
  store_->close();
  EXPECT_LE(store_->statistics().rounds, rounds + 8);  // those that end its threads
}

std::int64_t leaves_in(const std::string& path) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database, "SELECT count(*) FROM leaf", -1, &statement, nullptr),
            SQLITE_OK);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
  const std::int64_t count = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return count;
}

// Fails the n-th write, sync or truncation of log.db for every n that three appends, a
// checkpoint and closing need. Whatever was acknowledged must be there, and retrying
// everything must leave exactly three records.
class EveryFailedWrite : public StoreFault {
 protected:
  // Whether anything failed.
  bool run(std::uint64_t n, Fault fault) {
    std::filesystem::remove_all(options_.directory);
    std::filesystem::remove(options_.kek);
    std::filesystem::remove(options_.signing_key_file);
    open();
    fail_after(n, fault, false);
    std::map<std::uint32_t, Receipt> acknowledged;
    for (std::uint32_t i = 0; i < 3; ++i) {
      if (auto receipt = append(*store_, record(i))) acknowledged[i] = *receipt;
      (void)store_->checkpoint("qf");
    }
    write_backs_ += store_->statistics().write_backs;
    store_.reset();
    const bool failed = stop_failing();

    open();
    for (const auto& [number, receipt] : acknowledged) {
      const auto leaf = store_->leaf("qf", receipt.index);
      EXPECT_TRUE(leaf && leaf_hash(leaf->leaf_data) == receipt.leaf_hash) << "fault " << n;
    }
    for (std::uint32_t i = 0; i < 3; ++i) {
      const auto receipt = append(*store_, record(i));
      EXPECT_TRUE(receipt) << "fault " << n;
      if (receipt && acknowledged.contains(i)) {
        EXPECT_TRUE(receipt->replayed);
        EXPECT_EQ(receipt->index, acknowledged[i].index);
      }
    }
    EXPECT_EQ(*store_->tree_size("qf"), 3u) << "fault " << n;
    expect_sound();
    store_.reset();
    return failed;
  }
  // Writing back needs more or fewer calls from run to run, so that one without a fault is not the
  // last one.
  void run_all() {
    for (const Fault fault : {Fault::kIoError, Fault::kDiskFull}) {
      for (std::uint64_t n = 0, without = 0; without < 4; ++n) {
        ASSERT_LT(n, 500u);
        without = run(n, fault) ? 0 : without + 1;
      }
    }
  }
  std::uint64_t write_backs_ = 0;
};

TEST_F(EveryFailedWrite, LosesNothingAcknowledged) { run_all(); }

// The same while another thread writes back.
TEST_F(EveryFailedWrite, LosesNothingAcknowledgedBesideWritingBack) {
  options_.write_back_pages = 4;
  run_all();
  EXPECT_GT(write_backs_, 0u);
}

// Records are written and answered while the thread that writes back waits for the disk.
TEST_F(StoreFault, WritingBackKeepsNobodyWaiting) {
  // Long beyond what a record takes on any machine, and many more than are needed.
  constexpr std::chrono::seconds kPatience{60};
  constexpr std::uint32_t kMost = 10'000;
  options_.write_back_pages = 4;
  open();
  std::uint32_t written = 0;
  const auto write = [&] {
    auto waiting = append_async(*store_, record(written++));
    const bool in_time = waiting.wait_for(kPatience) == std::future_status::ready;
    if (!in_time) release_syncs();
    EXPECT_TRUE(in_time);
    return waiting.get().has_value() && in_time && written < kMost;
  };
  hold_database_syncs();
  while (!database_sync_waits()) ASSERT_TRUE(write());
  const std::uint64_t before = store_->statistics().write_backs;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(write());
  EXPECT_EQ(store_->statistics().write_backs, before);
  release_syncs();
  while (store_->statistics().write_backs == before) ASSERT_TRUE(write());
  EXPECT_EQ(*store_->tree_size("qf"), written);
  expect_sound();
}

// A disk that does not answer: every thread of the committer waits for it with a record of its own,
// and what comes next stays in the queue.
class BusyStore : public StoreFault {
 protected:
  static constexpr std::uint32_t kThreads = 4;

  void occupy() {
    options_.overlap_from = 1;
    open();
    ASSERT_TRUE(append(*store_, record(100)));
    hold_syncs();
    for (std::uint32_t i = 1; i <= kThreads; ++i) {
      occupying_.push_back(append_async(*store_, record(100 + i)));
      while (leaves_in(log_db()) < 1 + i) std::this_thread::yield();
    }
  }
  void release() {
    release_syncs();
    for (auto& waiting : occupying_) EXPECT_TRUE(waiting.get());
  }

 private:
  std::vector<std::future<base::Result<Receipt>>> occupying_;
};

// Duplicates and conflicts queue up behind a request that is itself in flight, so that they are
// decided in one batch.
TEST_F(BusyStore, DuplicatesInFlightWaitForTheFirst) {
  occupy();
  std::vector<std::future<base::Result<Receipt>>> same;
  for (int i = 0; i < 5; ++i) same.push_back(append_async(*store_, record(1)));
  Record other = record(1);
  other.canonical_request = bytes("something else");
  auto conflict = append_async(*store_, other);
  release();

  const auto first = same[0].get();
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->replayed);
  for (std::size_t i = 1; i < same.size(); ++i) {
    const auto again = same[i].get();
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(again->index, first->index);
    EXPECT_EQ(again->response, first->response);
  }
  EXPECT_EQ(conflict.get().error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(*store_->tree_size("qf"), 1 + kThreads + 1);
  EXPECT_EQ(store_->statistics().commits, 1 + kThreads + 1);
}

TEST_F(BusyStore, AFullQueueRefusesAtOnce) {
  options_.max_queued = 2;
  occupy();
  auto first = append_async(*store_, record(1));
  auto second = append_async(*store_, record(2));
  auto third = append_async(*store_, record(3));
  ASSERT_EQ(third.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  EXPECT_EQ(third.get().error().code, ErrorCode::kResourceExhausted);
  release();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(append(*store_, record(3)));
}

// While one transaction waits for the disk the next one is written, and nobody is told of either.
TEST_F(StoreFault, NothingIsAnsweredBeforeItIsOnDisk) {
  options_.overlap_from = 1;
  open();
  ASSERT_TRUE(append(*store_, record(0)));
  hold_syncs();
  auto first = append_async(*store_, record(1));
  while (leaves_in(log_db()) < 2) std::this_thread::yield();
  auto second = append_async(*store_, record(2));
  while (leaves_in(log_db()) < 3) std::this_thread::yield();
  // The retry of a record that is written and not on disk has to wait as well.
  auto retry = append_async(*store_, record(1));
  for (auto* waiting : {&first, &second, &retry}) {
    EXPECT_EQ(waiting->wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  }
  EXPECT_EQ(*store_->tree_size("qf"), 1u);
  EXPECT_FALSE(store_->index_of("qf", request_id(1))->has_value());
  release_syncs();
  EXPECT_EQ(first.get()->index, 1u);
  EXPECT_EQ(second.get()->index, 2u);
  const auto replay = retry.get();
  EXPECT_TRUE(replay->replayed);
  EXPECT_EQ(replay->index, 1u);
  EXPECT_EQ(*store_->tree_size("qf"), 3u);
  expect_sound();
}

// Who comes while a few records wait for the disk waits for the next transaction.
TEST_F(StoreFault, FewCallersShareTransactions) {
  options_.overlap_from = 4;
  open();
  ASSERT_TRUE(append(*store_, record(0)));
  hold_syncs();
  std::vector<std::future<base::Result<Receipt>>> waiting;
  waiting.push_back(append_async(*store_, record(1)));
  while (leaves_in(log_db()) < 2) std::this_thread::yield();
  for (std::uint32_t i = 2; i < 5; ++i) waiting.push_back(append_async(*store_, record(i)));
  EXPECT_EQ(store_->statistics().queued, 3u);
  EXPECT_EQ(leaves_in(log_db()), 2);
  // One more is enough for a transaction of its own.
  waiting.push_back(append_async(*store_, record(5)));
  while (leaves_in(log_db()) < 6) std::this_thread::yield();
  release_syncs();
  for (std::uint32_t i = 1; i < 6; ++i) EXPECT_EQ(waiting[i - 1].get()->index, i);
  EXPECT_EQ(store_->statistics().commits, 3u);
}

// The disk fails under the first of two transactions: neither is acknowledged.
TEST_F(StoreFault, AFailedSyncTakesWhatWasWrittenAfterItAlong) {
  options_.overlap_from = 1;
  open();
  ASSERT_TRUE(append(*store_, record(0)));
  hold_syncs();
  auto first = append_async(*store_, record(1));
  while (leaves_in(log_db()) < 2) std::this_thread::yield();
  auto second = append_async(*store_, record(2));
  while (leaves_in(log_db()) < 3) std::this_thread::yield();
  fail_after(0, Fault::kIoError, false);
  release_syncs();
  EXPECT_EQ(first.get().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(second.get().error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(stop_failing());
  EXPECT_FALSE(store_->healthy());
  reopen();
  for (std::uint32_t i = 0; i < 3; ++i) EXPECT_EQ(append(*store_, record(i))->index, i);
  EXPECT_EQ(*store_->tree_size("qf"), 3u);
  expect_sound();
}

TEST_F(StoreFault, AFullDiskIsRolledBackAndWorksAgain) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  fail_after(0, Fault::kDiskFull, true);
  for (std::uint32_t i = 2; i < 5; ++i) {
    EXPECT_EQ(append(*store_, record(i)).error().code, ErrorCode::kResourceExhausted);
  }
  EXPECT_TRUE(store_->healthy());
  stop_failing();
  for (std::uint32_t i = 2; i < 5; ++i) ASSERT_TRUE(append(*store_, record(i)));
  EXPECT_EQ(*store_->tree_size("qf"), 4u);
  expect_sound();
}

TEST_F(StoreFault, TheDatabaseLimitIsLikeAFullDisk) {
  options_.max_pages = 40;
  open();
  std::uint32_t kept = 0;
  base::Result<Receipt> last = append(*store_, record(0));
  while (last && kept < 10'000) last = append(*store_, record(++kept));
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, ErrorCode::kResourceExhausted);
  EXPECT_TRUE(store_->healthy());
  EXPECT_EQ(*store_->tree_size("qf"), kept);
  // What is there can be read and proved, and retries are answered.
  EXPECT_TRUE(append(*store_, record(0))->replayed);
  options_.max_pages = 0;
  reopen();
  EXPECT_EQ(append(*store_, record(kept))->index, kept);
  expect_sound();
}

TEST_F(StoreFault, ACheckpointThatCannotBeStoredIsNotShown) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  // A directory in the place of the file that replaces the checkpoint.
  std::filesystem::create_directory(options_.directory + "/qf.checkpoint.new");
  EXPECT_FALSE(store_->checkpoint("qf"));
  EXPECT_TRUE(append(*store_, record(2)));
  std::filesystem::remove(options_.directory + "/qf.checkpoint.new");
  EXPECT_EQ(head().size, 2u);
}

// What opening finds out.
class StoreOpening : public StoreTest {
 protected:
  void SetUp() override {
    open();
    for (std::uint32_t i = 0; i < 300; ++i) waiting_.push_back(append_async(*store_, record(i)));
    for (auto& future : waiting_) ASSERT_TRUE(future.get());
    head();
    store_.reset();
  }
  std::vector<std::future<base::Result<Receipt>>> waiting_;
};

struct Tampering {
  const char* name;
  const char* file;
  const char* sql;
  friend void PrintTo(const Tampering& self, std::ostream* out) { *out << self.name; }
};
class TamperedStore : public StoreOpening, public testing::WithParamInterface<Tampering> {};

TEST_P(TamperedStore, IsNotOpened) {
  execute_sql(options_.directory + "/" + GetParam().file, GetParam().sql);
  EXPECT_EQ(open_error().code, ErrorCode::kDataLoss);
}

INSTANTIATE_TEST_SUITE_P(
    Store, TamperedStore,
    testing::Values(
        Tampering{"LeafChanged", "log.db",
                  "UPDATE leaf SET data = (SELECT data FROM leaf WHERE idx = 4) WHERE idx = 3"},
        Tampering{"LastLeafChanged", "log.db",
                  "UPDATE leaf SET data = (SELECT data FROM leaf WHERE idx = 4) WHERE idx = 299"},
        Tampering{"LeafUnreadable", "log.db", "UPDATE leaf SET data = x'00' WHERE idx = 7"},
        Tampering{"LeafRemoved", "log.db", "DELETE FROM leaf WHERE idx = 100"},
        Tampering{"FirstLeafRemoved", "log.db", "DELETE FROM leaf WHERE idx = 0"},
        Tampering{"TailRemoved", "log.db", "DELETE FROM leaf WHERE idx >= 299"},
        Tampering{"TileChanged", "log.db", "UPDATE tile SET hashes = zeroblob(8192)"},
        Tampering{"TileRemoved", "log.db", "DELETE FROM tile"},
        Tampering{"SubjectKeyRemoved", "keys.db",
                  "DELETE FROM data_key WHERE id = (SELECT min(id) FROM data_key WHERE kind = 1)"},
        Tampering{"LogKeyRemoved", "keys.db", "DELETE FROM data_key WHERE kind = 2"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(StoreOpening, AnOldCopyIsNotOpened) {
  const std::string copy = directory_.path() + "/copy";
  std::filesystem::copy(options_.directory, copy);
  open();
  ASSERT_TRUE(append(*store_, record(300)));
  store_.reset();
  // The database of yesterday, the checkpoint of today.
  std::filesystem::copy_file(copy + "/log.db", log_db(),
                             std::filesystem::copy_options::overwrite_existing);
  const base::Error error = open_error();
  EXPECT_EQ(error.code, ErrorCode::kDataLoss);
  EXPECT_NE(error.message.find("shorter"), std::string::npos);
}

void expect_lost(const base::Error& error, std::string_view what) {
  EXPECT_EQ(error.code, ErrorCode::kDataLoss);
  EXPECT_NE(error.message.find(what), std::string::npos) << error.message;
  EXPECT_NE(error.message.find("restore log.db"), std::string::npos) << error.message;
}

TEST_F(StoreOpening, ALostLogIsNotBegunAnew) {
  for (const bool emptied : {false, true}) {
    if (emptied) {
      std::ofstream(log_db(), std::ios::trunc).close();
    } else {
      std::filesystem::remove(log_db());
    }
    // Again and again, not only until the first attempt has left a file.
    for (int attempt = 0; attempt < 2; ++attempt) {
      expect_lost(open_error(), emptied ? "keys.db" : "qf.checkpoint");
    }
  }
}

TEST_F(StoreOpening, ALostLogThatWasNeverSignedIsNotBegunAnew) {
  std::filesystem::remove(options_.directory + "/qf.checkpoint");
  std::filesystem::remove(log_db());
  for (int attempt = 0; attempt < 2; ++attempt) expect_lost(open_error(), "keys.db");
}

TEST_F(StoreOpening, ACopyFromBeforeALogBeganIsNotOpened) {
  std::filesystem::copy_file(log_db(), directory_.path() + "/log.db");
  open();
  ASSERT_TRUE(append(*store_, record(1, "ba")));
  store_.reset();
  std::filesystem::copy_file(directory_.path() + "/log.db", log_db(),
                             std::filesystem::copy_options::overwrite_existing);
  expect_lost(open_error(), "ba.checkpoint");
}

TEST_F(StoreFault, KeysWithoutARecordDoNotKeepTheStoreShut) {
  open();
  // The keys of the first record are on disk before it is.
  fail_after(0, Fault::kIoError, false);
  ASSERT_EQ(append(*store_, record(1)).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(stop_failing());
  reopen();
  EXPECT_EQ(append(*store_, record(1))->index, 0u);
}

// Makes the first page of a table unreadable, which only a look-up in the table notices.
void damage_table(const std::string& path, const std::string& table) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  const std::string sql =
      "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE "
      "type = 'table' AND name = '" +
      table + "'";
  ASSERT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  const std::int64_t page = sqlite3_column_int64(statement, 0);
  const std::int64_t page_size = sqlite3_column_int64(statement, 1);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp((page - 1) * page_size);
  file << std::string(static_cast<std::size_t>(page_size), '\xFF');
  ASSERT_TRUE(file.flush());
}

TEST_F(StoreOpening, ADamagedDatabasePoisonsTheStore) {
  for (const char* table : {"request", "body"}) {
    const std::string copy = directory_.path() + "/copy";
    std::filesystem::copy(options_.directory, copy);
    damage_table(log_db(), table);
    open();
    // A retry reads both tables; another request must not be recorded on top either.
    EXPECT_EQ(append(*store_, record(7)).error().code, ErrorCode::kDataLoss) << table;
    EXPECT_FALSE(store_->healthy()) << table;
    EXPECT_EQ(append(*store_, record(301)).error().code, ErrorCode::kUnavailable) << table;
    store_.reset();
    std::filesystem::remove_all(options_.directory);
    std::filesystem::rename(copy, options_.directory);
  }
  open();
  EXPECT_TRUE(append(*store_, record(7))->replayed);
}

TEST_F(StoreOpening, AStoredAnswerThatDoesNotOpenConcernsItsRequestAlone) {
  execute_sql(log_db(),
              "UPDATE body SET response = (SELECT response FROM body WHERE idx = 4) WHERE idx = 3");
  execute_sql(log_db(), "UPDATE body SET response = x'00' WHERE idx = 5");
  open();
  for (const std::uint32_t damaged : {3u, 5u}) {
    EXPECT_EQ(append(*store_, record(damaged)).error().code, ErrorCode::kDataLoss);
  }
  EXPECT_TRUE(store_->healthy());
  EXPECT_TRUE(append(*store_, record(4))->replayed);
  EXPECT_EQ(append(*store_, record(301))->index, 300u);
}

TEST_F(StoreOpening, ADamagedKeyConcernsItsSubjectAlone) {
  open();
  execute_sql(options_.directory + "/keys.db",
              "UPDATE data_key SET wrapped = zeroblob(60) WHERE id = x'" +
                  base::to_hex(decode_leaf(store_->leaf("qf", 3)->leaf_data)->subject_ref) + "'");
  EXPECT_EQ(append(*store_, record(3)).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(append(*store_, record(3 + 7 * 100)).error().code, ErrorCode::kDataLoss);
  EXPECT_TRUE(store_->healthy());
  EXPECT_TRUE(append(*store_, record(4))->replayed);
  EXPECT_EQ(append(*store_, record(302))->index, 300u);
}

TEST_F(StoreOpening, AMissingCheckpointFileIsNotForgotten) {
  // The next transaction after signing records the checkpoint; closing is one.
  std::filesystem::remove(options_.directory + "/qf.checkpoint");
  EXPECT_EQ(open_error().code, ErrorCode::kDataLoss);
}

TEST_F(StoreOpening, AnotherSigningKeyIsRefused) {
  std::filesystem::remove(options_.signing_key_file);
  EXPECT_EQ(open_error().code, ErrorCode::kFailedPrecondition);  // none is made for old data
  ASSERT_TRUE(SigningKey::create(options_.signing_key_file));
  EXPECT_EQ(open_error().field, "signing_key_file");
}

TEST_F(StoreOpening, AnotherOriginIsRefused) {
  options_.origin_prefix = "other.example";
  EXPECT_EQ(open_error().field, "origin_prefix");
}

TEST_F(StoreOpening, MissingKeysAreNotMadeAnew) {
  std::filesystem::rename(options_.directory + "/keys.db", directory_.path() + "/keys.db");
  EXPECT_EQ(open_error().code, ErrorCode::kFailedPrecondition);
  std::filesystem::rename(directory_.path() + "/keys.db", options_.directory + "/keys.db");
  std::filesystem::remove(options_.kek);
  EXPECT_EQ(open_error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(StoreOpening, OneOpenStoreKeepsAnotherOut) {
  open();
  const auto second = open_sqlite_store(options_, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(StoreOpening, ADatabaseOfAnotherProgramIsRefused) {
  execute_sql(log_db(), "UPDATE log SET tenant = tenant; PRAGMA user_version = 99");
  EXPECT_EQ(open_error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(StoreTest, BadOptionsAreNamed) {
  options_.origin_prefix = "with space";
  EXPECT_EQ(open_error().field, "origin_prefix");
  options_.origin_prefix.clear();
  EXPECT_EQ(open_error().field, "origin_prefix");
  options_.origin_prefix = "audit.example";
  options_.create_keys = false;
  EXPECT_EQ(open_error().field, "signing_key_file");
}

// What the check of an open store finds out.
class VerifyLog : public StoreTest {
 protected:
  void SetUp() override {
    open();
    std::vector<std::future<base::Result<Receipt>>> waiting;
    for (std::uint32_t i = 0; i < 300; ++i) waiting.push_back(append_async(*store_, record(i)));
    for (auto& future : waiting) ASSERT_TRUE(future.get());
  }
  LogReport verify() {
    auto report = verify_log(*store_, "qf");
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(LogReport{});
  }
};

TEST_F(VerifyLog, ASoundLogHasNoProblems) {
  const LogReport report = verify();
  EXPECT_TRUE(report.problems.empty());
  EXPECT_EQ(report.size, 300u);
  EXPECT_EQ(report.bodies_opened, 300u);
  EXPECT_EQ(report.bodies_erased, 0u);
  EXPECT_EQ(report.root, head().root);
  EXPECT_EQ(verify_log(*store_, "ba").error().code, ErrorCode::kNotFound);
}

TEST(LogProblems, HaveTheirNames) { expect_words<LogProblem::Kind>(Letters::kUpper); }

struct Damage {
  const char* name;
  const char* sql;
  LogProblem::Kind kind;
  std::uint64_t index;
  friend void PrintTo(const Damage& self, std::ostream* out) { *out << self.name; }
};
class DamagedLog : public VerifyLog, public testing::WithParamInterface<Damage> {};

TEST_P(DamagedLog, IsFound) {
  execute_sql(log_db(), GetParam().sql);
  const LogReport report = verify();
  bool found = false;
  for (const LogProblem& problem : report.problems) {
    found = found || (problem.kind == GetParam().kind && problem.index == GetParam().index);
  }
  EXPECT_TRUE(found) << report.problems.size() << " problems";
}

INSTANTIATE_TEST_SUITE_P(
    Store, DamagedLog,
    testing::Values(
        Damage{"LeafOfAnother",
               "UPDATE leaf SET data = (SELECT data FROM leaf WHERE idx = 4) WHERE idx = 3",
               LogProblem::Kind::kProofWrong, 3},
        Damage{"LeafOfAnotherLosesItsRequest",
               "UPDATE leaf SET data = (SELECT data FROM leaf WHERE idx = 4) WHERE idx = 3",
               LogProblem::Kind::kRequestUnindexed, 3},
        Damage{"LeafOfAnotherChangesTheRoot",
               "UPDATE leaf SET data = (SELECT data FROM leaf WHERE idx = 4) WHERE idx = 3",
               LogProblem::Kind::kCheckpointWrong, 300},
        Damage{"LeafShort", "UPDATE leaf SET data = x'00' WHERE idx = 299",
               LogProblem::Kind::kLeafUnreadable, 299},
        Damage{"LeafRemoved", "DELETE FROM leaf WHERE idx = 100", LogProblem::Kind::kLeafUnreadable,
               100},
        Damage{"LeafEarlier",
               "UPDATE leaf SET data = CAST(substr(data, 1, 6) || x'0000000000000001' || "
               "substr(data, 15) AS BLOB) WHERE idx = 9",
               LogProblem::Kind::kTimeBackwards, 9},
        Damage{"BodyOfAnother",
               "UPDATE body SET sealed = (SELECT sealed FROM body WHERE idx = 4) WHERE idx = 3",
               LogProblem::Kind::kBodyChanged, 3},
        Damage{"BodyShort", "UPDATE body SET sealed = x'01' WHERE idx = 299",
               LogProblem::Kind::kBodyChanged, 299},
        Damage{"BodyRemoved", "UPDATE body SET sealed = NULL WHERE idx = 5",
               LogProblem::Kind::kBodyMissing, 5},
        Damage{"BodyRowRemoved", "DELETE FROM body WHERE idx = 5", LogProblem::Kind::kBodyMissing,
               5},
        Damage{"TileChanged", "UPDATE tile SET hashes = zeroblob(8192)",
               LogProblem::Kind::kProofWrong, 0},
        Damage{"TileRemoved", "DELETE FROM tile", LogProblem::Kind::kProofWrong, 255},
        Damage{"RequestRemoved", "DELETE FROM request WHERE idx = 8",
               LogProblem::Kind::kRequestUnindexed, 8},
        Damage{"RequestElsewhere", "UPDATE request SET idx = 9 WHERE idx = 8",
               LogProblem::Kind::kRequestUnindexed, 8}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(VerifyLog, ALostSubjectKeyIsNotReplaced) {
  const Id16 subject = decode_leaf(store_->leaf("qf", 3)->leaf_data)->subject_ref;
  execute_sql(options_.directory + "/keys.db",
              "DELETE FROM data_key WHERE id = x'" + base::to_hex(subject) + "'");
  Record next = record(2000);
  next.subject = record(3).subject;
  EXPECT_EQ(append(*store_, next).error().code, ErrorCode::kDataLoss);
  EXPECT_TRUE(store_->healthy());
  EXPECT_TRUE(append(*store_, record(2001)));
}

}  // namespace
}  // namespace paxid::audit
