#pragma once

#include <cstddef>

namespace paxid::bench {

// How often this thread has called the global operator new. The operators stand in a
// translation unit of their own, so that no compiler pairs an inlined half with the other.
std::size_t allocations_of_this_thread();

}  // namespace paxid::bench
