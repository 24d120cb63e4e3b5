#include "audit/postgres_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>
#include <set>
#include <thread>
#include <utility>

#include "audit/kek.h"
#include "audit/merkle.h"
#include "audit/postgres_migration.h"
#include "audit/postgres_session.h"
#include "audit/postgres_tables.h"
#include "audit/verify_log.h"
#include "tests/audit/postgres_backend.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

class PostgresStoreTest : public StoreTest {
 protected:
  // A second server on the same database: its own directory, the same keys.
  SqliteStoreOptions other_options() const {
    SqliteStoreOptions options = options_;
    options.directory = directory_.path() + "/other";
    return options;
  }
  base::Result<std::unique_ptr<Store>> open_other() {
    PostgresStoreOptions options;
    static_cast<StoreOptions&>(options) = other_options();
    options.connection = database();
    return open_postgres_store(options, clock_);
  }
  std::string database() { return cluster().database(database_name(options_.directory)); }
  std::string execute(const std::string& sql) {
    return cluster().execute(database_name(options_.directory), sql);
  }
  void expect_sound(Store& store, const std::string& tenant = "qf") {
    const auto report = verify_log(store, tenant);
    ASSERT_TRUE(report) << report.error().message;
    for (const LogProblem& problem : report->problems) {
      ADD_FAILURE() << name_of(problem.kind) << " at " << problem.index;
    }
  }
  // Every request once, and nothing else.
  void expect_exactly(Store& store, std::uint32_t requests) {
    EXPECT_EQ(*store.tree_size("qf"), requests);
    std::set<std::uint64_t> indexes;
    for (std::uint32_t i = 0; i < requests; ++i) {
      const auto index = store.index_of("qf", request_id(i));
      ASSERT_TRUE(index && *index) << i;
      indexes.insert(**index);
    }
    EXPECT_EQ(indexes.size(), requests);
    EXPECT_EQ(*indexes.rbegin() + 1, requests);
  }
  static Record erasure_of(const Id16& ref) {
    Record erasure;
    erasure.tenant = "qf";
    erasure.request_id = request_id(1000);
    erasure.type = RecordType::kErasure;
    erasure.effect = RecordEffect::kErase;
    erasure.subject_ref = ref;
    erasure.body = bytes("on request");
    return erasure;
  }
  // A program of PostgreSQL's on a database.
  static void run(const std::string& command, const std::string& database) {
    const char* set = std::getenv("PAXID_POSTGRESQL");
    const std::string from = set == nullptr ? "/usr/lib/postgresql/15/bin" : set;
    EXPECT_EQ(std::system((from + "/" + command + " -d '" + database + "'").c_str()), 0) << command;
  }
  static base::Error refused(base::Result<std::unique_ptr<Store>> opened) {
    EXPECT_FALSE(opened) << "the store opened";
    return opened ? base::Error{} : opened.error();
  }
};

TEST_F(PostgresStoreTest, AnAnswerIsAPromiseThatIsKept) {
  open();
  const auto promised = append_async(*store_, record(1)).get();
  ASSERT_TRUE(promised) << promised.error().message;
  const auto key = parse_vkey(*store_->vkey("qf"));
  const auto promise = open_promise(promised->promise, {&*key, 1}, "audit.example/qf");
  ASSERT_TRUE(promise) << promise.error().message;
  EXPECT_EQ(promise->time_unix_us, kTestTime);
  EXPECT_EQ(promise->leaf_hash, promised->leaf_hash);
  EXPECT_EQ(text(promised->response), "CANARYRESPONSE to 1");
  EXPECT_EQ(*store_->tree_size("qf"), 1u);
  EXPECT_EQ(leaf_hash(store_->leaf("qf", 0)->leaf_data), promised->leaf_hash);
  // Now a retry is told the place.
  const auto again = append_async(*store_, record(1)).get();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->promise, "");
  EXPECT_EQ(again->index, 0u);
  EXPECT_EQ(text(again->response), "CANARYRESPONSE to 1");
}

TEST_F(PostgresStoreTest, PlacesAreGivenWithoutBeingAsked) {
  open();
  for (std::uint32_t i = 0; i < 20; ++i) ASSERT_TRUE(append_async(*store_, record(i)).get());
  while (execute("SELECT count(*) FROM paxid.leaf") != "20") std::this_thread::yield();
  EXPECT_EQ(execute("SELECT count(*) FROM paxid.pending"), "0");
  expect_sound(*store_);
}

TEST_F(PostgresStoreTest, WhoNeedsThePlaceGetsItAtOnce) {
  open();
  ASSERT_TRUE(append_async(*store_, record(1)).get());
  Record asked = record(2);
  asked.place_at_once = true;
  const auto receipt = append_async(*store_, asked).get();
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->promise, "");
  EXPECT_EQ(receipt->index, 1u);
  EXPECT_EQ(receipt->tree_size, 2u);
}

