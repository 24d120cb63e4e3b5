#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>

#include "base/check.h"

namespace paxid::bcbp {

// A list inside its owner: at most kCapacity elements, no allocation. Places beyond size() are
// not even initialised, so that a long capacity costs nothing until it is used.
template <class T, std::size_t kCapacity>
class FixedList {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  using value_type = T;

  FixedList() {}
  FixedList(const FixedList& other) { *this = other; }
  FixedList& operator=(const FixedList& other) {
    if (this == &other) return *this;
    std::uninitialized_copy(other.begin(), other.end(), places_.elements);
    size_ = other.size_;
    return *this;
  }

  // Requires size() < kCapacity. Inlined always: a call costs more than what it does.
  [[gnu::always_inline]] T& push_back(const T& element) {
    PAXID_CHECK(size_ < kCapacity);
    return *new (places_.elements + size_++) T(element);
  }
  // Default-initialised: what T does not set itself stays as it is. Requires
  // size() < kCapacity.
  T& emplace_back() {
    PAXID_CHECK(size_ < kCapacity);
    return *new (places_.elements + size_++) T;
  }
  // Further elements are default-initialised. Requires size <= kCapacity.
  void resize(std::size_t size) {
    PAXID_CHECK(size <= kCapacity);
    std::uninitialized_default_construct(places_.elements + std::min(size_, size),
                                         places_.elements + size);
    size_ = size;
  }
  // Before `position`, which must lie within the list. Requires size() < kCapacity.
  void insert(const T* position, const T& element) {
    const auto at = static_cast<std::size_t>(position - begin());
    PAXID_CHECK(at <= size_);
    push_back(element);
    std::rotate(begin() + at, end() - 1, end());
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == kCapacity; }
  T* begin() { return places_.elements; }
  T* end() { return places_.elements + size_; }
  const T* begin() const { return places_.elements; }
  const T* end() const { return places_.elements + size_; }
  T& operator[](std::size_t i) {
    PAXID_CHECK(i < size_);
    return places_.elements[i];
  }
  const T& operator[](std::size_t i) const {
    PAXID_CHECK(i < size_);
    return places_.elements[i];
  }
  T& back() { return (*this)[size_ - 1]; }
  const T& back() const { return (*this)[size_ - 1]; }

 private:
  union Places {
    Places() {}
    T elements[kCapacity];
  };
  Places places_;
  std::size_t size_ = 0;
};

}  // namespace paxid::bcbp
