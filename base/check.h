#pragma once

namespace paxid::base {

// Prints "bug: <condition> at <file>:<line>" to standard error and aborts.
[[noreturn]] void report_bug(const char* condition, const char* file, int line);

}  // namespace paxid::base

// A broken invariant of our own code. Never used on input: whatever comes from
// outside is a finding or an error. Active in every build.
#define PAXID_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::paxid::base::report_bug(#condition, __FILE__, __LINE__))