TEST_F(PostgresStoreTest, TwoServersMakeOneLog) {
  open();
  auto other = open_other();
  ASSERT_TRUE(other) << other.error().message;
  constexpr std::uint32_t kRequests = 300;
  // Every request is sent to both, in other orders: whoever is faster records it.
  std::vector<std::vector<base::Result<Receipt>>> receipts(2);
  std::vector<std::thread> threads;
  for (int server = 0; server < 2; ++server) {
    threads.emplace_back([&, server] {
      Store& store = server == 0 ? *store_ : **other;
      std::vector<std::future<base::Result<Receipt>>> waiting(kRequests);
      for (std::uint32_t i = 0; i < kRequests; ++i) {
        const std::uint32_t number = server == 0 ? i : kRequests - 1 - i;
        waiting[number] = append_async(store, record(number));
      }
      for (auto& one : waiting) receipts[server].push_back(one.get());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint32_t fresh = 0;
  for (std::uint32_t i = 0; i < kRequests; ++i) {
    ASSERT_TRUE(receipts[0][i]) << receipts[0][i].error().message;
    ASSERT_TRUE(receipts[1][i]) << receipts[1][i].error().message;
    EXPECT_EQ(receipts[0][i]->leaf_hash, receipts[1][i]->leaf_hash) << i;
    EXPECT_NE(receipts[0][i]->replayed, receipts[1][i]->replayed) << i;
    fresh += receipts[0][i]->replayed ? 0 : 1;
  }
  EXPECT_EQ(store_->statistics().appended, fresh);
  EXPECT_EQ((*other)->statistics().appended, kRequests - fresh);
  expect_exactly(*store_, kRequests);
  // Seven persons, however many servers met them first at the same moment.
  EXPECT_EQ(execute("SELECT count(*) FROM paxid.subject"), "7");
  EXPECT_EQ(stored_subject_keys(options_), 7u);
  const Checkpoint here = head();
  const auto key = parse_vkey(*(*other)->vkey("qf"));
  const auto there = open_checkpoint(*(*other)->checkpoint("qf"), {&*key, 1}, "audit.example/qf");
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_EQ(here, *there);
  expect_sound(*store_);
  expect_sound(**other);
}

TEST_F(PostgresStoreTest, ARequestIdIsOfOneRequestAtAllServers) {
  open();
  auto other = open_other();
  ASSERT_TRUE(other) << other.error().message;
  Record different = record(1);
  different.canonical_request = bytes("something else");
  for (std::uint32_t i = 0; i < 20; ++i) {
    Record one = record(i);
    Record two = record(i);
    two.canonical_request = bytes("something else");
    auto first = append_async(*store_, one);
    auto second = append_async(**other, two);
    const auto here = first.get();
    const auto there = second.get();
    EXPECT_NE(here.has_value(), there.has_value());
    EXPECT_EQ((here ? there : here).error().code, ErrorCode::kAlreadyExists);
  }
  EXPECT_EQ(*store_->tree_size("qf"), 20u);
}

TEST_F(PostgresStoreTest, AnotherServerTakesOver) {
  open();
  auto other = open_other();
  ASSERT_TRUE(other) << other.error().message;
  while (execute("SELECT count(*) FROM paxid.sequencer WHERE until > now()") != "1") {
    std::this_thread::yield();
  }
  const std::string epoch = execute("SELECT epoch FROM paxid.sequencer");
  // Whichever leads, it goes.
  ASSERT_TRUE(append_async(**other, record(0)).get());
  store_.reset();
  for (std::uint32_t i = 1; i < 10; ++i) ASSERT_TRUE(append_async(**other, record(i)).get());
  while (execute("SELECT count(*) FROM paxid.leaf") != "10") std::this_thread::yield();
  expect_exactly(**other, 10);
  open();
  other->reset();
  for (std::uint32_t i = 10; i < 20; ++i) ASSERT_TRUE(append_async(*store_, record(i)).get());
  while (execute("SELECT count(*) FROM paxid.leaf") != "20") std::this_thread::yield();
  expect_exactly(*store_, 20);
  EXPECT_NE(execute("SELECT epoch FROM paxid.sequencer"), epoch);
}

TEST_F(PostgresStoreTest, AnErasureAtOneServerHoldsAtTheOther) {
  open();
  auto other = open_other();
  ASSERT_TRUE(other) << other.error().message;
  std::vector<std::future<base::Result<Receipt>>> waiting;
  for (std::uint32_t i = 0; i < 7; ++i) waiting.push_back(append_async(*store_, record(i)));
  for (auto& one : waiting) ASSERT_TRUE(one.get());
  const Id16 ref = **store_->subject_of("qf", *record(3).subject);
  const Record erasure = erasure_of(ref);
  // While both go on recording the same person.
  waiting.clear();
  std::future<base::Result<Receipt>> erased;
  for (std::uint32_t i = 0; i < 40; ++i) {
    Record one = record(2000 + i);
    one.subject = record(3).subject;
    waiting.push_back(append_async(i % 2 == 0 ? *store_ : **other, one));
    if (i == 20) erased = append_async(*store_, erasure);
  }
  for (auto& one : waiting) EXPECT_TRUE(one.get());
  ASSERT_TRUE(erased.get());
  const auto again = (*other)->subject_of("qf", *record(3).subject);
  EXPECT_TRUE(!*again || **again != ref);
  const auto state = (*other)->subject("qf", ref);
  ASSERT_TRUE(state) << state.error().message;
  for (const std::uint64_t index : state->records) {
    const auto leaf = decode_leaf((*other)->leaf("qf", index)->leaf_data);
    if (leaf->type == RecordType::kErasure) continue;
    EXPECT_EQ((*other)->open_body("qf", index).error().code, ErrorCode::kFailedPrecondition);
  }
  expect_sound(**other);
  EXPECT_NE(file_bytes(options_.directory + "/erasures"), "");
}

// Yesterday's database is put back, and the server that erased is lost.
TEST_F(PostgresStoreTest, WhicheverServerStartsKnowsWhoWasErased) {
  open();
  for (std::uint32_t i = 0; i < 14; ++i) ASSERT_TRUE(append(*store_, record(i)));
  const Id16 ref = **store_->subject_of("qf", *record(3).subject);
  store_.reset();
  const std::string yesterday = database_name(options_.directory) + "_yesterday";
  cluster().execute("postgres", "CREATE DATABASE " + yesterday + " TEMPLATE " +
                                    database_name(options_.directory));
  open();
  auto other = open_other();
  ASSERT_TRUE(other) << other.error().message;
  ASSERT_TRUE(append(*store_, erasure_of(ref)));
  const std::string note = file_bytes(options_.directory + "/erasures");
  EXPECT_EQ(std::ranges::count(note, '\n'), 1);
  // The other one looks by itself.
  const std::string at_other = other_options().directory + "/erasures";
  while (file_bytes(at_other).empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(file_bytes(at_other), note);
  // A new server has it from before its time, and nobody notes it twice.
  reopen();
  SqliteStoreOptions third = options_;
  third.directory = directory_.path() + "/third";
  {
    PostgresStoreOptions how = postgres_options(options_);
    how.directory = third.directory;
    auto opened = open_postgres_store(how, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
  }
  EXPECT_EQ(file_bytes(third.directory + "/erasures"), note);
  EXPECT_EQ(file_bytes(options_.directory + "/erasures"), note);
  EXPECT_EQ(file_bytes(at_other), note);
  store_.reset();
  other->reset();

  PostgresStoreOptions how = postgres_options(other_options());
  how.connection = cluster().database(yesterday);
  std::filesystem::remove(how.directory + "/qf.checkpoint");
  auto restored = open_postgres_store(how, clock_);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ((*restored)->open_body("qf", 3).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(text(*(*restored)->open_body("qf", 4)), "CANARYBODY of passenger 4");
  const auto state = (*restored)->subject("qf", ref);
  ASSERT_TRUE(state && state->erased_by);
  EXPECT_EQ(decode_leaf((*restored)->leaf("qf", *state->erased_by)->leaf_data)->decision,
            kErasureAfterRestore);
  expect_sound(**restored);
}

// What is asked of many at once, beside the same for each of them.
class SetsOfRows : public PostgresStoreTest {
 protected:
  static constexpr std::uint32_t kRecords = 60;

  void SetUp() override {
    open();
    for (std::uint32_t i = 0; i < kRecords; ++i) {
      Record one = record(i);
      if (i % 11 == 0) one.body.clear();
      if (i % 5 == 0) one.subject.reset();
      ASSERT_TRUE(append(*store_, one));
    }
    for (std::uint32_t i = 0; i < 7; ++i) {
      refs_.push_back(**store_->subject_of("qf", *record(i).subject));
    }
    ASSERT_TRUE(append(*store_, erasure_of(refs_[3])));
    store_.reset();
    auto opened = PostgresConnection::open(database());
    ASSERT_TRUE(opened) << opened.error().message;
    connection_ = std::make_unique<PostgresConnection>(*std::move(opened));
    ASSERT_TRUE(PostgresTables::prepare(*connection_));
    tables_ = std::make_unique<PostgresTables>(*connection_);
    log_ = tables_->log_of("qf")->value().id;
  }
  // Everything the log has beside its leaves.
  std::string rows() {
    const PostgresStatement all{
        "everything",
        "SELECT string_agg(t, '|' ORDER BY t) FROM (SELECT r::text t FROM paxid.record r UNION ALL "
        "SELECT s::text FROM paxid.subject s UNION ALL SELECT k::text FROM paxid.data_key k UNION "
        "ALL SELECT m::text FROM paxid.subject_mark m) a"};
    if (!std::exchange(prepared_, true)) {
      EXPECT_TRUE(connection_->prepare({&all, 1}));
    }
    const auto found = connection_->run("everything");
    EXPECT_TRUE(found) << found.error().message;
    return found ? std::string(found->text(0, 0)) : "";
  }
  template <class Work>
  std::string rows_after(const Work& work) {
    auto transaction = PostgresTransaction::begin(*connection_);
    EXPECT_TRUE(transaction);
    const auto done = work();
    EXPECT_TRUE(done) << done.error().message;
    return rows();  // and all of it is rolled back
  }
  template <class Row, class Work>
  static base::Result<void> one_by_one(const std::vector<Row>& all, const Work& work) {
    for (const Row& one : all) {
      if (auto done = work(std::span(&one, 1)); !done) return done;
    }
    return {};
  }
  template <class Row>
  std::vector<Row> some_of(const std::vector<Row>& all, std::uint32_t which) {
    std::vector<Row> some;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if ((which >> (i % 7) & 1) != 0) some.push_back(all[i]);
    }
    return some;
  }

  std::vector<Id16> refs_;
  std::unique_ptr<PostgresConnection> connection_;
  std::unique_ptr<PostgresTables> tables_;
  std::int64_t log_ = 0;
  bool prepared_ = false;
};

TEST_F(SetsOfRows, AreWhatTheRowsAreOneByOne) {
  ReadTables& read = *tables_;
  EffectTables& write = *tables_;
  std::vector<std::uint64_t> indexes(kRecords);
  std::iota(indexes.begin(), indexes.end(), 0);
  std::set<std::string> outcomes;
  for (const std::uint32_t which : {0u, 1u, 0x2Au, 0x55u, 0x7Fu}) {
    const auto leaves = some_of(indexes, which);
    const auto refs = some_of(refs_, which);
    const auto data = read.leaves(log_, leaves);
    ASSERT_TRUE(data) << data.error().message;
    ASSERT_EQ(data->size(), leaves.size());
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      EXPECT_EQ((*data)[i], **read.leaf(log_, leaves[i]));
    }
    const auto firsts = read.first_of_subjects(log_, refs);
    ASSERT_TRUE(firsts) << firsts.error().message;
    std::set<RecentSubjects::Key> keys, keys_one_by_one;
    for (const auto& one : *firsts) keys.insert(one.key);
    for (const Id16& ref : refs) {
      const auto first = read.first_of_subjects(log_, {&ref, 1});
      ASSERT_TRUE(first) << first.error().message;
      for (const auto& one : *first) keys_one_by_one.insert(one.key);
    }
    EXPECT_EQ(keys, keys_one_by_one);
    EXPECT_EQ(rows_after([&] { return write.forget_subjects(log_, *firsts); }), rows_after([&] {
                return one_by_one(*firsts,
                                  [&](auto one) { return write.forget_subjects(log_, one); });
              }));
    const std::string set = rows_after([&] { return write.drop_bodies(log_, leaves); });
    EXPECT_EQ(set, rows_after([&] {
                return one_by_one(leaves, [&](auto one) { return write.drop_bodies(log_, one); });
              }));
    outcomes.insert(set);
    // Whose bodies have gone, some of all.
    auto transaction = PostgresTransaction::begin(*connection_);
    ASSERT_TRUE(write.drop_bodies(log_, leaves));
    const auto without = read.without_bodies(log_, refs_);
    ASSERT_TRUE(without) << without.error().message;
    std::set<Id16> without_one_by_one;
    for (const Id16& ref : refs_) {
      const auto records = read.records_of_subject(log_, ref, kRecords);
      if (std::ranges::none_of(*records, [&](auto of) { return *read.has_body(log_, of); })) {
        without_one_by_one.insert(ref);
      }
    }
    EXPECT_EQ(std::set(without->begin(), without->end()), without_one_by_one);
    outcomes.insert(std::to_string(without->size()));
  }
  EXPECT_GE(outcomes.size(), 7u);
  EXPECT_FALSE(read.leaves(log_, std::vector<std::uint64_t>{1, kRecords + 1}));
  const std::string keyless =
      rows_after([&] { return write.let_keys_go(log_, std::span(refs_).first(2), 1); });
  EXPECT_EQ(std::ranges::count(keyless, '|') + 2, std::ranges::count(rows(), '|'));
}

// What is asked for two rows looks at few, also when the first plan was made for empty tables: the
// store has others made when its logs have grown.
TEST_F(PostgresStoreTest, LookUpsOfManyStayLookUpsWhenTheTablesGrow) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  store_.reset();
  auto connection = PostgresConnection::open(database());
  ASSERT_TRUE(connection) << connection.error().message;
  ASSERT_TRUE(PostgresTables::prepare(*connection));
  PostgresTables tables(*connection);
  const std::int64_t log = tables.log_of("qf")->value().id;
  const std::vector<std::uint64_t> indexes{200, 300};
  std::vector<Id16> ids(2);
  std::vector<RecentSubjects::Key> keys(2);
  std::vector<ReadTables::FirstOfSubject> firsts(2);
  for (std::size_t i = 0; i < 2; ++i) {
    ids[i][14] = static_cast<std::uint8_t>(indexes[i] >> 8);
    ids[i][15] = static_cast<std::uint8_t>(indexes[i]);
    keys[i] = {1, ids[i]};
    firsts[i].key = keys[i];
  }
  const auto ask = [&](PostgresCall call) {
    const auto rows = connection->run(call.statement, std::move(call.values));
    EXPECT_TRUE(rows) << rows.error().message;
    return rows ? rows->count() : -1;
  };
  const std::vector<std::pair<std::string, std::function<bool()>>> questions{
      {"find_records", [&] { return ask(postgres_call::find_records(log, ids)) == 2; }},
      {"find_subjects", [&] { return ask(postgres_call::find_subjects(log, "qf", keys)) == 2; }},
      {"find_subjects_of",
       [&] { return ask(postgres_call::find_subjects_of(log, "qf", ids)) == 2; }},
      {"leaves", [&] { return tables.leaves(log, indexes).has_value(); }},
      {"first_of_subjects", [&] { return tables.first_of_subjects(log, ids)->size() == 2; }},
      {"without_bodies", [&] { return tables.without_bodies(log, ids)->empty(); }},
      {"body", [&] { return tables.body(log, 200)->sealed.has_value(); }},
      {"drop_bodies", [&] { return tables.drop_bodies(log, indexes).has_value(); }},
      {"forget_subjects", [&] { return tables.forget_subjects(log, firsts).has_value(); }},
      {"let_keys_go", [&] { return tables.let_keys_go(log, ids, 1).has_value(); }},
  };
  for (const auto& [name, question] : questions) {
    auto transaction = PostgresTransaction::begin(*connection);
    (void)question();
  }
  execute(
      "CREATE TABLE made AS SELECT i, ('00000000-0000-0000-0000-' || lpad(to_hex(i), 12, "
      "'0'))::uuid "
      "AS id FROM generate_series(100, 2000) i; "
      "INSERT INTO paxid.record SELECT 1, id, '\\x00', id, '\\x01', '\\x02' FROM made; "
      "INSERT INTO paxid.leaf SELECT 1, i, id, repeat('x', 186)::bytea FROM made; "
      "INSERT INTO paxid.subject SELECT 1, 1, id, id FROM made; "
      "INSERT INTO paxid.data_key SELECT id, 'qf', 1, '\\x03', 1, 0 FROM made");
  const PostgresStatement touched{
      "touched", "SELECT sum(seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables"};
  ASSERT_TRUE(connection->prepare({&touched, 1}));
  ASSERT_TRUE(PostgresTables::plan_anew(*connection));
  for (const auto& [name, question] : questions) {
    // The counts begin anew now and then, but not within a transaction.
    auto transaction = PostgresTransaction::begin(*connection);
    const auto before = connection->run("touched");
    EXPECT_TRUE(question()) << name;
    const auto after = connection->run("touched");
    ASSERT_TRUE(before && after) << name;
    EXPECT_LE(after->integer(0, 0) - before->integer(0, 0), 10u) << name;
  }
}

TEST_F(PostgresStoreTest, ReadersShareAFewSessions) {
  open();
  for (std::uint32_t i = 0; i < 40; ++i) ASSERT_TRUE(append(*store_, record(i)));
  auto holder = PostgresConnection::open(database());
  ASSERT_TRUE(holder) << holder.error().message;
  ASSERT_TRUE(holder->execute(
      "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE paxid.leaf"));
  std::vector<std::future<base::Result<StoredRecord>>> readers;
  for (std::uint32_t i = 0; i < 40; ++i) {
    readers.push_back(std::async(std::launch::async, [&, i] { return store_->leaf("qf", i); }));
  }
  const std::string waiting =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
      "wait_event_type = 'Lock' AND query LIKE 'SELECT data%'";
  while (std::stoul(execute(waiting)) < kMaxReadSessions) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(std::stoul(execute(waiting)), kMaxReadSessions);
  ASSERT_TRUE(holder->execute("ROLLBACK"));
  for (auto& reader : readers) {
    const auto read = reader.get();
    EXPECT_TRUE(read) << read.error().message;
  }
}

TEST_F(PostgresStoreTest, AKeyThatIsGoneIsNotReplaced) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  execute("DELETE FROM paxid.data_key WHERE kind = 1");
  EXPECT_EQ(append(*store_, about(3, 1)).error().code, ErrorCode::kFailedPrecondition);
  Record same = record(8);
  same.subject = record(1).subject;
  EXPECT_EQ(append(*store_, same).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(*store_->tree_size("qf"), 1u);
  EXPECT_TRUE(store_->healthy());
}

TEST_F(PostgresStoreTest, NothingPersonalIsInTheClear) {
  open();
  for (std::uint32_t i = 0; i < 20; ++i) ASSERT_TRUE(append_async(*store_, record(i)).get());
  ASSERT_TRUE(store_->checkpoint("qf"));
  std::uint64_t searched = 0;
  for (const char* table : {"record", "pending", "leaf", "subject", "data_key", "checkpoint"}) {
    const std::string name = std::string("paxid.") + table;
    searched += std::stoull(execute("SELECT count(*) FROM " + name));
    // A row as text has its bytes in hexadecimal digits; 43414E415259 is CANARY.
    EXPECT_EQ(execute("SELECT count(*) FROM " + name +
                      " t WHERE t::text LIKE '%CANARY%' OR "
                      "upper(t::text) LIKE '%43414E415259%'"),
              "0")
        << table;
  }
  EXPECT_GE(searched, 40u);
}

TEST_F(PostgresStoreTest, AForeignDatabaseIsRefused) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  store_.reset();
  SqliteStoreOptions foreign = options_;
  foreign.origin_prefix = "elsewhere.example";
  PostgresStoreOptions how;
  static_cast<StoreOptions&>(how) = foreign;
  how.connection = database();
  EXPECT_EQ(refused(open_postgres_store(how, clock_)).code, ErrorCode::kFailedPrecondition);
  how = postgres_options(options_);
  how.signing_key_file = directory_.path() + "/other.pem";
  ASSERT_TRUE(SigningKey::create(how.signing_key_file));
  EXPECT_EQ(refused(open_postgres_store(how, clock_)).field, "signing_key_file");
  how = postgres_options(options_);
  how.kek = directory_.path() + "/other.kek";
  ASSERT_TRUE(open_kek(how.kek, true));
  EXPECT_EQ(refused(open_postgres_store(how, clock_)).field, "kek");
  how = postgres_options(options_);
  how.connection = cluster().connection("nowhere");
  EXPECT_EQ(refused(open_postgres_store(how, clock_)).code, ErrorCode::kUnavailable);
  execute("UPDATE paxid.store SET version = 999");
  EXPECT_EQ(refused(open_postgres_store(postgres_options(options_), clock_)).code,
            ErrorCode::kFailedPrecondition);
}

TEST_F(PostgresStoreTest, ADatabaseThatForgetsIsRefused) {
  open();
  for (std::uint32_t i = 0; i < 10; ++i) ASSERT_TRUE(append(*store_, record(i)));
  head();
  store_.reset();
  const std::string kept = execute("SELECT encode(data, 'hex') FROM paxid.leaf WHERE idx = 9");
  // An older copy.
  execute("DELETE FROM paxid.leaf WHERE idx = 9; UPDATE paxid.log SET size = 9");
  EXPECT_EQ(refused(open_store(options_, clock_)).code, ErrorCode::kDataLoss);
  // Another leaf in its place.
  execute(
      "INSERT INTO paxid.leaf SELECT log, 9, '00000000-0000-0000-0000-000000000001', data FROM "
      "paxid.leaf WHERE idx = 8; UPDATE paxid.log SET size = 10");
  EXPECT_EQ(refused(open_store(options_, clock_)).code, ErrorCode::kDataLoss);
  execute("UPDATE paxid.leaf SET data = decode('" + kept + "', 'hex') WHERE idx = 9");
  open();
  // A server that is new holds the log to what the database has signed itself.
  store_.reset();
  execute("UPDATE paxid.leaf SET data = (SELECT data FROM paxid.leaf WHERE idx = 3) WHERE idx = 4");
  EXPECT_EQ(refused(open_other()).code, ErrorCode::kDataLoss);
}

TEST_F(PostgresStoreTest, ADatabaseWithoutItsKeysIsRefused) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  store_.reset();
  execute("CREATE TABLE kept AS SELECT * FROM paxid.data_key; DELETE FROM paxid.data_key");
  EXPECT_EQ(refused(open_store(options_, clock_)).code, ErrorCode::kDataLoss);
  execute("INSERT INTO paxid.data_key SELECT * FROM kept WHERE kind = 3");
  EXPECT_EQ(refused(open_store(options_, clock_)).code, ErrorCode::kDataLoss);
  execute("INSERT INTO paxid.data_key SELECT * FROM kept WHERE kind <> 3");
  open();
  EXPECT_EQ(text(*store_->open_body("qf", 0)), "CANARYBODY of passenger 1");
}

TEST_F(PostgresStoreTest, TheKeyEncryptionKeyIsReplacedByWhoIsAlone) {
  open();
  for (std::uint32_t i = 0; i < 10; ++i) ASSERT_TRUE(append(*store_, record(i)));
  SqliteStoreOptions next = options_;
  next.kek = directory_.path() + "/next.kek";
  next.previous_kek = options_.kek;
  ASSERT_TRUE(open_kek(next.kek, true));
  // The first server is there.
  EXPECT_EQ(refused(open_store(next, clock_)).field, "previous_kek");
  EXPECT_TRUE(append(*store_, record(10)));
  store_.reset();
  options_ = next;
  open();
  EXPECT_EQ(*store_->tree_size("qf"), 12u);
  const auto event = decode_leaf(store_->leaf("qf", 11)->leaf_data);
  EXPECT_EQ(event->type, RecordType::kKeyEvent);
  EXPECT_EQ(event->reason_bits, 2u);
  EXPECT_EQ(text(*store_->open_body("qf", 3)), "CANARYBODY of passenger 3");
  EXPECT_EQ(execute("SELECT count(*) FROM paxid.data_key WHERE kek_epoch <> 2"), "0");
  reopen();
  EXPECT_EQ(*store_->tree_size("qf"), 12u);
  expect_sound(*store_);
}

TEST_F(PostgresStoreTest, WhatWasAcknowledgedOutlivesTheDatabasesEnd) {
  open();
  constexpr std::uint32_t kMostRequests = 20'000;  // the end comes long before
  std::vector<base::Result<Receipt>> answers(kMostRequests,
                                             base::fail(ErrorCode::kUnavailable, ""));
  std::atomic<std::uint32_t> next{0};
  std::atomic<bool> gone{false};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (std::uint32_t i = next++; i < kMostRequests && !gone; i = next++) {
        answers[i] = append_async(*store_, record(i)).get();
        if (!answers[i]) gone = true;
      }
    });
  }
  while (next < 200) std::this_thread::yield();
  cluster().kill();
  for (std::thread& thread : threads) thread.join();
  const std::uint32_t asked = std::min<std::uint32_t>(next, kMostRequests);
  while (store_->reachable()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(store_->healthy());
  EXPECT_EQ(store_->tree_size("qf").error().code, ErrorCode::kUnavailable);
  cluster().start();
  while (!store_->reachable()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::uint32_t acknowledged = 0;
  for (std::uint32_t i = 0; i < asked; ++i) {
    if (answers[i]) {
      ++acknowledged;
      const auto index = store_->index_of("qf", request_id(i));
      ASSERT_TRUE(index && *index) << i;
      EXPECT_EQ(leaf_hash(store_->leaf("qf", **index)->leaf_data), answers[i]->leaf_hash);
    } else {
      EXPECT_EQ(answers[i].error().code, ErrorCode::kUnavailable);
      const auto again = append_async(*store_, record(i)).get();
      EXPECT_TRUE(again) << again.error().message;
    }
  }
  EXPECT_GT(acknowledged, 0u);
  EXPECT_LT(acknowledged, asked);
  expect_exactly(*store_, asked);
  expect_sound(*store_);
}

// From the store of SQLite.
TEST_F(PostgresStoreTest, MigrationKeepsEveryIndexRootAndAnswer) {
  auto files = open_sqlite_store(options_, clock_);
  ASSERT_TRUE(files) << files.error().message;
  for (std::uint32_t i = 0; i < 700; ++i) {
    clock_.set(kTestTime + i);
    Record one = record(i, i % 5 == 4 ? "ba" : "qf");
    if (i % 11 == 0) one.subject.reset();
    if (i % 13 == 0) one.body.clear();
    ASSERT_TRUE(append(**files, one));
  }
  const Id16 erased = **(*files)->subject_of("qf", *record(3).subject);
  const Id16 held = **(*files)->subject_of("qf", *record(5).subject);
  Record erasure;
  erasure.tenant = "qf";
  erasure.request_id = request_id(1000);
  erasure.type = RecordType::kErasure;
  erasure.effect = RecordEffect::kErase;
  erasure.subject_ref = erased;
  Record hold = erasure;
  hold.request_id = request_id(1001);
  hold.type = RecordType::kServiceEvent;
  hold.effect = RecordEffect::kHold;
  hold.subject_ref = held;
  Record deadline = hold;
  deadline.request_id = request_id(1002);
  deadline.effect = RecordEffect::kOpenDeadline;
  deadline.due_unix_us = kTestTime + 5;
  for (const Record& one : {erasure, hold, deadline}) ASSERT_TRUE(append(**files, one));

  // What the store says of everything.
  const auto said = [&](Store& store) {
    std::vector<std::string> all;
    for (const char* tenant : {"ba", "qf"}) {
      const std::uint64_t size = *store.tree_size(tenant);
      all.push_back(*store.checkpoint(tenant));
      for (std::uint64_t index = 0; index < size; ++index) {
        const auto leaf = store.leaf(tenant, index);
        all.push_back(text(leaf->leaf_data) + text(leaf->sealed_body.value_or(Bytes{})));
        const auto body = store.open_body(tenant, index);
        all.push_back(body ? text(*body) : std::string(base::name_of(body.error().code)));
        const auto found = store.index_of(tenant, decode_leaf(leaf->leaf_data)->request_id);
        all.push_back(std::to_string(found->value_or(9999)));
      }
      for (const auto& proof :
           {store.inclusion_proof(tenant, 7, size), store.consistency_proof(tenant, 100, size)}) {
        for (const Hash& hash : *proof) all.push_back(text(Bytes(hash.begin(), hash.end())));
      }
      for (std::uint32_t i = 0; i < 7; ++i) {
        const auto ref = *store.subject_of(tenant, *record(i).subject);
        all.push_back(ref ? text(Bytes(ref->begin(), ref->end())) : "unknown");
        if (!ref) continue;
        const auto state = store.subject(tenant, *ref);
        for (const std::uint64_t one : state->records) all.push_back(std::to_string(one));
        all.push_back(std::to_string(state->held_by.value_or(9999)));
      }
    }
    all.push_back(std::to_string(*store.subject("qf", erased)->erased_by));
    const auto deadlines = store.deadlines("qf");
    for (const Deadline& one : *deadlines) {
      all.push_back(std::to_string(one.index) + " " + std::to_string(one.due_unix_us));
    }
    return all;
  };
  const std::vector<std::string> before = said(**files);
  const auto busy = migrate_to_postgres(options_, database(), clock_);
  ASSERT_FALSE(busy) << "the store was open";
  files->reset();
  const auto logs = migrate_to_postgres(options_, database(), clock_);
  ASSERT_TRUE(logs) << logs.error().message;
  ASSERT_EQ(logs->size(), 2u);
  EXPECT_FALSE(open_sqlite_store(options_, clock_));
  open();
  EXPECT_EQ(said(*store_), before);
  EXPECT_TRUE(append(*store_, record(8))->replayed);
  ASSERT_TRUE(append(*store_, record(2000)));
  EXPECT_EQ(**store_->index_of("qf", request_id(2000)), *store_->tree_size("qf") - 1);
  expect_sound(*store_);
  expect_sound(*store_, "ba");
}

TEST_F(PostgresStoreTest, MigrationTakesAnEmptyDatabaseAlone) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  store_.reset();
  SqliteStoreOptions files = other_options();
  auto filled = open_sqlite_store(files, clock_);
  ASSERT_TRUE(filled) << filled.error().message;
  ASSERT_TRUE(append(**filled, record(2)));
  filled->reset();
  EXPECT_EQ(migrate_to_postgres(files, database(), clock_).error().code, ErrorCode::kAlreadyExists);
  EXPECT_TRUE(open_sqlite_store(files, clock_));
  open();
  EXPECT_EQ(*store_->tree_size("qf"), 1u);
}

