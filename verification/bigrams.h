#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace paxid::verification {

// Two usual spellings of one name have at least this part of the pairs of the shorter in common.
inline constexpr double kLeastCommonBigrams = 0.4;

// The pairs of neighbouring Latin letters of a text, as a set: a sieve before the comparison of
// names, which costs a thousand times more. Other characters separate.
class Bigrams {
 public:
  void add(std::string_view text) {
    int last = -1;
    for (char c : text) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      const int letter = c >= 'A' && c <= 'Z' ? c - 'A' : -1;
      if (last >= 0 && letter >= 0) {
        const unsigned bit = static_cast<unsigned>(last * 26 + letter);
        bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
      }
      last = letter;
    }
  }

  int count() const { return common_with(*this); }

  int common_with(const Bigrams& other) const {
    int common = 0;
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      common += std::popcount(bits_[i] & other.bits_[i]);
    }
    return common;
  }

 private:
  std::array<std::uint64_t, (26 * 26 + 63) / 64> bits_{};
};

}  // namespace paxid::verification
