#pragma once

#include <cstddef>
#include <string_view>

// How logs are named: the origin of a tenant's log is "<origin prefix>/<tenant>".
namespace paxid::audit {

inline constexpr std::size_t kMaxTenantBytes = 63;
// With the longest tenant an origin stays within kMaxOriginBytes.
inline constexpr std::size_t kMaxOriginPrefixBytes = 180;

// 1 to kMaxTenantBytes of a-z, 0-9 and '-', without '-' at the ends: a label of a host name
// (RFC 1123 section 2.1) in lower case, and safe as a file name.
bool is_tenant(std::string_view name);

// A key name (audit/note.h) of at most kMaxOriginPrefixBytes.
bool is_origin_prefix(std::string_view prefix);

}  // namespace paxid::audit