TEST_F(PostgresStoreTest, IsRestoredFromADumpOfTheLogAndADumpOfTheKeys) {
  open();
  for (std::uint32_t i = 0; i < 21; ++i) ASSERT_TRUE(append(*store_, record(i)));
  const Checkpoint before = head();
  const Id16 ref = **store_->subject_of("qf", *record(3).subject);
  // As docs/operation.md says, while the server runs.
  const std::string log_dump = directory_.path() + "/log.dump";
  const std::string keys_dump = directory_.path() + "/keys.dump";
  run("pg_dump -Fc --exclude-table-data=paxid.data_key -f " + log_dump, database());
  Record later = record(100);
  later.subject = SubjectLookup{1, bytes("CANARYSUBJECT later")};
  ASSERT_TRUE(append(*store_, later));
  ASSERT_TRUE(append(*store_, erasure_of(ref)));
  run("pg_dump -Fc -t paxid.data_key -f " + keys_dump, database());
  EXPECT_EQ(file_bytes(log_dump).find("CANARY"), std::string::npos);
  const std::string erasures = file_bytes(options_.directory + "/erasures");
  store_.reset();

  const std::string name = database_name(options_.directory) + "_restored";
  const std::string restored = cluster().database(name);
  run("pg_restore " + log_dump, restored);
  EXPECT_EQ(cluster().execute(name, "SELECT count(*) FROM paxid.data_key"), "0");
  run("pg_restore --data-only " + keys_dump, restored);
  PostgresStoreOptions how = postgres_options(other_options());
  how.connection = restored;
  std::filesystem::create_directory(how.directory);
  std::filesystem::permissions(how.directory, std::filesystem::perms::owner_all);
  // Without the list of erasures a key is missing.
  EXPECT_EQ(refused(open_postgres_store(how, clock_)).code, ErrorCode::kDataLoss);
  std::ofstream(how.directory + "/erasures") << erasures;
  auto store = open_postgres_store(how, clock_);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ((*store)->open_body("qf", 3).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(text(*(*store)->open_body("qf", 4)), "CANARYBODY of passenger 4");
  EXPECT_FALSE(*(*store)->index_of("qf", request_id(100)));
  // It goes on where it was, with numbers of its own.
  ASSERT_TRUE(append(**store, later));
  ASSERT_TRUE(append(**store, record(1, "ba")));
  EXPECT_TRUE((*store)->consistency_proof("qf", before.size, *(*store)->tree_size("qf")));
  expect_sound(**store);
  expect_sound(**store, "ba");
}

// A database on another machine.
TEST_F(PostgresStoreTest, OverANetworkItIsTlsOrNothing) {
  // In a directory whose name is too long for a socket.
  const std::string far = directory_.path() + "/" + std::string(120, 'd');
  std::filesystem::create_directory(far);
  for (const std::string& path : {directory_.path(), far}) {
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0755));
  }
  tests::PostgresCluster remote(PAXID_POSTGRES_CLUSTER, tests::PostgresCluster::Network::kTls, far);
  remote.database("passengers");
  const std::string connection = remote.tls_connection("passengers");
  const std::string checked =
      connection + " sslmode=verify-full sslrootcert=" + remote.root_certificate();
  PostgresStoreOptions how;
  static_cast<StoreOptions&>(how) = options_;
  const auto error_with = [&](const std::string& with) {
    how.connection = with;
    return refused(open_postgres_store(how, clock_));
  };
  // Without TLS the database refuses; a socket that is no network needs none.
  EXPECT_EQ(error_with(connection + " sslmode=disable").code, ErrorCode::kUnavailable);
  EXPECT_EQ(error_with(checked + " host=other.example").code, ErrorCode::kUnavailable);
  const std::string stranger = directory_.path() + "/stranger.crt";
  ASSERT_EQ(std::system(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc "
                         "-subj '/CN=Stranger' -keyout " +
                         stranger + ".key -out " + stranger + " 2>/dev/null")
                            .c_str()),
            0);
  EXPECT_EQ(
      error_with(connection + " host=db.example sslmode=verify-full sslrootcert=" + stranger).code,
      ErrorCode::kUnavailable);

  how.connection = checked + " host=db.example";
  auto opened = open_postgres_store(how, clock_);
  ASSERT_TRUE(opened) << opened.error().message;
  store_ = *std::move(opened);
  for (std::uint32_t i = 0; i < 20; ++i) ASSERT_TRUE(append(*store_, record(i)));
  EXPECT_EQ(
      remote.execute("passengers",
                     "SELECT bool_and(ssl)::text FROM pg_stat_ssl JOIN pg_stat_activity USING "
                     "(pid) WHERE client_addr IS NOT NULL"),
      "true");
  expect_exactly(*store_, 20);
  // What comes back after the network was away.
  remote.kill();
  remote.start();
  while (!append_async(*store_, record(20)).get()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  expect_exactly(*store_, 21);
  expect_sound(*store_);
  store_.reset();

  // A database that would talk in the clear is not talked to.
  remote.execute("passengers",
                 "COPY (SELECT 'host all all 127.0.0.1/32 trust') TO PROGRAM 'cat > "
                 "pg_hba.conf'");
  remote.execute("passengers", "SELECT pg_reload_conf()");
  base::Error clear = error_with(connection + " sslmode=disable");
  while (clear.code == ErrorCode::kUnavailable) clear = error_with(connection + " sslmode=disable");
  EXPECT_EQ(clear.code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(clear.field, "postgresql");
}

// Migrations that were ended in the middle.
class Migration : public PostgresStoreTest {
 protected:
  static constexpr std::uint32_t kRecords = 120;

  void SetUp() override {
    auto files = open_sqlite_store(options_, clock_);
    ASSERT_TRUE(files) << files.error().message;
    for (std::uint32_t i = 0; i < kRecords; ++i) ASSERT_TRUE(append(**files, record(i)));
    root_ = head_of(**files).root;
  }
  static Checkpoint head_of(Store& store) {
    const auto key = parse_vkey(*store.vkey("qf"));
    const auto note = store.checkpoint("qf");
    EXPECT_TRUE(note) << note.error().message;
    return *open_checkpoint(*note, {&*key, 1}, "audit.example/qf");
  }
  // A copy of the directory, and the name of its database.
  SqliteStoreOptions copy(const std::string& name) {
    SqliteStoreOptions made = options_;
    made.directory = directory_.path() + "/" + name;
    made.create_keys = false;
    std::filesystem::copy(options_.directory, made.directory);
    return made;
  }
  static std::string target(const SqliteStoreOptions& of) {
    return cluster().database(database_name(of.directory));
  }
  void expect_done(const SqliteStoreOptions& of) {
    const auto logs = migrate_to_postgres(of, target(of), clock_);
    ASSERT_TRUE(logs) << logs.error().message;
    ASSERT_EQ(logs->size(), 1u);
    EXPECT_EQ(logs->front().size, kRecords);
    EXPECT_EQ(logs->front().root, root_);
    for (const char* file : {"/log.db", "/keys.db"}) {
      EXPECT_FALSE(std::filesystem::exists(of.directory + file));
      EXPECT_TRUE(std::filesystem::exists(of.directory + file + ".migrated"));
    }
    EXPECT_FALSE(open_sqlite_store(of, clock_));
    auto store = open_postgres_store(postgres_options(of), clock_);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(head_of(**store).root, root_);
    EXPECT_EQ(text(*(*store)->open_body("qf", 5)), "CANARYBODY of passenger 5");
    expect_sound(**store);
  }

  Hash root_{};
};

TEST_F(Migration, IsEndedFromEveryStateOfFilesAndDatabase) {
  const SqliteStoreOptions full = copy("full");
  const std::string template_name = database_name(full.directory);
  ASSERT_TRUE(migrate_to_postgres(full, target(full), clock_));
  for (const unsigned state : {0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u}) {
    const SqliteStoreOptions one = copy("state" + std::to_string(state));
    const std::array<const char*, 2> names{"/log.db", "/keys.db"};
    for (std::size_t file = 0; file < names.size(); ++file) {
      if ((state >> file & 1) == 0) continue;
      std::filesystem::rename(one.directory + names[file],
                              one.directory + names[file] + ".migrated");
    }
    if ((state & 4) != 0) {
      cluster().execute("postgres", "CREATE DATABASE " + database_name(one.directory) +
                                        " TEMPLATE " + template_name);
    }
    expect_done(one);
    // And what is done stays done.
    if (state == 7) expect_done(one);
  }
}

TEST_F(Migration, AStoreThatWentOnIsNotSetAside) {
  const SqliteStoreOptions one = copy("one");
  ASSERT_TRUE(migrate_to_postgres(one, target(one), clock_));
  for (const char* file : {"/log.db", "/keys.db"}) {
    std::filesystem::rename(one.directory + file + ".migrated", one.directory + file);
  }
  auto files = open_sqlite_store(one, clock_);
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_TRUE(append(**files, record(kRecords)));
  files->reset();
  EXPECT_EQ(migrate_to_postgres(one, target(one), clock_).error().code, ErrorCode::kAlreadyExists);
  EXPECT_TRUE(open_sqlite_store(one, clock_));
  // Nor is one that is empty itself.
  SqliteStoreOptions empty = one;
  empty.directory = directory_.path() + "/empty";
  empty.create_keys = true;
  ASSERT_TRUE(open_sqlite_store(empty, clock_));
  EXPECT_EQ(migrate_to_postgres(empty, target(one), clock_).error().code,
            ErrorCode::kAlreadyExists);
}

TEST_F(Migration, KilledAtAnyMomentItIsRunAgain) {
  using Clock = std::chrono::steady_clock;
  const auto begin = [&](const SqliteStoreOptions& of, const std::string& connection) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(migrate_to_postgres(of, connection, clock_) ? 0 : 1);
    return child;
  };
  const auto end = [](pid_t child) {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
  };
  const SqliteStoreOptions whole = copy("whole");
  const std::string first = target(whole);
  const auto start = Clock::now();
  ASSERT_EQ(end(begin(whole, first)), 0);
  const auto time = Clock::now() - start;
  constexpr int kRounds = 8;
  for (int round = 0; round < kRounds; ++round) {
    const SqliteStoreOptions one = copy("killed" + std::to_string(round));
    const std::string connection = target(one);
    const std::string name = database_name(one.directory);
    const pid_t child = begin(one, connection);
    std::this_thread::sleep_for(time * round / (kRounds - 1));
    ::kill(child, SIGKILL);
    end(child);
    while (cluster().execute("postgres", "SELECT count(*) FROM pg_stat_activity WHERE datname = '" +
                                             name + "'") != "0") {
      std::this_thread::yield();
    }
    const bool committed = !cluster().execute(name, "SELECT to_regclass('paxid.log')").empty() &&
                           cluster().execute(name, "SELECT count(*) FROM paxid.log") != "0";
    if (committed) {
      EXPECT_FALSE(open_sqlite_store(one, clock_)) << "both have the log";
    }
    expect_done(one);
  }
}

}  // namespace
}  // namespace paxid::audit
