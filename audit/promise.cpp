#include "audit/promise.h"

#include <algorithm>
#include <vector>

#include "audit/checkpoint.h"
#include "base/base64.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

tl::unexpected<base::Error> unreadable(std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), "promise");
}

std::string to_text(const InclusionPromise& promise) {
  return std::string(kPromiseHeader) + "\n" + promise.origin + "\n" +
         base::to_base64(promise.leaf_hash) + "\n" + std::to_string(promise.time_unix_us) + "\n";
}

base::Result<InclusionPromise> parse(const std::string& text) {
  std::vector<std::string_view> lines;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  if (lines.size() != 4) return unreadable("a promise has four lines");
  if (lines[0] != kPromiseHeader) return unreadable("not a promise of inclusion, version 1");
  const auto hash = base::from_base64(lines[2]);
  if (!hash || hash->size() != sizeof(Hash)) return unreadable("the leaf hash is not 32 bytes");
  const auto time = parse_decimal(lines[3]);
  if (!time) return unreadable("the time is not a decimal number");
  InclusionPromise promise;
  promise.origin = lines[1];
  std::copy(hash->begin(), hash->end(), promise.leaf_hash.begin());
  promise.time_unix_us = *time;
  return promise;
}

}  // namespace

base::Result<std::string> sign_promise(const InclusionPromise& promise, const SigningKey& key) {
  return sign_note(to_text(promise), promise.origin, key);
}

base::Result<InclusionPromise> open_promise(std::string_view note,
                                            std::span<const VerifierKey> trusted,
                                            std::string_view origin) {
  const auto opened = open_note(note, trusted);
  if (!opened) return base::fail(opened.error().code, opened.error().message, "promise");
  auto promise = parse(opened->text);
  if (!promise) return promise;
  if (promise->origin != origin) return unreadable("the promise is of another log");
  const bool by_the_log = std::ranges::any_of(
      opened->signatures, [&](const NoteSignature& line) { return line.name == origin; });
  if (!by_the_log) {
    return base::fail(ErrorCode::kPermissionDenied, "the log itself did not sign the promise",
                      "promise");
  }
  return promise;
}

}  // namespace paxid::audit
