#pragma once

#include <string>
#include <string_view>

namespace paxid::mrz {

// What the headers of mrz/ promise for any bytes at all, checked on these: the promise that is
// broken, or "". Shared by the tests and the fuzzer.
std::string broken_promise(std::string_view raw);

}  // namespace paxid::mrz
