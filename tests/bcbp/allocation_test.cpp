// Reading a pass allocates nothing, whatever it is given. Counts the calls of operator new.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bcbp/boarding_pass.h"
#include "tests/bcbp/case_file.h"
#include "tests/mrz/counting_new.h"

namespace paxid::bcbp {
namespace {

using namespace std::chrono_literals;

std::size_t allocations_of_reading(const std::string& raw, bool strict) {
  const std::size_t before = mrz::allocation_count();
  const Reading reading = read(raw, {.reference_date = 2026y / 11 / 22, .strict = strict});
  const std::size_t after = mrz::allocation_count();
  EXPECT_TRUE(reading.ok || !reading.findings.empty());
  return after - before;
}

TEST(BoardingPassAllocation, TheCounterCounts) {
  const std::size_t before = mrz::allocation_count();
  const std::vector<int> some(1000);
  EXPECT_GT(mrz::allocation_count(), before);
}

TEST(BoardingPassAllocation, ReadingTakesNone) {
  int passes = 0;
  for (const nlohmann::json& row : load_cases("boarding_pass_cases.jsonl")) {
    const std::string raw = row["raw"];
    for (const bool strict : {false, true}) {
      EXPECT_EQ(allocations_of_reading(raw, strict), 0u) << row["id"];
    }
    ++passes;
  }
  EXPECT_GT(passes, 200);
}

// As many findings as there is room for, and more.
TEST(BoardingPassAllocation, NotEvenWhenEveryFieldDeparts) {
  const std::string leg = "~~~~~~~YULFRAAC 0834 326J001A0025 1";
  const std::string repeated = "2A" + std::string(42, '~');
  std::string raw = "M4DESMARAIS/LUC       E";
  for (int i = 0; i < 4; ++i) {
    const std::string unique = i == 0 ? ">~32" + std::string(0x32, '~') : "";
    const std::string rest = unique + repeated;
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    // One implausible item a leg: more would be a shifted leg, which ends the reading.
    raw += leg + kHex[rest.size() / 16] + kHex[rest.size() % 16] + rest;
  }
  EXPECT_EQ(allocations_of_reading(raw, false), 0u);
  const Reading reading = read(raw, {.reference_date = 2026y / 11 / 22});
  EXPECT_TRUE(reading.ok);
  EXPECT_GT(reading.findings.size(), 50u);
}

}  // namespace
}  // namespace paxid::bcbp
