#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace paxid::base {

// The three kinds of "no" of this project never share a type:
//   outcome  what the service was asked for: a finding, a MISMATCH. A value with reasons.
//   error    the world failed us: disk full, bad configuration, refused input. This type.
//   bug      a broken invariant. PAXID_CHECK (base/check.h), never this type.
enum class ErrorCode {
  kInvalidArgument,     // input from outside is wrong; the caller can mend it
  kNotFound,
  kAlreadyExists,       // the same key holds something else
  kPermissionDenied,
  kResourceExhausted,   // a named limit is reached, or the disk is full
  kFailedPrecondition,  // the state of the system forbids it; retrying alone does not help
  kUnavailable,         // try again later
  kDataLoss,            // stored data does not prove itself
  kInternal,            // a library answered what it must not
};

// Never holds personal data: `message` says what is wrong and what to do, without an
// echo of the input. `field` names the offending input ("claims[2].birth_date") or is empty.
struct Error {
  ErrorCode code;
  std::string message;
  std::string field;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string field = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(field)});
}

// The enumerator's name in upper snake case, e.g. "INVALID_ARGUMENT". Static lifetime.
std::string_view name_of(ErrorCode code);

}  // namespace paxid::base
