#pragma once

#include <cstdint>
#include <string>

#include "audit/store.h"
#include "base/error.h"

namespace paxid::v1 {
class FindSubjectsRequest;
class FindSubjectsResponse;
}  // namespace paxid::v1

namespace paxid::server {

// How much of the log one page of a search looks at, and how many candidates it gives.
inline constexpr std::uint64_t kMaxSearchedLeaves = 16'384;
inline constexpr int kMaxCandidates = 200;
inline constexpr std::size_t kMinSearchedName = 2;  // characters
inline constexpr std::size_t kMaxSearchedName = 128;

// Looks at suggestions in [begin, end) and adds those whose booking or document has every word of
// the name, the locator and the flight that the request asks for; the latest record of each person.
// Words are compared as a machine readable zone prints them (Doc 9303-3 section 6). Sets next_leaf.
base::Result<void> search_subjects(audit::Store& store, const std::string& tenant,
                                   const v1::FindSubjectsRequest& request, std::uint64_t begin,
                                   std::uint64_t end, v1::FindSubjectsResponse* response);

}  // namespace paxid::server
