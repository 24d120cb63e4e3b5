#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "audit/effects.h"
#include "audit/key_store.h"
#include "audit/sqlite.h"
#include "tests/audit/rights_fixture.h"

// What is right or wrong in the files of the store of SQLite.
namespace paxid::audit {
namespace {

using base::ErrorCode;

TEST_F(Rights, AKeyThatCouldNotBeDestroyedIsDestroyedAtTheNextStart) {
  const Id16 ref = subject(3);
  // A directory in the place of the file of erasures.
  std::filesystem::create_directory(erasures_file(options_.directory));
  EXPECT_EQ(append(*store_, effect_on(1000, RecordEffect::kErase, ref)).error().code,
            ErrorCode::kUnavailable);
  EXPECT_FALSE(store_->healthy());
  EXPECT_NE(open_error().message, "");
  EXPECT_EQ(keys_of_subjects(), 7u);
  std::filesystem::remove(erasures_file(options_.directory));
  open();
  store_.reset();
  EXPECT_EQ(keys_of_subjects(), 6u);
  open();
  EXPECT_TRUE(append(*store_, effect_on(1000, RecordEffect::kErase, ref))->replayed);
  expect_sound();
}

// Another program that reads keys.db, whose write-ahead log then cannot be truncated.
class KeysInUse : public Rights {
 protected:
  static constexpr std::chrono::seconds kPatience{60};

  void SetUp() override {
    options_.destroy_keys_again = std::chrono::milliseconds(20);
    Rights::SetUp();
    auto opened = Database::open(keys_, Database::Access::kReadOnly);
    ASSERT_TRUE(opened && opened->execute("BEGIN"));
    ASSERT_TRUE(opened->integer_of("SELECT count(*) FROM data_key"));
    reader_.emplace(*std::move(opened));
    erasure_ = effect_on(1000, RecordEffect::kErase, subject(3));
    const auto refused = append(*store_, erasure_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(refused.error().field, kKeysInUseField);
    EXPECT_TRUE(is_in_write_ahead_log());
  }
  bool is_in_write_ahead_log() const { return !file_bytes(keys_ + "-wal").empty(); }
  void stop_reading() { ASSERT_TRUE(reader_->execute("COMMIT")); }
  void wait_until_destroyed() {
    const auto begin = std::chrono::steady_clock::now();
    while (is_in_write_ahead_log() && std::chrono::steady_clock::now() - begin < kPatience) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_FALSE(is_in_write_ahead_log());
  }
  void expect_destroyed_once() {
    EXPECT_EQ(noted_erasures(erasures_file(options_.directory))->size(), 1u);
    expect_sound();
    store_.reset();
    EXPECT_EQ(keys_of_subjects(), 6u);
  }

  const std::string keys_ = options_.directory + "/keys.db";
  std::optional<Database> reader_;
  Record erasure_;
};

TEST_F(KeysInUse, AnErasureIsAnsweredWhenTheKeyIsInNoFile) {
  EXPECT_TRUE(store_->healthy());
  EXPECT_EQ(append(*store_, erasure_).error().field, kKeysInUseField);
  stop_reading();
  const auto answered = append(*store_, erasure_);
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_TRUE(answered->replayed);
  EXPECT_FALSE(is_in_write_ahead_log());
  expect_destroyed_once();
}

TEST_F(KeysInUse, NobodyElseIsRefused) {
  EXPECT_TRUE(append(*store_, record(501)));
  EXPECT_TRUE(append(*store_, effect_on(1001, RecordEffect::kHold, subject(4))));
  // An erasure that must not be is told so.
  EXPECT_EQ(append(*store_, effect_on(1002, RecordEffect::kErase, subject(4))).error().code,
            ErrorCode::kFailedPrecondition);
}

TEST_F(KeysInUse, TheKeyGoesWhenNobodyAsksAgain) {
  stop_reading();
  wait_until_destroyed();
  expect_destroyed_once();
}

TEST_F(KeysInUse, AStartDoesNotWaitForWhoReads) {
  reopen();
  EXPECT_TRUE(append(*store_, record(501)));
  EXPECT_TRUE(is_in_write_ahead_log());
  stop_reading();
  wait_until_destroyed();
  const auto answered = append(*store_, erasure_);
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_TRUE(answered->replayed);
  // A start does not know what the one before has noted.
  EXPECT_EQ(noted_erasures(erasures_file(options_.directory))->size(), 2u);
}

// Who is erased while his key is on its way for another reason is noted as well.
TEST_F(KeysInUse, AnErasureAfterPruningIsNoted) {
  const Id16 other = subject(4);
  for (const RetentionClass one :
       {RetentionClass::kMatch, RetentionClass::kReview, RetentionClass::kMismatch}) {
    ASSERT_TRUE(append(*store_, prune(1010 + static_cast<std::uint32_t>(one), one, kRecords)));
  }
  const auto refused = append(*store_, effect_on(1002, RecordEffect::kErase, other));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, kKeysInUseField);
  stop_reading();
  wait_until_destroyed();
  EXPECT_EQ(noted_erasures(erasures_file(options_.directory))->size(), 2u);
}

TEST_F(Rights, ARestoredCopyErasesAgain) {
  const Id16 ref = subject(3);
  store_.reset();
  const std::string copy = directory_.path() + "/copy";
  std::filesystem::copy(options_.directory, copy);
  open();
  ASSERT_TRUE(append(*store_, effect_on(999, RecordEffect::kHold, subject(4))));
  ASSERT_TRUE(append(*store_, effect_on(1000, RecordEffect::kErase, ref)));
  store_.reset();
  // Yesterday's log, keys and checkpoint; of today only the file of erasures is left.
  for (const char* name : {"log.db", "keys.db", "qf.checkpoint"}) {
    std::filesystem::copy_file(copy + "/" + name, options_.directory + "/" + name,
                               std::filesystem::copy_options::overwrite_existing);
  }
  open();
  EXPECT_EQ(store_->open_body("qf", 3).error().code, ErrorCode::kFailedPrecondition);
  const auto state = store_->subject("qf", ref);
  ASSERT_TRUE(state->erased_by);
  EXPECT_EQ(decode_leaf(store_->leaf("qf", *state->erased_by)->leaf_data)->decision,
            kErasureAfterRestore);
  expect_sound();
  const std::uint64_t size = *store_->tree_size("qf");
  store_.reset();
  EXPECT_EQ(keys_of_subjects(), 6u);
  open();
  EXPECT_EQ(*store_->tree_size("qf"), size);
}

// Undoes what version 3 changed, whose indexes of subjects may be behind, then version 2.
constexpr const char* kToVersion2 =
    "INSERT OR IGNORE INTO subject SELECT log, kind, blind_index, substr(data, 31, 16) "
    "FROM subject_first JOIN leaf USING (log, idx);"
    "INSERT OR IGNORE INTO subject_record SELECT log, substr(data, 31, 16), idx FROM leaf "
    "WHERE substr(data, 31, 16) <> zeroblob(16);"
    "CREATE INDEX subject_of_ref ON subject (log, ref);"
    "DROP TABLE subject_first; DROP TABLE indexed; PRAGMA user_version = 2";
constexpr const char* kToVersion1 =
    "UPDATE log SET tenant = tenant; DROP TABLE subject_record; DROP INDEX subject_of_ref;"
    "DROP TABLE subject_mark; DROP TABLE pruned; DROP TABLE deadline; PRAGMA user_version = 1";

// A log.db of an older version gets the tables it lacks, filled from what it has.
TEST_F(Rights, AnOlderDatabaseIsBroughtUpToDate) {
  for (const bool to_first : {false, true}) {
    const std::uint32_t number = to_first ? 4 : 3;
    const Id16 ref = subject(number);
    store_.reset();
    execute_sql(log_db(), kToVersion2);
    if (to_first) execute_sql(log_db(), kToVersion1);
    open();
    EXPECT_EQ(subject(number), ref);
    EXPECT_EQ(store_->subject("qf", ref)->records.size(), 10u);
    EXPECT_TRUE(append(*store_, effect_on(1000 + number, RecordEffect::kErase, ref)));
    EXPECT_FALSE(*store_->subject_of("qf", *record(number).subject));
    expect_sound();
  }
}

// So many that the indexes of subjects are written: the oldest are in the tables, others on their
// way there, the newest in memory alone. Nobody can tell.
class ManySubjects : public Rights {
 protected:
  static constexpr std::uint32_t kSubjects = 7'000;  // two records each

