#include "audit/gathering_vfs.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <tuple>

#include "audit/sqlite.h"
#include "tests/audit/fault_vfs.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
using Rows = std::map<std::int64_t, Bytes>;

Rows rows_of(const std::string& path) {
  auto database = Database::open(path, Database::Access::kReadOnly);
  EXPECT_TRUE(database) << database.error().message;
  EXPECT_EQ(*database->text_of("PRAGMA integrity_check"), "ok");
  auto select = *database->prepare("SELECT id, data FROM t");
  Rows rows;
  while (*select.next()) rows[select.integer(0)] = to_bytes(select.blob(1));
  return rows;
}

class GatheringVfs : public testing::Test {
 protected:
  Database open(const std::string& vfs, const std::string& pragmas = {}) {
    auto database = Database::open(path_, Database::Access::kReadWrite, vfs);
    EXPECT_TRUE(database) << database.error().message;
    const auto made = database->execute(pragmas +
                                        "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;"
                                        "CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)");
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(database);
  }
  // What a machine that stops now finds afterwards, when it has written all that it was given.
  Rows rows_after_a_crash() {
    const std::string copy = directory_.path() + "/copy.db";
    for (const char* end : {"", "-wal"}) {
      std::filesystem::copy_file(path_ + end, copy + end,
                                 std::filesystem::copy_options::overwrite_existing);
    }
    std::filesystem::remove(copy + "-shm");
    return rows_of(copy);
  }

  const TemporaryDirectory directory_;
  const std::string path_ = directory_.path() + "/some.db";
};

class GatheringFaults : public GatheringVfs {
 protected:
  void SetUp() override { register_fault_vfs(); }
  void TearDown() override { stop_failing(); }
  base::Result<void> insert(std::int64_t first) {
    return database_.execute("WITH RECURSIVE n (i) AS (SELECT " + std::to_string(first) +
                             " UNION ALL SELECT i + 1 FROM n LIMIT 10)"
                             "INSERT INTO t SELECT i, zeroblob(3000) FROM n");
  }
  void begin() {
    database_ = open(gathering_vfs(kFaultVfs), "PRAGMA synchronous=NORMAL;");
    ASSERT_TRUE(insert(0));
  }
  Database database_ = *Database::in_memory();
};

TEST_F(GatheringFaults, ATransactionIsOneWrite) {
  begin();
  fail_after(1, Fault::kIoError, true);
  EXPECT_TRUE(insert(10));
  EXPECT_FALSE(stop_failing());
  EXPECT_EQ(rows_of(path_).size(), 20U);
  EXPECT_EQ(rows_after_a_crash().size(), 20U);
}

TEST_F(GatheringFaults, AFailedWriteIsAFailedCommit) {
  for (const auto& [fault, code] : {std::pair{Fault::kIoError, ErrorCode::kUnavailable},
                                    std::pair{Fault::kDiskFull, ErrorCode::kResourceExhausted}}) {
    begin();
    fail_after(0, fault, false);
    const auto failed = insert(10);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, code);
    EXPECT_TRUE(stop_failing());
    EXPECT_EQ(rows_of(path_).size(), 10U);
    EXPECT_EQ(rows_after_a_crash().size(), 10U);
    // Nothing of it is left to be written with the next one.
    EXPECT_TRUE(insert(20));
    EXPECT_EQ(rows_of(path_).size(), 20U);
    EXPECT_EQ(rows_after_a_crash().size(), 20U);
    EXPECT_FALSE(rows_of(path_).contains(10));
    database_ = *Database::in_memory();
    std::filesystem::remove(path_);
  }
}

TEST_F(GatheringVfs, HasOneNameAndNeedsOneBelow) {
  const std::string name = gathering_vfs("");
  EXPECT_FALSE(name.empty());
  EXPECT_EQ(gathering_vfs(""), name);
  EXPECT_EQ(gathering_vfs("no such"), "");
}

// Every commit of a random history, with a cache so small that pages are written before it and
// again: other connections and a crash see the transaction, whole, and none that was rolled back.
class History : public GatheringVfs,
                public testing::WithParamInterface<std::tuple<const char*, int>> {
 protected:
  using Random = std::mt19937;

  static void change(Database& database, Rows& rows, Random& random) {
    auto put = *database.prepare("INSERT OR REPLACE INTO t VALUES (?, ?)");
    auto remove = *database.prepare("DELETE FROM t WHERE id = ?");
    const std::size_t changes = 1 + random() % 60;
    for (std::size_t i = 0; i < changes; ++i) {
      const auto id = static_cast<std::int64_t>(random() % 80);
      if (random() % 4 == 0) {
        rows.erase(id);
        ASSERT_TRUE(remove.run(id));
        continue;
      }
      const Bytes data(random() % 9000, static_cast<std::uint8_t>(random()));
      rows[id] = data;
      ASSERT_TRUE(put.run(id, data));
    }
  }
};

TEST_P(History, IsSeenCommitByCommit) {
  const auto& [synchronous, page_size] = GetParam();
  Database database =
      open(gathering_vfs(""), "PRAGMA page_size=" + std::to_string(page_size) +
                                  "; PRAGMA cache_size=5; PRAGMA synchronous=" + synchronous + ";");
  Random random(7);
  Rows rows;
  for (int turn = 0; turn < 40; ++turn) {
    Rows changed = rows;
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(transaction);
    ASSERT_NO_FATAL_FAILURE(change(database, changed, random));
    ASSERT_EQ(rows_of(path_), rows) << "before COMMIT";
    if (random() % 4 == 0) {
      ASSERT_TRUE(transaction->rollback());
    } else {
      ASSERT_TRUE(transaction->commit());
      rows = changed;
    }
    ASSERT_EQ(rows_of(path_), rows) << turn;
    ASSERT_EQ(rows_after_a_crash(), rows) << turn;
    if (random() % 5 == 0) {
      ASSERT_TRUE(database.checkpoint(random() % 2 == 0));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(GatheringVfs, History,
                         testing::Combine(testing::Values("NORMAL", "FULL"),
                                          testing::Values(512, 4096, 65536)),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) +
                                  std::to_string(std::get<1>(test.param));
                         });

}  // namespace
}  // namespace paxid::audit
