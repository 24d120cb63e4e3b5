#include <gtest/gtest.h>

#include <sqlite3.h>

#include "audit/effects.h"
#include "audit/verify_log.h"
#include "base/hex.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// What a person may ask of the record, and what time does to it. Record n is of subject n % 7.
class Rights : public StoreTest {
 protected:
  static constexpr std::uint32_t kRecords = 70;

  void SetUp() override {
    open();
    std::vector<std::future<base::Result<Receipt>>> waiting;
    for (std::uint32_t i = 0; i < kRecords; ++i) {
      clock_.set(kTestTime + i);
      Record one = record(i);
      one.decision = static_cast<std::uint16_t>(1 + i % 3);
      ASSERT_TRUE(append(*store_, one));
    }
  }
  Id16 subject(std::uint32_t number) { return **store_->subject_of("qf", *record(number).subject); }
  Record effect_on(std::uint32_t id, RecordEffect effect, const Id16& ref) {
    Record made;
    made.tenant = "qf";
    made.request_id = request_id(id);
    made.type = effect == RecordEffect::kErase ? RecordType::kErasure : RecordType::kServiceEvent;
    made.effect = effect;
    made.subject_ref = ref;
    made.actor = id16(0xA0);
    made.body = bytes("CANARYRIGHT " + std::to_string(id));
    return made;
  }
  Record prune(std::uint32_t id, RetentionClass retention_class, std::uint64_t bound) {
    Record made;
    made.tenant = "qf";
    made.request_id = request_id(id);
    made.type = RecordType::kRetentionPrune;
    made.effect = RecordEffect::kPrune;
    made.decision = static_cast<std::uint16_t>(retention_class);
    made.reason_bits = bound;
    return made;
  }
  bool has_body(std::uint64_t index) { return store_->leaf("qf", index)->sealed_body.has_value(); }
  // Also those that were made in advance.
  std::uint64_t keys_of_subjects() {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open((options_.directory + "/keys.db").c_str(), &database), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, "SELECT count(*) FROM data_key WHERE kind = 1", -1,
                                 &statement, nullptr),
              SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const auto count = static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return count;
  }
  void expect_sound() {
    const auto report = verify_log(*store_, "qf");
    ASSERT_TRUE(report) << report.error().message;
    for (const LogProblem& problem : report->problems) {
      ADD_FAILURE() << name_of(problem.kind) << " at " << problem.index;
    }
  }
};

TEST_F(Rights, ASubjectIsFoundWithAllItsRecords) {
  const auto state = store_->subject("qf", subject(3));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->records.size(), 10u);
  EXPECT_EQ(state->records.front(), 3u);
  EXPECT_EQ(state->records.back(), 66u);
  EXPECT_FALSE(*store_->subject_of("qf", SubjectLookup{1, bytes("nobody")}));
  EXPECT_EQ(store_->subject("qf", id16(9)).error().code, ErrorCode::kNotFound);
}

