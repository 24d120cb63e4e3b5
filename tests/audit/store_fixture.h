#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>

#include "audit/checkpoint.h"
#include "audit/merkle.h"
#include "audit/promise.h"
#include "audit/sqlite_store.h"
#include "base/clock.h"
#include "tests/audit/vectors.h"
#include "tests/temporary_store.h"

namespace paxid::audit {

inline constexpr std::uint64_t kTestTime = 1763800000000000;

inline SqliteStoreOptions store_options(const std::string& root) {
  SqliteStoreOptions options = store_in(root);
  options.origin_prefix = "audit.example";
  // Signed when asked, so that a test decides what is covered.
  options.checkpoint_interval = std::chrono::hours(1);
  options.checkpoint_leaves = 1 << 30;
  return options;
}

inline Id16 request_id(std::uint32_t number) {
  Id16 id{0x01, 0x93};
  for (int i = 0; i < 4; ++i) id[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

// A request of an invented passenger. The words are canaries: none may be found on disk.
inline Record record(std::uint32_t number, const std::string& tenant = "qf") {
  Record made;
  made.tenant = tenant;
  made.request_id = request_id(number);
  made.canonical_request = bytes("CANARYREQUEST " + std::to_string(number));
  made.decision = 1;
  made.reason_bits = number;
  made.score = 990;
  made.actor = id16(0xA0);
  made.subject = SubjectLookup{1, bytes("CANARYSUBJECT " + std::to_string(number % 7))};
  made.ruleset = filled_hash(0x11);
  made.software = filled_hash(0x22);
  made.trace_id = id16(0xB0);
  made.body = bytes("CANARYBODY of passenger " + std::to_string(number));
  made.response = bytes("CANARYRESPONSE to " + std::to_string(number));
  return made;
}

// A record about an earlier record: the person is the same, and so is his key.
inline Record about(std::uint32_t number, std::uint32_t earlier) {
  Record made = record(number);
  made.type = RecordType::kManualReview;
  made.subject.reset();
  made.subject_of_request = request_id(earlier);
  return made;
}

inline std::future<base::Result<Receipt>> append_async(Store& store, Record asked) {
  auto promise = std::make_shared<std::promise<base::Result<Receipt>>>();
  auto future = promise->get_future();
  store.append(std::move(asked),
               [promise](base::Result<Receipt> result) { promise->set_value(std::move(result)); });
  return future;
}

// The receipt with its place; who was answered with a promise holds the store to it.
inline base::Result<Receipt> placed(Store& store, const std::string& tenant, const Id16& id,
                                    base::Result<Receipt> receipt) {
  if (!receipt || receipt->promise.empty()) return receipt;
  const auto key = parse_vkey(*store.vkey(tenant));
  const auto promise = open_promise(receipt->promise, {&*key, 1}, *store.origin(tenant));
  EXPECT_TRUE(promise) << promise.error().message;
  EXPECT_EQ(promise ? promise->leaf_hash : Hash{}, receipt->leaf_hash);
  const auto index = store.index_of(tenant, id);
  if (!index) return tl::unexpected(index.error());
  if (!*index) return base::fail(base::ErrorCode::kDataLoss, "a promise was not kept");
  EXPECT_EQ(leaf_hash(store.leaf(tenant, **index)->leaf_data), receipt->leaf_hash);
  receipt->index = **index;
  receipt->tree_size = **index + 1;
  return receipt;
}

inline base::Result<Receipt> append(Store& store, const Record& asked) {
  return placed(store, asked.tenant, asked.request_id, append_async(store, asked).get());
}

// The store that the tests of this program are about.
base::Result<std::unique_ptr<Store>> open_store(const SqliteStoreOptions& options,
                                                const base::Clock& clock);
// How many keys of subjects it keeps, those that were made in advance too.
std::uint64_t stored_subject_keys(const SqliteStoreOptions& options);

inline std::string file_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Changes a database behind the store's back.
inline void execute_sql(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
      << (message == nullptr ? "" : message);
  EXPECT_EQ(sqlite3_changes(database) > 0, true) << "nothing changed: " << sql;
  sqlite3_free(message);
  sqlite3_close(database);
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() = default;
  // In a directory of its own in this one.
  explicit StoreTest(const std::string& directory) : directory_(directory) {}
  void open() {
    auto opened = open_store(options_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
  }
  void reopen() {
    store_.reset();
    open();
  }
  base::Error open_error() {
    store_.reset();
    auto opened = open_store(options_, clock_);
    EXPECT_FALSE(opened) << "the store opened";
    return opened ? base::Error{} : opened.error();
  }
  Checkpoint head(const std::string& tenant = "qf") {
    const auto note = store_->checkpoint(tenant);
    EXPECT_TRUE(note) << note.error().message;
    const auto key = parse_vkey(*store_->vkey(tenant));
    auto checkpoint = open_checkpoint(*note, {&*key, 1}, "audit.example/" + tenant);
    EXPECT_TRUE(checkpoint) << checkpoint.error().message;
    return checkpoint.value_or(Checkpoint{});
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
  std::string log_db() const { return options_.directory + "/log.db"; }

  TemporaryDirectory directory_;
  base::ManualClock clock_{kTestTime};
  SqliteStoreOptions options_ = store_options(directory_.path());
  std::unique_ptr<Store> store_;
};

}  // namespace paxid::audit
