#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

#include "base/check.h"

namespace paxid::matcher {

// A sequence of at most N plain values in place, without memory of its own; the places not
// used are never touched. Adding one more than N is a bug.
template <class T, std::size_t N>
class Bounded {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Bounded() = default;
  Bounded(const Bounded& other) { *this = other; }
  Bounded& operator=(const Bounded& other) {
    if (this != &other) {
      size_ = 0;
      for (const T& value : other) push_back(value);
    }
    return *this;
  }

  void push_back(const T& value) {
    PAXID_CHECK(size_ < N);
    std::construct_at(begin() + size_, value);
    ++size_;
  }
  void erase(std::size_t at) {
    for (std::size_t i = at + 1; i < size_; ++i) begin()[i - 1] = begin()[i];
    --size_;
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return begin()[i]; }
  const T& operator[](std::size_t i) const { return begin()[i]; }
  T* begin() { return reinterpret_cast<T*>(bytes_); }
  T* end() { return begin() + size_; }
  const T* begin() const { return reinterpret_cast<const T*>(bytes_); }
  const T* end() const { return begin() + size_; }

 private:
  alignas(T) std::byte bytes_[sizeof(T[N])];
  std::size_t size_ = 0;
};

}  // namespace paxid::matcher
