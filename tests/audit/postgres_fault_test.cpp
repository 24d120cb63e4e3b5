// What the store does when PostgreSQL refuses a statement or goes away, whichever statement it is.
#include <gtest/gtest.h>

#include "audit/effects.h"
#include "audit/kek.h"
#include "audit/postgres_migration.h"
#include "tests/audit/call_fault_fixture.h"
#include "tests/audit/postgres_backend.h"

namespace paxid::audit {
namespace {

// Statements of this thread alone: the store's own threads ask at times of their own.
constexpr Sweep kRefused{Below::kPostgres, kServerIoError, false};
constexpr Sweep kDamagedThere{Below::kPostgres, kServerDamaged, false};
constexpr Sweep kLost{Below::kPostgres, kConnectionLost, false};
constexpr Sweep kShort{Below::kPostgresValues, 0, false};
// Of every thread.
constexpr Sweep kFull{Below::kPostgres, kServerFull};
constexpr Sweep kOvertaken{Below::kPostgres, kServerBusy};
constexpr Sweep kDamage{Below::kPostgres, kServerDamaged};
constexpr Sweep kGone{Below::kPostgres, kConnectionLost};
constexpr Sweep kShortAnywhere{Below::kPostgresValues};

class PostgresOpening : public CallFaults {};

TEST_F(PostgresOpening, FailsOrOpens) {
  store_.reset();
  for (const Sweep& how : {each(kRefused, 4), each(kLost, 9), each(kShort, 5), kNoCrypto}) {
    sweep_opening(how);
  }
}

TEST_F(PostgresOpening, AStoreIsBegunOrNot) {
  SqliteStoreOptions fresh = options_;
  fresh.directory = at("fresh");
  const std::string database = database_name(fresh.directory);
  cluster().database(database);
  for (const Sweep& how : {each(kRefused, 2), kNoCrypto}) {
    const auto calls = sweep_beginning(how, fresh, [&] {
      cluster().execute("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
      cluster().database(database);
      std::filesystem::remove_all(fresh.directory);
    });
    EXPECT_GT(calls, 0u);
  }
}

// A database that is older than an erasure, and a key-encryption key that is new.
TEST_F(PostgresOpening, MakesUpForEverythingOrFails) {
  namespace fs = std::filesystem;
  store_.reset();
  const std::string database = database_name(options_.directory);
  const auto copy = [](const std::string& from, const std::string& to) {
    cluster().execute("postgres", "CREATE DATABASE " + to + " TEMPLATE " + from);
  };
  copy(database, "older");
  fs::copy(options_.directory, at("older"));
  open();
  ASSERT_TRUE(append(*store_, effect_on(903, RecordEffect::kErase, subject(3))));
  store_.reset();
  fs::copy(erasures_file(options_.directory), erasures_file(at("older")));
  options_.previous_kek = options_.kek;
  options_.kek = at("new");
  ASSERT_TRUE(create_kek(options_.kek));
  for (const Sweep& how : {each(kRefused, 9), each(kShort, 9), each(kFileFails, 2)}) {
    sweep_opening(how, [&] {
      cluster().execute("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
      copy("older", database);
      fs::remove_all(options_.directory);
      fs::copy(at("older"), options_.directory);
    });
    open();
    EXPECT_FALSE(*store_->subject_of("qf", *record(3).subject));
    store_.reset();
  }
  cluster().execute("postgres", "DROP DATABASE older");
}

TEST_F(PostgresOpening, AMigrationIsEndedAfterAnyError) {
  SqliteStoreOptions files = options_;
  files.directory = at("files");
  {
    auto store = open_sqlite_store(files, clock_);
    ASSERT_TRUE(store) << store.error().message;
    for (std::uint32_t i = 0; i < 10; ++i) ASSERT_TRUE(append(**store, record(i)));
    const auto ref = (*store)->subject_of("qf", *record(3).subject);
    ASSERT_TRUE(append(**store, effect_on(903, RecordEffect::kHold, **ref)));
    ASSERT_TRUE(append(**store, deadline(904, **ref)));
    ASSERT_TRUE((*store)->checkpoint("qf"));
  }
  std::filesystem::copy(files.directory, at("kept"));
  const std::string connection = cluster().database(database_name(files.directory));
  for (const Sweep& how :
       {each(kReadFails, 23), kRefused, each(kLost, 9), each(kShort, 3), kFileFails}) {
    sweep(how, [&](FailingCall& failing) {
      const auto migrated = migrate_to_postgres(files, connection, clock_);
      failing.stop();
      if (!migrated) return expect_told(migrated.error(), how);
      EXPECT_EQ(migrated->front().size, 12u);
      auto store = open_postgres_store(postgres_options(files), clock_);
      ASSERT_TRUE(store) << store.error().message;
      expect_sound(**store);
      store->reset();
      // Begins anew.
      cluster().execute("postgres",
                        "DROP DATABASE " + database_name(files.directory) + " WITH (FORCE)");
      cluster().database(database_name(files.directory));
      std::filesystem::remove_all(files.directory);
      std::filesystem::copy(at("kept"), files.directory);
    });
  }
}

class PostgresReading : public CallFaults {};

TEST_F(PostgresReading, IsRightOrFails) {
  EXPECT_GT(sweep_reading({kRefused, kDamagedThere, kLost, kShort}), 50u);
  EXPECT_TRUE(store_->healthy());
}

TEST_F(PostgresReading, OfWhatIsNotThereIsRefused) { expect_refusals(); }

// A log that another server has begun is found with every reading call, and so are its leaves.
TEST_F(PostgresReading, OfAnotherServersLogIsRightOrFails) {
  SqliteStoreOptions options = options_;
  options.directory = at("second");
  PostgresStoreOptions second = postgres_options(options_);
  second.directory = options.directory;
  auto other = open_postgres_store(second, clock_);
  ASSERT_TRUE(other) << other.error().message;
  constexpr std::size_t kDeadlines = 7;  // the only reading that needs one
  const std::size_t count = reads(*store_, "qf", 5, id16(9)).size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string tenant = "t" + std::to_string(i);
    for (std::uint32_t n = 0; n < 5; ++n) ASSERT_TRUE(append(*store_, record(n, tenant)));
    const Id16 ref = **store_->subject_of(tenant, *record(4).subject);
    if (i == kDeadlines) {
      Record asked = deadline(77, ref);
      asked.tenant = tenant;
      ASSERT_TRUE(append(*store_, asked));
    }
    const std::uint64_t size = *store_->tree_size(tenant);
    const auto here = reads(*store_, tenant, size, ref);
    const auto there = reads(**other, tenant, size, ref);
    sweep_reads({there[i]}, {here[i]().value_or("nothing")}, {kRefused, kLost});
  }
}

TEST_F(WritingFaults, AFullServerCostsTheRecordAlone) {
  for (const Record& one : every_kind()) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, base::to_hex(one.request_id));
    sweep_append(kFull, one);
  }
  EXPECT_TRUE(store_->healthy());
  expect_sound(*store_);
  reopen();
  expect_sound(*store_);
}

TEST_F(WritingFaults, ALogIsBegunOrNot) {
  int begun = 0;
  for (const Sweep& how : {kFull, kGone, kNoCrypto}) {
    sweep(how, [&](FailingCall& failing) {
      const std::string tenant = "new" + std::to_string(begun);
      const Record one = record(1, tenant);
      auto answer = answer_to(one, [&] { return failing.happened(); });
      failing.stop();
      if (answer) {
        ++begun;
      } else {
        expect_told(answer.error(), how);
      }
    });
  }
  EXPECT_GE(begun, 3);
  reopen();
  expect_sound(*store_);
}

TEST_F(WritingFaults, WhoeverWasOvertakenTriesAgain) {
  const std::vector<Record> all = every_kind();
  for (const Record& one : {all[0], all[3], all[12]}) sweep_append(kOvertaken, one);
  expect_sound(*store_);
}

TEST_F(WritingFaults, AfterDamageTheStoreIsOpenedAgain) {
  const std::vector<Record> all = every_kind();
  for (const Record& one : {all[0], all[12]}) sweep_append(kDamage, one);
  expect_sound(*store_);
}

TEST_F(WritingFaults, ARetryGetsTheRecordOrIsTold) {
  const auto calls = sweep(kShortAnywhere, [&](FailingCall& failing) {
    auto answer = answer_to(record(2), [&] { return failing.happened(); });
    failing.stop();
    if (!store_->healthy()) reopen();
    if (!answer) return expect_told(answer.error(), kShortAnywhere);
    EXPECT_TRUE(answer->replayed);
  });
  EXPECT_GT(calls, 0u);
  expect_sound(*store_);
}

TEST_F(WritingFaults, AServerThatWentAwayIsAskedAgain) {
  const std::vector<Record> all = every_kind();
  for (const Record& one : {all[0], all[11], all[12]}) sweep_append(kGone, one);
  expect_sound(*store_);
}

TEST_F(WritingFaults, ErasuresAreNotedOrTheReaderIsTold) {
  sweep_append(kFileFails, effect_on(1012, RecordEffect::kErase, subject(3)));
  expect_sound(*store_);
}

}  // namespace
}  // namespace paxid::audit
