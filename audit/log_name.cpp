#include "audit/log_name.h"

#include <algorithm>

#include "audit/checkpoint.h"
#include "audit/note.h"

namespace paxid::audit {

static_assert(kMaxOriginPrefixBytes + 1 + kMaxTenantBytes <= kMaxOriginBytes);

bool is_tenant(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kMaxTenantBytes && plain(name.front()) &&
         plain(name.back()) &&
         std::ranges::all_of(name, [&](char c) { return plain(c) || c == '-'; });
}

bool is_origin_prefix(std::string_view prefix) {
  return prefix.size() <= kMaxOriginPrefixBytes && is_key_name(prefix);
}

}  // namespace paxid::audit
