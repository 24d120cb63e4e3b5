#include "base/file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace paxid::base {
namespace {

constexpr std::size_t kOneMiB = 1024 * 1024;

TEST(ReadStream, TheLimitIsInclusive) {
  // Around the size of a chunk as well.
  for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 200'000U}) {
    const std::string text(size, 'x');
    std::istringstream exact(text);
    EXPECT_EQ(read_stream(exact, size).value_or("none"), text) << size;
    if (size == 0) continue;
    std::istringstream more(text);
    const auto read = read_stream(more, size - 1);
    ASSERT_FALSE(read.has_value()) << size;
    EXPECT_EQ(read.error().code, ErrorCode::kResourceExhausted);
  }
}

TEST(ReadFile, KeepsEveryByte) {
  const std::string path = testing::TempDir() + "paxid_file_test.bin";
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i);
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(read_file(path, kOneMiB).value_or(""), bytes);
  std::filesystem::remove(path);
  EXPECT_EQ(read_file(path, kOneMiB).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_file(path, kOneMiB).error().field, path);
}

TEST(ReadFile, AnEndlessFileEndsAtTheLimit) {
  EXPECT_EQ(read_file("/dev/zero", kOneMiB).error().code, ErrorCode::kResourceExhausted);
}

TEST(ReadFile, ADirectoryIsNoFile) {
  EXPECT_EQ(read_file(testing::TempDir(), kOneMiB).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace paxid::base
