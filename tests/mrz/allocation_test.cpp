// Reading allocates nothing, whatever it is given. Counts the calls of the global operator new.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "mrz/zone.h"

namespace {
std::atomic<std::size_t> allocations{0};
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace paxid::mrz {
namespace {

std::size_t allocations_of_reading(const std::string& raw) {
  const ReadOptions options{*base::parse_iso_date("2026-11-22"), false};
  const std::size_t before = allocations;
  const Reading reading = read(raw, options);
  const std::size_t after = allocations;
  EXPECT_TRUE(reading.ok || reading.findings.has_error());
  return after - before;
}

TEST(Allocation, TheCounterCounts) {
  const std::size_t before = allocations;
  std::vector<int> some(1000);
  EXPECT_GT(allocations, before);
}

TEST(Allocation, ReadingTakesNone) {
  const std::string line1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
  const std::string line2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
  for (const std::string& raw :
       {line1 + "\n" + line2, line1 + line2, "other text\n" + line1 + "\n" + line2, std::string(),
        std::string(60000, '\n'), std::string(60000, '\xFF'), line2 + "\n" + line1,
        std::string("I<BEL000590240<6013<<<<<<<<<<<\n8512017F1311048BEL851201002007\n"
                    "REINARTZ<<ULRIKE<KATIA<E<<<<<<")}) {
    EXPECT_EQ(allocations_of_reading(raw), 0u);
  }
}

}  // namespace
}  // namespace paxid::mrz
