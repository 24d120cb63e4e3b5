#pragma once

#include <string.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace paxid::base {

// Key material. Movable, not copyable, not streamable; wiped when it dies.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  explicit SecretBytes(std::span<const std::uint8_t> bytes) : bytes_(bytes.begin(), bytes.end()) {}
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      wipe();
      bytes_ = std::move(other.bytes_);
    }
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { wipe(); }

  std::span<const std::uint8_t> reveal() const { return bytes_; }
  std::span<std::uint8_t> fill() { return bytes_; }
  // Asks the system never to write it to a swap device. It may refuse (RLIMIT_MEMLOCK); then a
  // machine without encrypted swap may.
  void keep_in_memory() {
    if (!bytes_.empty()) (void)::mlock(bytes_.data(), bytes_.size());
  }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

 private:
  void wipe() {
    if (!bytes_.empty()) explicit_bzero(bytes_.data(), bytes_.size());
  }
  std::vector<std::uint8_t> bytes_;
};

}  // namespace paxid::base
