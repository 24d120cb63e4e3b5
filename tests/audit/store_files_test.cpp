#include <gtest/gtest.h>
#include <sys/stat.h>

#include "audit/store.h"
#include "tests/audit/store_fixture.h"

// What the store of SQLite keeps in files.
namespace paxid::audit {
namespace {

using base::ErrorCode;

TEST_F(StoreTest, AnErasedSubjectIsNotSharedAgain) {
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  execute_sql(options_.directory + "/keys.db", "DELETE FROM data_key WHERE kind = 1");
  const auto late = append(*store_, about(3, 1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(*store_->tree_size("qf"), 1u);
  EXPECT_TRUE(store_->healthy());
}

TEST_F(StoreTest, NothingPersonalIsInTheClearOnDisk) {
  open();
  for (std::uint32_t i = 0; i < 50; ++i) ASSERT_TRUE(append(*store_, record(i)));
  ASSERT_TRUE(store_->checkpoint("qf"));
  const auto search = [&] {
    std::size_t searched = 0;
    for (const auto& entry : std::filesystem::directory_iterator(options_.directory)) {
      const std::string content = file_bytes(entry.path());
      EXPECT_EQ(content.find("CANARY"), std::string::npos) << entry.path();
      searched += content.size();
    }
    return searched;
  };
  EXPECT_GT(search(), 50 * kLeafBytes);  // the write-ahead log included
  store_.reset();
  EXPECT_GT(search(), 50 * kLeafBytes);
}

TEST_F(StoreTest, FilesArePrivate) {
  const mode_t before = ::umask(0);  // what the store does not ask for, everybody gets
  open();
  ASSERT_TRUE(append(*store_, record(1)));
  ASSERT_TRUE(store_->checkpoint("qf"));
  const auto mode = [](const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
  };
  EXPECT_EQ(mode(options_.directory), 0700u);
  EXPECT_EQ(mode(options_.kek), 0600u);
  EXPECT_EQ(mode(options_.signing_key_file), 0600u);
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(options_.directory)) {
    EXPECT_EQ(mode(entry.path()), 0600u) << entry.path();
    names.insert(entry.path().filename());
  }
  EXPECT_EQ(names, (std::set<std::string>{"keys.db", "keys.db-shm", "keys.db-wal", "lock", "log.db",
                                          "log.db-shm", "log.db-wal", "qf.checkpoint"}));
  ::umask(before);
}

TEST_F(StoreTest, ADirectoryThatOthersMayEnterIsRefused) {
  using std::filesystem::perms;
  open();
  for (const perms too_much :
       {perms::group_exec, perms::others_exec, perms::group_read, perms::others_write}) {
    std::filesystem::permissions(options_.directory, perms::owner_all | too_much);
    const base::Error error = open_error();
    EXPECT_EQ(error.code, ErrorCode::kFailedPrecondition);
    EXPECT_EQ(error.field, "directory");
    EXPECT_NE(error.message.find("chmod 700"), std::string::npos);
  }
  std::filesystem::permissions(options_.directory, perms::owner_all);
  open();
}

}  // namespace
}  // namespace paxid::audit
