#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

#include "base/error.h"

// Reading what comes from outside: nothing is read further than its named limit, so that an
// endless input (/dev/zero, a pipe that never closes) ends with an error, not with the memory.
namespace paxid::base {

// The rest of `in`. RESOURCE_EXHAUSTED as soon as there are more than `max_bytes`;
// UNAVAILABLE when reading fails.
Result<std::string> read_stream(std::istream& in, std::size_t max_bytes);

// A whole file. NOT_FOUND when it cannot be opened or is a directory, else like read_stream.
// Messages and `field` name the path.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

}  // namespace paxid::base
