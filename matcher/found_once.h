#pragma once

// Private to this library: facts of a part that most comparisons do not need.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace paxid::matcher {

// Words that are found when first asked for, by whichever thread asks. Threads that ask at once
// find the same, so none waits for another. The first word of a fact is never 0.
template <std::size_t kWords>
class FoundOnce {
 public:
  using Words = std::array<std::uint64_t, kWords>;

  FoundOnce() = default;
  FoundOnce(const FoundOnce& other) { *this = other; }
  FoundOnce& operator=(const FoundOnce& other) {
    const Words words = other.load();
    if (this != &other && words[0] != 0) store(words);
    return *this;
  }

  template <class Find>
  Words get(const Find& find) const {
    Words words = load();
    if (words[0] == 0) {
      words = find();
      store(words);
    }
    return words;
  }

 private:
  Words load() const {
    Words words{};
    words[0] = words_[0].load(std::memory_order_acquire);
    if (words[0] == 0) return words;
    for (std::size_t i = 1; i < kWords; ++i) words[i] = words_[i].load(std::memory_order_relaxed);
    return words;
  }
  void store(const Words& words) const {
    for (std::size_t i = 1; i < kWords; ++i) words_[i].store(words[i], std::memory_order_relaxed);
    words_[0].store(words[0], std::memory_order_release);
  }

  mutable std::array<std::atomic<std::uint64_t>, kWords> words_{};
};

}  // namespace paxid::matcher
