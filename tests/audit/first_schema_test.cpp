// A store that the first code that kept records has written, opened by the code of today.

#include <gtest/gtest.h>

#include <filesystem>

#include "audit/merkle.h"
#include "audit/verify_log.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

constexpr std::uint32_t kRecords = 310;
constexpr std::uint64_t kSigned = 300;
// What that code said of the first 300 leaves.
constexpr const char* kSignedThen =
    "audit.example/qf\n300\ns3qdA/b2rJuGey7BIIsEyHOl+QEHsaVYxjWRtS+/ZqE=\n\n"
    "\u2014 audit.example/qf "
    "Q2rbfaQiSgqD8ycSXRw9BLC/fLWug3lhoHIsVNVwDhQfhbKgRBBVcah++xEJPOs1N3mU/"
    "NVIAdmaiLvTVH6+PVFflwo=\n";

class FirstSchema : public StoreTest {
 protected:
  void SetUp() override {
    namespace fs = std::filesystem;
    const std::string data = std::string(PAXID_TEST_DATA) + "/audit/first_schema/";
    fs::create_directory(options_.directory);
    fs::permissions(options_.directory, fs::perms::owner_all);
    const auto take = [&](const std::string& name, const std::string& to) {
      fs::copy_file(data + name, to);
      fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
    };
    for (const char* name : {"log.db", "keys.db", "qf.checkpoint"}) {
      take(name, options_.directory + "/" + name);
    }
    take("signing.pem", options_.signing_key_file);
    take("kek", options_.kek);
    options_.create_keys = false;
    ASSERT_EQ(version(), 1);
  }
  int version() {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(log_db().c_str(), &database), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, "PRAGMA user_version", -1, &statement, nullptr),
              SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const int number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
  }
  static Record asked(std::uint32_t number) {
    Record one = record(number);
    if (number < kSigned && number % 50 == 49) one.subject.reset();
    if (number < kSigned && number % 60 == 59) one.body.clear();
    return one;
  }
};

TEST_F(FirstSchema, IsReadAsItWasWritten) {
  open();
  EXPECT_GT(version(), 1);
  EXPECT_EQ(head().size, kRecords);
  const auto key = parse_vkey(*store_->vkey("qf"));
  const auto then = open_checkpoint(kSignedThen, {&*key, 1}, "audit.example/qf");
  ASSERT_TRUE(then) << then.error().message;
  const auto proof = store_->consistency_proof("qf", kSigned, kRecords);
  ASSERT_TRUE(proof);
  EXPECT_TRUE(verify_consistency(kSigned, kRecords, then->root, head().root, *proof));
  for (std::uint32_t i = 0; i < kRecords; ++i) {
    const Record one = asked(i);
    const auto body = store_->open_body("qf", i);
    EXPECT_EQ(body.has_value(), !one.body.empty()) << i;
    if (body) {
      EXPECT_EQ(text(*body), text(one.body));
    }
    const auto again = append(*store_, one);
    ASSERT_TRUE(again) << i << ": " << again.error().message;
    EXPECT_TRUE(again->replayed) << i;
    EXPECT_EQ(again->index, i);
    EXPECT_EQ(text(again->response), text(one.response));
  }
  const auto report = verify_log(*store_, "qf");
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->problems.empty());
}

TEST_F(FirstSchema, ItsSubjectsAreFoundAndErased) {
  open();
  const auto ref = store_->subject_of("qf", *record(3).subject);
  ASSERT_TRUE(ref && *ref);
  std::vector<std::uint64_t> theirs;
  for (std::uint32_t i = 0; i < kRecords; ++i) {
    if (asked(i).subject && i % 7 == 3) theirs.push_back(i);
  }
  EXPECT_EQ(store_->subject("qf", **ref)->records, theirs);
  ASSERT_TRUE(append(*store_, record(1000)));
  Record erasure;
  erasure.tenant = "qf";
  erasure.request_id = request_id(1001);
  erasure.type = RecordType::kErasure;
  erasure.effect = RecordEffect::kErase;
  erasure.subject_ref = **ref;
  erasure.body = bytes("on request");
  ASSERT_TRUE(append(*store_, erasure));
  reopen();
  EXPECT_FALSE(*store_->subject_of("qf", *record(3).subject));
  EXPECT_FALSE(store_->open_body("qf", 3));
  EXPECT_EQ(text(*store_->open_body("qf", 4)), "CANARYBODY of passenger 4");
  EXPECT_EQ(head().size, kRecords + 2);
}

}  // namespace
}  // namespace paxid::audit