  static Record record_of(std::uint32_t subject, std::uint32_t time) {
    Record one = record(10'000 + time * kSubjects + subject);
    one.subject = SubjectLookup{1, bytes("PASSENGER " + std::to_string(subject))};
    return one;
  }
  void SetUp() override {
    open();
    append_all(0);
    append_all(1);
  }
  void append_all(std::uint32_t time) {
    for (std::uint32_t first = 0; first < kSubjects; first += 1'000) {
      std::vector<std::future<base::Result<Receipt>>> waiting;
      for (std::uint32_t i = first; i < first + 1'000; ++i) {
        waiting.push_back(append_async(*store_, record_of(i, time)));
      }
      for (auto& one : waiting) ASSERT_TRUE(one.get());
    }
  }
  std::optional<Id16> ref_of(std::uint32_t subject) {
    return *store_->subject_of("qf", *record_of(subject, 0).subject);
  }
  void expect_found() {
    for (std::uint32_t i = 0; i < kSubjects; ++i) {
      const auto ref = ref_of(i);
      ASSERT_TRUE(ref) << i;
      EXPECT_EQ(store_->subject("qf", *ref)->records,
                (std::vector<std::uint64_t>{i, kSubjects + i}))
          << i;
    }
  }
  std::int64_t indexed() {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(log_db().c_str(), &database), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, "SELECT bound FROM indexed", -1, &statement, nullptr),
              SQLITE_OK);
    const std::int64_t bound =
        sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return bound;
  }
};

TEST_F(ManySubjects, AreFoundInTablesAndInMemory) {
  expect_found();
  reopen();
  EXPECT_GT(indexed(), 0);
  EXPECT_LT(indexed(), 2 * kSubjects);
  expect_found();
  // What was moved in part before the restart is moved again.
  for (std::uint32_t part = 0; part < 4; ++part) {
    std::vector<std::future<base::Result<Receipt>>> waiting;
    for (std::uint32_t i = 0; i < 2'000; ++i) {
      waiting.push_back(append_async(*store_, record(2'000 * part + i)));
    }
    for (auto& one : waiting) ASSERT_TRUE(one.get());
    reopen();
  }
  expect_found();
}

TEST_F(ManySubjects, AreForgottenInTablesAndInMemory) {
  std::uint32_t number = 1'000'000;
  for (const std::uint32_t subject : {0u, 3'000u, 6'999u}) {
    const auto ref = ref_of(subject);
    ASSERT_TRUE(ref);
    ASSERT_TRUE(append(*store_, effect_on(number++, RecordEffect::kErase, *ref)));
    EXPECT_FALSE(ref_of(subject));
    EXPECT_EQ(store_->subject("qf", *ref)->records.size(), 3u);
    reopen();
    EXPECT_FALSE(ref_of(subject));
    EXPECT_EQ(store_->subject("qf", *ref)->records.size(), 3u);
  }
}

}  // namespace
}  // namespace paxid::audit
