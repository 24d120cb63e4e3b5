#include "audit/tile_files.h"

#include <gtest/gtest.h>

#include <set>

#include "audit/crypto.h"
#include "audit/merkle.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

// The example and the form of C2SP tlog-tiles.
TEST(TilePath, IsThatOfTheSpecification) {
  EXPECT_EQ(tile_path(0, 1'234'067, 256), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path(0, 0, 256), "tile/0/000");
  EXPECT_EQ(tile_path(0, 999, 256), "tile/0/999");
  EXPECT_EQ(tile_path(0, 1'000, 256), "tile/0/x001/000");
  EXPECT_EQ(tile_path(63, 1'000'000'000, 255), "tile/63/x001/x000/x000/000.p/255");
  EXPECT_EQ(entries_path(1'234'067, 256), "tile/entries/x001/x234/067");
  EXPECT_EQ(entries_path(273, 112), "tile/entries/273.p/112");
}

class TileFilesTest : public StoreTest {
 protected:
  void fill(std::uint32_t from, std::uint32_t to) {
    std::vector<std::future<base::Result<Receipt>>> waiting;
    for (std::uint32_t i = from; i < to; ++i) waiting.push_back(append_async(*store_, record(i)));
    for (auto& one : waiting) ASSERT_TRUE(one.get());
  }
  base::Result<TileFiles> write(const std::string& to) {
    const auto key = SigningKey::load(options_.signing_key_file);
    return write_tile_files(options_.directory, "qf", key->public_key(), at(to), {});
  }
  std::string at(const std::string& name) const { return directory_.path() + "/" + name; }
  std::set<std::string> files(const std::string& below) const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(at(below))) {
      if (entry.is_regular_file()) names.insert(fs::relative(entry.path(), at(below)).string());
    }
    return names;
  }
};

// As many files as the specification says that a tree of the size has, and the hashes in them.
TEST_F(TileFilesTest, AreThoseOfTheTree) {
  open();
  fill(0, 256);
  const Checkpoint first = head();
  ASSERT_TRUE(write("first"));
  // "A tree of size 256 will be represented by a full level 0 tile and a partial level 1 tile."
  EXPECT_EQ(files("first"), (std::set<std::string>{"checkpoint", "tile/0/000", "tile/1/000.p/1",
                                                   "tile/entries/000"}));
  const std::string root = file_bytes(at("first/tile/1/000.p/1"));
  EXPECT_TRUE(std::ranges::equal(bytes_of(root), first.root));

  fill(256, 600);
  head();
  fill(600, 610);  // not signed yet, not in the files
  const auto written = write("second");
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(written->size, 600u);
  EXPECT_EQ(written->origin, "audit.example/qf");
  EXPECT_EQ(written->files, 7u);
  EXPECT_EQ(files("second"),
            (std::set<std::string>{"checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/88",
                                   "tile/1/000.p/2", "tile/entries/000", "tile/entries/001",
                                   "tile/entries/002.p/88"}));
  EXPECT_EQ(file_bytes(at("second/checkpoint")), file_bytes(options_.directory + "/qf.checkpoint"));
  // What was full stays as it was.
  EXPECT_EQ(file_bytes(at("first/tile/0/000")), file_bytes(at("second/tile/0/000")));
  EXPECT_EQ(file_bytes(at("first/tile/entries/000")), file_bytes(at("second/tile/entries/000")));

  const std::string hashes = file_bytes(at("second/tile/0/002.p/88"));
  const std::string entries = file_bytes(at("second/tile/entries/002.p/88"));
  ASSERT_EQ(hashes.size(), 88u * 32);
  ASSERT_EQ(entries.size(), 88u * (2 + kLeafBytes));
  for (std::uint64_t i = 0; i < 88; ++i) {
    const std::string entry = entries.substr(i * (2 + kLeafBytes), 2 + kLeafBytes);
    EXPECT_EQ(entry.substr(0, 2), std::string("\x00\xBA", 2));  // 186
    const auto stored = store_->leaf("qf", 512 + i);
    EXPECT_TRUE(std::ranges::equal(bytes_of(entry.substr(2)), stored->leaf_data));
    EXPECT_TRUE(
        std::ranges::equal(bytes_of(hashes.substr(i * 32, 32)), leaf_hash(stored->leaf_data)));
  }
}

TEST_F(TileFilesTest, AreNotWrittenOfALogThatDoesNotProveItself) {
  open();
  EXPECT_EQ(write("none").error().code, ErrorCode::kNotFound);
  fill(0, 20);
  head();
  store_.reset();
  EXPECT_EQ(write_tile_files(options_.directory, "qf", SigningKey::generate()->public_key(),
                             at("other"), {})
                .error()
                .code,
            ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(write("there"));
  EXPECT_EQ(write("there").error().code, ErrorCode::kAlreadyExists);
  execute_sql(log_db(),
              "UPDATE leaf SET data = (SELECT data FROM leaf WHERE idx = 4) WHERE idx = 3");
  EXPECT_EQ(write("changed").error().code, ErrorCode::kDataLoss);
  EXPECT_FALSE(fs::exists(at("changed/checkpoint")));
  execute_sql(log_db(), "DELETE FROM leaf WHERE idx = 19");
  EXPECT_EQ(write("short").error().code, ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace paxid::audit
