#include "audit/kek.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

#include "audit/key_store.h"
#include "base/base64.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

class Kek : public testing::Test {
 protected:
  ~Kek() override {
    ::unsetenv("PAXID_TEST_KEK");
    ::unsetenv("CREDENTIALS_DIRECTORY");
  }
  std::string file(const std::string& name, const std::string& content, unsigned mode = 0600) {
    const std::string path = directory_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
    return path;
  }
  static std::string content_of(const base::Result<base::SecretBytes>& key) {
    return key ? std::string(key->reveal().begin(), key->reveal().end()) : key.error().message;
  }

  TemporaryDirectory directory_;
  const std::string key_ = std::string(16, 'k') + std::string(16, '\0');
};

TEST_F(Kek, IsReadFromAFileOthersMayNotRead) {
  EXPECT_EQ(content_of(load_kek(file("kek", key_))), key_);
  EXPECT_EQ(load_kek(file("open", key_, 0640)).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(load_kek(file("short", key_.substr(1))).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(load_kek(directory_.path() + "/none").error().code, ErrorCode::kNotFound);
}

TEST_F(Kek, IsReadFromAVariable) {
  EXPECT_EQ(load_kek("env:PAXID_TEST_KEK").error().code, ErrorCode::kNotFound);
  const Bytes raw(key_.begin(), key_.end());
  ::setenv("PAXID_TEST_KEK", base::to_base64(raw).c_str(), 1);
  EXPECT_EQ(content_of(load_kek("env:PAXID_TEST_KEK")), key_);
  for (const char* wrong : {"no base64 at all", "AAAA"}) {
    ::setenv("PAXID_TEST_KEK", wrong, 1);
    const auto refused = load_kek("env:PAXID_TEST_KEK");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
    EXPECT_EQ(refused.error().message.find(wrong), std::string::npos);
  }
}

TEST_F(Kek, IsReadFromACredential) {
  EXPECT_EQ(load_kek("credential:kek").error().code, ErrorCode::kNotFound);
  // As the service manager leaves it behind when it uses an access list.
  file("kek", key_, 0440);
  file("empty", "");
  ::setenv("CREDENTIALS_DIRECTORY", directory_.path().c_str(), 1);
  EXPECT_EQ(content_of(load_kek("credential:kek")), key_);
  EXPECT_EQ(load_kek("credential:empty").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(load_kek("credential:none").error().code, ErrorCode::kNotFound);
}

TEST_F(Kek, OneThatIsDestroyedIsOverwrittenAndGone) {
  const std::string path = file("kek", key_);
  const std::string link = directory_.path() + "/same";
  std::filesystem::create_hard_link(path, link);
  ASSERT_TRUE(destroy_kek(path));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(file_bytes(link), std::string(32, '\0'));
  EXPECT_TRUE(destroy_kek(path));
}

TEST_F(Kek, EveryOneMadeIsAnother) {
  const std::string a = directory_.path() + "/a", b = directory_.path() + "/b";
  ASSERT_TRUE(create_kek(a));
  ASSERT_TRUE(create_kek(b));
  EXPECT_NE(file_bytes(a), file_bytes(b));
  EXPECT_EQ(create_kek(a).error().code, ErrorCode::kAlreadyExists);
}

// Epochs of a store.
class Epochs : public StoreTest {
 protected:
  void SetUp() override {
    open();
    for (std::uint32_t i = 0; i < 20; ++i) ASSERT_TRUE(append(*store_, record(i)));
    ASSERT_TRUE(append(*store_, record(100, "ba")));
    store_.reset();
  }
  std::string row(const std::string& column) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open((options_.directory + "/keys.db").c_str(), &database), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    const std::string sql = "SELECT group_concat(v) FROM (SELECT DISTINCT hex(" + column +
                            ") AS v FROM data_key ORDER BY 1)";
    EXPECT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    std::string text(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return text;
  }
  void expect_everything_opens() {
    for (std::uint64_t index = 0; index < 20; ++index) {
      EXPECT_EQ(text(*store_->open_body("qf", index)),
                "CANARYBODY of passenger " + std::to_string(index));
    }
    EXPECT_TRUE(append(*store_, record(7))->replayed);
  }
};

TEST_F(Epochs, ANewKeyEncryptionKeyWrapsEveryKeyAnewAndEachLogSaysSo) {
  const std::string old_kek = file_bytes(options_.kek);
  const std::string old_rows = row("wrapped");
  const auto epoch = replace_kek(options_, clock_);
  ASSERT_TRUE(epoch) << epoch.error().message;
  EXPECT_EQ(*epoch, 2u);
  EXPECT_EQ(row("kek_epoch"), "32");  // the digit 2
  EXPECT_NE(file_bytes(options_.kek), old_kek);
  EXPECT_FALSE(std::filesystem::exists(next_kek_path(options_.kek)));
  // No row as it was, in no file of the store.
  for (const auto& entry : std::filesystem::directory_iterator(options_.directory)) {
    const std::string content = file_bytes(entry.path());
    std::istringstream rows(old_rows);
    for (std::string hex; std::getline(rows, hex, ',');) {
      const auto wrapped = *base::from_hex(hex);
      EXPECT_EQ(content.find(std::string(wrapped.begin(), wrapped.end())), std::string::npos);
    }
  }
  open();
  expect_everything_opens();
  for (const auto& [tenant, index] : {std::pair{"qf", 20u}, std::pair{"ba", 1u}}) {
    EXPECT_EQ(*store_->tree_size(tenant), index + 1);
    const auto leaf = decode_leaf(store_->leaf(tenant, index)->leaf_data);
    EXPECT_EQ(leaf->type, RecordType::kKeyEvent);
    EXPECT_EQ(leaf->reason_bits, 2u);
    EXPECT_EQ(text(*store_->open_body(tenant, index)),
              R"({"event":"kek_replaced","kek_epoch":2,"request_id":")" +
                  base::to_hex(leaf->request_id) + R"(","version":1})");
  }
  // Said once; and once more for the next.
  reopen();
  EXPECT_EQ(*store_->tree_size("qf"), 21u);
  store_.reset();
  EXPECT_EQ(*replace_kek(options_, clock_), 3u);
  open();
  EXPECT_EQ(*store_->tree_size("qf"), 22u);
  expect_everything_opens();
}

TEST_F(Epochs, TheOneOfBeforeIsTakenFromTheOptions) {
  const std::string before = options_.kek;
  options_.kek = directory_.path() + "/new";
  ASSERT_TRUE(create_kek(options_.kek));
  EXPECT_EQ(open_error().field, "kek");
  options_.previous_kek = directory_.path() + "/none";
  EXPECT_EQ(open_error().field, "kek");
  options_.previous_kek = before;
  open();
  expect_everything_opens();
  // From then on it may stay there, and is not needed.
  reopen();
  options_.previous_kek.clear();
  reopen();
  expect_everything_opens();
  EXPECT_EQ(*store_->tree_size("qf"), 21u);
}

TEST_F(Epochs, AnInterruptedReplacementGoesOn) {
  const std::string next = next_kek_path(options_.kek);
  // The new one was made, nothing more.
  ASSERT_TRUE(create_kek(next));
  open();
  store_.reset();
  // The keys were wrapped anew; the old one is still there.
  {
    SqliteStoreOptions half = options_;
    half.kek = next;
    half.previous_kek = options_.kek;
    ASSERT_TRUE(open_sqlite_store(half, clock_));
  }
  EXPECT_NE(open_error().message, "");
  // The old one is destroyed, the new one not yet in its place.
  std::filesystem::remove(options_.kek);
  EXPECT_NE(open_error().message.find("replace it again"), std::string::npos);
  EXPECT_EQ(*replace_kek(options_, clock_), 2u);
  open();
  expect_everything_opens();
  EXPECT_EQ(*store_->tree_size("qf"), 21u);
}

TEST_F(Epochs, WhoReadsTheKeysIsNamedAndItGoesOnAfterwards) {
  auto reader = Database::open(options_.directory + "/keys.db", Database::Access::kReadOnly);
  ASSERT_TRUE(reader && reader->execute("BEGIN"));
  ASSERT_TRUE(reader->integer_of("SELECT count(*) FROM data_key"));
  for (int i = 0; i < 2; ++i) {
    const auto refused = replace_kek(options_, clock_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, kKeysInUseField);
  }
  ASSERT_TRUE(reader->execute("COMMIT"));
  EXPECT_EQ(*replace_kek(options_, clock_), 2u);
  open();
  expect_everything_opens();
}

TEST_F(Epochs, IsNotReplacedUnderAnOpenStoreNorWithoutTheRightOne) {
  open();
  EXPECT_EQ(replace_kek(options_, clock_).error().code, ErrorCode::kFailedPrecondition);
  store_.reset();
  const std::string kek = file_bytes(options_.kek);
  SqliteStoreOptions other = options_;
  other.kek = directory_.path() + "/other";
  ASSERT_TRUE(create_kek(other.kek));
  EXPECT_EQ(replace_kek(other, clock_).error().field, "kek");
  EXPECT_TRUE(std::filesystem::exists(other.kek));
  other.kek = "env:PAXID_TEST_KEK";
  EXPECT_EQ(replace_kek(other, clock_).error().code, ErrorCode::kInvalidArgument);
  other.directory = directory_.path() + "/empty";
  other.kek = options_.kek;
  EXPECT_EQ(replace_kek(other, clock_).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(file_bytes(options_.kek), kek);
}

TEST_F(Epochs, ADamagedKeyStaysWhatItIsAndTheOthersAreWrapped) {
  execute_sql(options_.directory + "/keys.db",
              "UPDATE data_key SET wrapped = zeroblob(60) WHERE id = (SELECT min(id) FROM data_key "
              "WHERE kind = 1)");
  SqliteStoreOptions half = options_;
  KeyStore::Options keys;
  keys.path = options_.directory + "/keys.db";
  keys.kek = directory_.path() + "/new";
  keys.previous_kek = options_.kek;
  ASSERT_TRUE(create_kek(keys.kek));
  const auto opened = KeyStore::open(keys);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ((*opened)->kek_epoch(), 2u);
  EXPECT_TRUE(*(*opened)->log_key("qf"));
}

}  // namespace
}  // namespace paxid::audit
