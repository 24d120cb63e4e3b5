#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace paxid::base {

void report_bug(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "bug: %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace paxid::base
