#pragma once

#include <string_view>

#include "mrz/zone.h"

namespace paxid::mrz {

// The short way to read a zone in which there is nothing to find: lines of exactly the width
// of TD1, TD2, TD3 or a visa, ended by LF or CR LF, in their order, nothing around them; every
// cell in its field's alphabet; one `<<` in the name and one filler between its parts; whole
// dates; every check digit agrees. False for everything else, and for a few zones that could be
// read so (long document numbers, names without a secondary identifier).
//
// Where it is true `reading` is what read_by_stages() returns, at a fraction of its cost.
// Where it is false `reading` may hold anything.
bool read_plain(std::string_view raw, const ReadOptions& options, Reading& reading);

// Reads whatever comes, stage by stage; read() without the short way.
Reading read_by_stages(std::string_view raw, const ReadOptions& options);

}  // namespace paxid::mrz
