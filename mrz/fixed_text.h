#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace paxid::mrz {

// A text of at most `kCapacity` bytes that lives inside its owner: no allocation, trivially
// copyable. Reads like a std::string_view, which stays valid as long as the owner does.
template <std::size_t kCapacity>
class FixedText {
  static_assert(kCapacity < 256);

 public:
  constexpr FixedText() = default;
  // What does not fit is cut off.
  constexpr explicit FixedText(std::string_view text)
      : size_(static_cast<std::uint8_t>(std::min(text.size(), kCapacity))) {
    std::copy_n(text.begin(), size_, bytes_.begin());
  }

  // Becomes the first `size` of `kBytes` bytes, all of which are copied: moving a fixed number
  // of them is much cheaper. Requires size <= kBytes.
  template <std::size_t kBytes>
  void assign(const char* bytes, std::size_t size) {
    static_assert(kBytes <= kCapacity);
    std::memcpy(bytes_.data(), bytes, kBytes);
    size_ = static_cast<std::uint8_t>(size);
  }

  // Without effect when the text is full.
  constexpr void push_back(char c) {
    if (size_ < kCapacity) bytes_[size_++] = c;
  }
  constexpr void pop_back() {
    if (size_ > 0) --size_;
  }

  constexpr std::string_view view() const { return {bytes_.data(), size_}; }
  constexpr operator std::string_view() const { return view(); }
  constexpr bool empty() const { return size_ == 0; }
  constexpr std::size_t size() const { return size_; }

  friend constexpr bool operator==(const FixedText& a, const FixedText& b) {
    return a.view() == b.view();
  }
  friend constexpr bool operator==(const FixedText& a, std::string_view b) { return a.view() == b; }
  friend constexpr bool operator==(const FixedText& a, const char* b) { return a.view() == b; }

 private:
  std::array<char, kCapacity> bytes_{};
  std::uint8_t size_ = 0;
};

}  // namespace paxid::mrz
