#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "clients/reader/scan.h"

namespace paxid::reader {

// Tells whether a scan is one that was there before, without keeping what that one said: its
// SHA-256 with a random salt that is nowhere else.
class ScanMark {
 public:
  ScanMark() = default;  // of nothing
  explicit ScanMark(const Scan& scan);

  // Never so for a mark of nothing.
  bool is_of(const Scan& scan) const { return digest_ && *digest_ == digest_of(scan); }
  bool empty() const { return !digest_.has_value(); }

 private:
  using Digest = std::array<std::uint8_t, 32>;
  Digest digest_of(const Scan& scan) const;

  std::array<std::uint8_t, 32> salt_{};
  std::optional<Digest> digest_;
};

}  // namespace paxid::reader
