#pragma once

#include <cstddef>

namespace paxid::mrz {

// How often the global operator new of this program was called. The operators are in a
// translation unit of their own, so that no compiler pairs an inlined half with the other.
std::size_t allocation_count();

}  // namespace paxid::mrz