TEST_F(Rights, AnErasedPersonIsUnreadableAndTheLogIsWhole) {
  const Id16 ref = subject(3);
  const std::uint64_t keys = keys_of_subjects();
  const auto receipt = append(*store_, effect_on(1000, RecordEffect::kErase, ref));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(keys_of_subjects(), keys - 1);
  for (std::uint64_t index = 0; index < kRecords; ++index) {
    EXPECT_EQ(has_body(index), index % 7 != 3);
    if (index % 7 == 3) {
      EXPECT_EQ(store_->open_body("qf", index).error().code, ErrorCode::kFailedPrecondition);
    }
  }
  EXPECT_FALSE(*store_->subject_of("qf", *record(3).subject));
  EXPECT_EQ(store_->subject("qf", ref)->erased_by, receipt->index);
  // The erasure itself stays readable, a retry of the erased request is refused, and a repeated
  // erasure is the same one.
  EXPECT_TRUE(store_->open_body("qf", receipt->index));
  EXPECT_EQ(append(*store_, record(3)).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(append(*store_, effect_on(1000, RecordEffect::kErase, ref))->replayed);
  EXPECT_EQ(append(*store_, effect_on(1001, RecordEffect::kErase, ref)).error().code,
            ErrorCode::kFailedPrecondition);
  expect_sound();
  // The same document makes a new subject under a new key.
  Record again = record(2000);
  again.subject = record(3).subject;
  ASSERT_TRUE(append(*store_, again));
  EXPECT_NE(subject(3), ref);
  expect_sound();
  reopen();
  expect_sound();
}

TEST_F(Rights, ARecordOfTheErasedInTheSameMomentHasAKeyOfItsOwn) {
  const Id16 ref = subject(3);
  std::vector<std::future<base::Result<Receipt>>> waiting;
  for (std::uint32_t i = 0; i < 40; ++i) {
    Record one = record(3000 + i);
    one.subject = record(3).subject;
    waiting.push_back(append_async(*store_, one));
    if (i == 20)
      waiting.push_back(append_async(*store_, effect_on(1000, RecordEffect::kErase, ref)));
  }
  for (auto& future : waiting) EXPECT_TRUE(future.get());
  expect_sound();
  EXPECT_EQ(text(*store_->open_body("qf", *store_->tree_size("qf") - 1)),
            "CANARYBODY of passenger 3039");
}

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

TEST_F(Rights, AHoldKeepsEverythingUntilTwoPersonsEndIt) {
  const Id16 ref = subject(3);
  ASSERT_TRUE(append(*store_, effect_on(1000, RecordEffect::kHold, ref)));
  EXPECT_EQ(append(*store_, effect_on(1001, RecordEffect::kErase, ref)).error().code,
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(append(*store_, effect_on(1002, RecordEffect::kRelease, ref)).error().code,
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(append(*store_, prune(1003, RetentionClass::kMatch, kRecords)));
  for (std::uint64_t index = 0; index < kRecords; ++index) {
    EXPECT_EQ(has_body(index), index % 3 != 0 || index % 7 == 3) << index;
  }
  ASSERT_TRUE(append(*store_, effect_on(1004, RecordEffect::kProposeRelease, ref)));
  EXPECT_EQ(append(*store_, effect_on(1005, RecordEffect::kRelease, ref)).error().code,
            ErrorCode::kPermissionDenied);
  Record second = effect_on(1006, RecordEffect::kRelease, ref);
  second.actor = id16(0xA1);
  ASSERT_TRUE(append(*store_, second));
  // What the hold alone has kept goes with it.
  for (std::uint64_t index = 0; index < kRecords; ++index) {
    EXPECT_EQ(has_body(index), index % 3 != 0) << index;
  }
  expect_sound();
  EXPECT_TRUE(append(*store_, effect_on(1007, RecordEffect::kErase, ref)));
  expect_sound();
}

TEST_F(Rights, PruningTakesOneClassAndKeysThatNothingNeeds) {
  for (const RetentionClass one : {RetentionClass::kMatch, RetentionClass::kReview}) {
    ASSERT_TRUE(append(*store_, prune(1000 + static_cast<std::uint32_t>(one), one, 60)));
    EXPECT_EQ(*store_->pruned_below("qf", one), 60u);
  }
  for (std::uint64_t index = 0; index < kRecords; ++index) {
    EXPECT_EQ(has_body(index), index >= 60 || index % 3 == 2) << index;
  }
  EXPECT_EQ(append(*store_, record(0)).error().code, ErrorCode::kFailedPrecondition);
  for (const RetentionClass one :
       {RetentionClass::kMatch, RetentionClass::kReview, RetentionClass::kMismatch}) {
    ASSERT_TRUE(append(*store_, prune(1010 + static_cast<std::uint32_t>(one), one, kRecords)));
  }
  EXPECT_FALSE(*store_->subject_of("qf", *record(3).subject));
  expect_sound();
  store_.reset();
  EXPECT_EQ(keys_of_subjects(), 0u);
  open();
  expect_sound();
  EXPECT_TRUE(append(*store_, record(5000)));
  store_.reset();
  EXPECT_EQ(keys_of_subjects(), 1u);
}

TEST_F(Rights, PruningIsBounded) {
  EXPECT_EQ(append(*store_, prune(1000, RetentionClass::kMatch, kRecords + 1)).error().code,
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(append(*store_, prune(1001, RetentionClass::kMatch, 10)));
  EXPECT_EQ(append(*store_, prune(1002, RetentionClass::kMatch, 10)).error().code,
            ErrorCode::kFailedPrecondition);
  Record unassigned = prune(1003, RetentionClass::kMatch, 20);
  unassigned.decision = 77;
  EXPECT_EQ(append(*store_, unassigned).error().field, "decision");
}

TEST_F(Rights, ARestrictionIsSetAndLifted) {
  const Id16 ref = subject(3);
  const auto set = append(*store_, effect_on(1000, RecordEffect::kRestrict, ref));
  ASSERT_TRUE(set);
  EXPECT_EQ(store_->subject("qf", ref)->restricted_by, set->index);
  EXPECT_EQ(append(*store_, effect_on(1001, RecordEffect::kRestrict, ref)).error().code,
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(append(*store_, effect_on(1002, RecordEffect::kLiftRestriction, ref)));
  EXPECT_FALSE(store_->subject("qf", ref)->restricted_by);
}

TEST_F(Rights, DeadlinesAreKeptUntilTheyAreClosed) {
  Record asked = effect_on(1000, RecordEffect::kOpenDeadline, subject(3));
  asked.received_unix_us = kTestTime;
  asked.due_unix_us = kTestTime + 100;
  ASSERT_TRUE(append(*store_, asked));
  ASSERT_EQ(store_->deadlines("qf")->size(), 1u);
  EXPECT_FALSE(store_->deadlines("qf")->front().closed_by);
  Record closed = effect_on(1001, RecordEffect::kCloseDeadline, subject(3));
  closed.deadline = request_id(1000);
  const auto receipt = append(*store_, closed);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(store_->deadlines("qf")->front().closed_by, receipt->index);
  closed.request_id = request_id(1002);
  EXPECT_EQ(append(*store_, closed).error().code, ErrorCode::kNotFound);
}

TEST_F(Rights, EffectsAreNamedRightly) {
  Record without = effect_on(1000, RecordEffect::kHold, subject(3));
  without.subject_ref.reset();
  EXPECT_EQ(append(*store_, without).error().field, "subject_ref");
  Record wrong = effect_on(1001, RecordEffect::kErase, subject(3));
  wrong.type = RecordType::kServiceEvent;
  EXPECT_EQ(append(*store_, wrong).error().field, "effect");
  EXPECT_EQ(append(*store_, effect_on(1002, RecordEffect::kHold, id16(5))).error().code,
            ErrorCode::kNotFound);
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
