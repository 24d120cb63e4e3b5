// What a fuzzer does, where there is no libFuzzer: seeds of the corpus, each changed a little, go
// through the entry function. The same changes on every run; the seed and PAXID_FUZZ_RUNS decide.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// Sorted, since a folder lists its files in no certain order.
std::vector<std::string> seeds() {
  std::vector<std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(PAXID_FUZZ_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

class Mutator {
 public:
  explicit Mutator(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  std::string next() {
    std::string text = any_seed();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  const std::string& any_seed() { return seeds_[below(seeds_.size())]; }
  char any_byte() {
    const std::string& seed = any_seed();
    // Mostly bytes that the format knows.
    return seed.empty() || below(4) == 0 ? static_cast<char>(below(256)) : seed[below(seed.size())];
  }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t size = 1 + below(8);
    const std::string& other = any_seed();
    switch (below(5)) {
      case 0:
        text.insert(at, size, any_byte());
        break;
      case 1:
        text.erase(at, size);
        break;
      case 2:
        text.insert(at, other, below(other.size() + 1), 4 * size);
        break;
      case 3:
        std::rotate(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), text.end());
        break;
      default:
        if (at < text.size()) text[at] = any_byte();
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937 random_{20261122};
};

TEST(FuzzMutations, EveryChangedSeedPasses) {
  auto all = seeds();
  ASSERT_GT(all.size(), 10u);
  Mutator mutator(std::move(all));
  for (int run = 0; run < PAXID_FUZZ_RUNS; ++run) {
    const std::string text = mutator.next();
    // A copy on the heap, of the exact size: a sanitizer sees a read past its end.
    const std::vector<std::uint8_t> data(text.begin(), text.end());
    ASSERT_EQ(LLVMFuzzerTestOneInput(data.data(), data.size()), 0) << run;
  }
}

}  // namespace
