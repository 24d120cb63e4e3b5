// Runs every committed seed and every input that once broke something through the entry
// function of a fuzzer, as an ordinary test.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

TEST(FuzzRegression, EveryCommittedInputPasses) {
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PAXID_FUZZ_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
    // A copy on the heap, of the exact size: a sanitizer sees a read past its end.
    const std::vector<std::uint8_t> data(bytes.begin(), bytes.end());
    EXPECT_EQ(LLVMFuzzerTestOneInput(data.data(), data.size()), 0) << entry.path().filename();
    ++inputs;
  }
  EXPECT_GT(inputs, 10);
}
