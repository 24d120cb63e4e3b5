// Reading allocates nothing, whatever it is given. Counts the calls of the global operator new.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "mrz/zone.h"
#include "tests/mrz/counting_new.h"

namespace paxid::mrz {
namespace {

std::size_t allocations_of_reading(const std::string& raw) {
  const ReadOptions options{*base::parse_iso_date("2026-11-22"), false};
  const std::size_t before = allocation_count();
  const Reading reading = read(raw, options);
  const std::size_t after = allocation_count();
  EXPECT_TRUE(reading.ok || reading.findings.has_error());
  return after - before;
}

TEST(Allocation, TheCounterCounts) {
  const std::size_t before = allocation_count();
  std::vector<int> some(1000);
  EXPECT_GT(allocation_count(), before);
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
