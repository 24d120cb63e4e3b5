#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "audit/bytes.h"
#include "audit/note.h"
#include "base/error.h"

// The promise of inclusion (docs/record_format.md section 8): a store that answers before
// the record has its place signs that it will get one.
namespace paxid::audit {

inline constexpr std::string_view kPromiseHeader = "paxid/inclusion-promise/v1";

struct InclusionPromise {
  std::string origin;
  Hash leaf_hash{};
  std::uint64_t time_unix_us = 0;

  friend bool operator==(const InclusionPromise&, const InclusionPromise&) = default;
};

// A signed note under the key name `promise.origin`.
base::Result<std::string> sign_promise(const InclusionPromise& promise, const SigningKey& key);
// PERMISSION_DENIED when no trusted key named `origin` signed it, INVALID_ARGUMENT when it
// cannot be read or is of another log.
base::Result<InclusionPromise> open_promise(std::string_view note,
                                            std::span<const VerifierKey> trusted,
                                            std::string_view origin);

}  // namespace paxid::audit
