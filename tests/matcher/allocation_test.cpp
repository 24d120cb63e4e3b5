// Comparing prepared names allocates nothing once the memory of a first round is there. Counts
// the calls of the global operator new.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "matcher/compare.h"
#include "matcher/flight.h"
#include "tests/matcher/named.h"
#include "tests/mrz/counting_new.h"

namespace paxid::matcher {
namespace {

using mrz::allocation_count;

std::vector<PreparedName> names() {
  constexpr std::array kNames = {"Ada Lovelace",
                                 "ROSSI/MARIO MR",
                                 "ROSSI/MARIA MRS",
                                 "Jürgen Müller-Lüdenscheidt",
                                 "MUELLER LUEDENSCHEIDT JURGEN",
                                 "Мария Иванова",
                                 "IVANOVA MARIIA",
                                 "عبد الرحمن",
                                 "ABDULRAHMAN",
                                 "Ana Bela Carla Dora Eva Fatima Gina Helga Ida Jana Kira Lea",
                                 "Lia Kara Jane Ada Helge Gine Fatma Ewa Dore Karla Bella Anna",
                                 "習近平",
                                 "ᠮᠣᠩᠭᠣᠯ",
                                 "MR",
                                 ""};
  std::vector<PreparedName> all;
  for (const char* name : kNames) all.push_back(named(name));
  return all;
}

void compare_all(const std::vector<PreparedName>& all, Comparison& comparison) {
  for (const PreparedName& a : all) {
    for (const PreparedName& b : all) compare(a, b, comparison);
  }
}

TEST(Allocation, TheCounterCounts) {
  const std::size_t before = allocation_count();
  const PreparedName name = named("Ada Lovelace");
  EXPECT_GT(allocation_count(), before);
}

// The longest text of a reason moves from reason to reason, so it takes some rounds until each
// has its room.
TEST(Allocation, ComparingTakesNoneAfterSomeRounds) {
  const std::vector<PreparedName> all = names();
  Comparison comparison;
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) compare_all(all, comparison);
  const std::size_t before = allocation_count();
  compare_all(all, comparison);
  EXPECT_EQ(allocation_count(), before);
}

TEST(Allocation, FindingOnAFlightTakesNone) {
  const std::vector<PreparedName> all = names();
  FlightNames flight;
  for (const PreparedName& name : all) flight.add(name);
  flight.find(all[0]);
  const std::size_t before = allocation_count();
  for (const PreparedName& asked : all) flight.find(asked);
  EXPECT_EQ(allocation_count(), before);
}

}  // namespace
}  // namespace paxid::matcher
