#include "audit/postgres_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "audit/kek.h"
#include "audit/merkle.h"
#include "audit/postgres_migration.h"
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
  Record erasure;
  erasure.tenant = "qf";
  erasure.request_id = request_id(1000);
  erasure.type = RecordType::kErasure;
  erasure.effect = RecordEffect::kErase;
  erasure.subject_ref = ref;
  erasure.body = bytes("on request");
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

}  // namespace
}  // namespace paxid::audit
