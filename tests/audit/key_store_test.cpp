#include "audit/key_store.h"

#include <gtest/gtest.h>

#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

class KeyStoreTest : public testing::Test {
 protected:
  void open() {
    keys_.reset();
    auto opened = KeyStore::open(options_);
    ASSERT_TRUE(opened) << opened.error().message;
    keys_ = *std::move(opened);
  }
  base::Error open_error() {
    keys_.reset();
    const auto opened = KeyStore::open(options_);
    EXPECT_FALSE(opened);
    return opened.error();
  }
  KeyStore::DataKey make(std::string_view tenant, KeyStore::Kind kind) {
    const KeyStore::Wanted wanted[] = {{tenant, kind}};
    auto made = keys_->create(wanted, kTestTime);
    EXPECT_TRUE(made);
    return std::move(made->at(0));
  }

  TemporaryDirectory directory_;
  KeyStore::Options options_{directory_.path() + "/keys.db", directory_.path() + "/kek", true,
                             true};
  std::unique_ptr<KeyStore> keys_;
};

TEST_F(KeyStoreTest, KeysAreKept) {
  open();
  const auto subject = make("qf", KeyStore::Kind::kSubject);
  const auto log = make("qf", KeyStore::Kind::kLog);
  open();
  const auto subject_again = keys_->subject_key("qf", subject.id);
  ASSERT_TRUE(subject_again);
  EXPECT_TRUE(std::ranges::equal(subject_again->reveal(), subject.key.reveal()));
  const auto log_again = keys_->log_key("qf");
  ASSERT_TRUE(log_again && *log_again);
  EXPECT_EQ((*log_again)->id, log.id);
  EXPECT_TRUE(std::ranges::equal((*log_again)->key.reveal(), log.key.reveal()));
}

TEST_F(KeyStoreTest, AnotherTenantHasNoneOfThem) {
  open();
  const auto subject = make("qf", KeyStore::Kind::kSubject);
  make("qf", KeyStore::Kind::kLog);
  EXPECT_EQ(keys_->subject_key("ba", subject.id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(*keys_->log_key("ba"), std::nullopt);
}

TEST_F(KeyStoreTest, ALogKeyIsNoSubjectKey) {
  open();
  const auto log = make("qf", KeyStore::Kind::kLog);
  EXPECT_EQ(keys_->subject_key("qf", log.id).error().code, ErrorCode::kNotFound);
}

TEST_F(KeyStoreTest, ADeletedRowIsAnErasedSubject) {
  open();
  const auto first = make("qf", KeyStore::Kind::kSubject);
  const auto second = make("qf", KeyStore::Kind::kSubject);
  keys_.reset();
  execute_sql(options_.path, "DELETE FROM data_key WHERE id = x'" + base::to_hex(first.id) + "'");
  open();
  EXPECT_EQ(keys_->subject_key("qf", first.id).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(keys_->subject_key("qf", second.id));
}

TEST_F(KeyStoreTest, KeysAreReadAtOneMoment) {
  open();
  const auto first = make("qf", KeyStore::Kind::kSubject);
  const auto second = make("qf", KeyStore::Kind::kSubject);
  {
    const auto reading = keys_->read_together();
    ASSERT_TRUE(reading);
    EXPECT_TRUE(keys_->subject_key("qf", first.id));
    execute_sql(options_.path, "DELETE FROM data_key");
    EXPECT_TRUE(keys_->subject_key("qf", second.id));
  }
  EXPECT_EQ(keys_->subject_key("qf", second.id).error().code, ErrorCode::kNotFound);
  const auto third = make("qf", KeyStore::Kind::kLog);
  EXPECT_EQ((*keys_->log_key("qf"))->id, third.id);
}

TEST_F(KeyStoreTest, AKeyMovedToAnotherRowDoesNotOpen) {
  open();
  const auto first = make("qf", KeyStore::Kind::kSubject);
  const auto second = make("ba", KeyStore::Kind::kSubject);
  keys_.reset();
  execute_sql(options_.path,
              "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE id "
              "= x'" +
                  base::to_hex(second.id) + "') WHERE id = x'" + base::to_hex(first.id) + "'");
  open();
  EXPECT_EQ(keys_->subject_key("qf", first.id).error().code, ErrorCode::kDataLoss);
}

TEST_F(KeyStoreTest, AnotherKeyEncryptionKeyIsRefused) {
  open();
  std::filesystem::remove(options_.kek);
  EXPECT_EQ(open_error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(KeyStoreTest, MissingFilesAreNotMadeUnlessTold) {
  options_.create_kek = false;
  EXPECT_EQ(open_error().field, "kek");
  options_.create_kek = true;
  options_.create_database = false;
  EXPECT_EQ(open_error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(KeyStoreTest, AKeyEncryptionKeyOfAnotherSizeIsRefused) {
  std::ofstream(options_.kek) << "short";
  std::filesystem::permissions(options_.kek, std::filesystem::perms::owner_read);
  EXPECT_EQ(open_error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(KeyStoreTest, TheBlindIndexDependsOnTenantKindAndMaster) {
  open();
  const auto value = bytes("CANARY");
  const Id16 index = keys_->cipher().blind_index("qf", 1, value);
  EXPECT_EQ(keys_->cipher().blind_index("qf", 1, value), index);
  EXPECT_NE(keys_->cipher().blind_index("ba", 1, value), index);
  EXPECT_NE(keys_->cipher().blind_index("qf", 2, value), index);
  const Hash digest = keys_->cipher().request_digest("qf", value);
  open();
  EXPECT_EQ(keys_->cipher().blind_index("qf", 1, value), index);
  EXPECT_EQ(keys_->cipher().request_digest("qf", value), digest);
  KeyStore::Options other = options_;
  other.path += "2";
  const auto another = KeyStore::open(other);
  EXPECT_NE((*another)->cipher().blind_index("qf", 1, value), index);
  EXPECT_NE((*another)->cipher().request_digest("qf", value), digest);
}

}  // namespace
}  // namespace paxid::audit
