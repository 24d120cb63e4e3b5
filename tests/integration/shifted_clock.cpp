// Loaded before a program's libraries: its clock of the day goes PAXID_SHIFT_SECONDS wrong.

#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace {

long shift_seconds() {
  const char* text = getenv("PAXID_SHIFT_SECONDS");
  return text == nullptr ? 0 : atol(text);
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* to) noexcept {
  const long result = syscall(SYS_clock_gettime, clock, to);
  const bool of_the_day = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (result == 0 && of_the_day) to->tv_sec += shift_seconds();
  return static_cast<int>(result);
}
