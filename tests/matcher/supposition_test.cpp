#include "matcher/supposition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/matcher/named.h"

namespace paxid::matcher {
namespace {

std::size_t reason_of(const Comparison& comparison, ReasonCode code) {
  for (std::size_t i = 0; i < comparison.reasons.size(); ++i) {
    if (comparison.reasons[i].code == code) return i;
  }
  ADD_FAILURE() << "no " << name_of(code);
  return 0;
}

// The log-odds if the reason with that code were not.
double if_same(const std::string& a, const std::string& b, ReasonCode code) {
  const PreparedName x = named(a);
  const PreparedName y = named(b);
  return compare_if_same(x, y, reason_of(compare(x, y), code)).log_odds;
}
double without(const std::string& a, const std::string& b, ReasonCode code) {
  const PreparedName x = named(a);
  const PreparedName y = named(b);
  return compare_without(x, y, reason_of(compare(x, y), code)).log_odds;
}
double bits(const std::string& a, const std::string& b) {
  return compare(named(a), named(b)).log_odds;
}

TEST(Supposition, OfTheSamePartsIsTheComparisonWithThem) {
  using enum ReasonCode;
  EXPECT_EQ(if_same("MARIO", "MARIA", kOtherName),
            std::min(bits("MARIO", "MARIO"), bits("MARIA", "MARIA")));
  EXPECT_EQ(if_same("ROSSI/MARIO", "Rossi, Maria", kOtherName),
            std::min(bits("ROSSI/MARIO", "ROSSI/MARIO"), bits("ROSSI/MARIA", "ROSSI/MARIA")));
  EXPECT_EQ(
      if_same("WOLFGANG WEBER", "ZBIGNIEW WEBER", kContradiction),
      std::min(bits("WOLFGANG WEBER", "WOLFGANG WEBER"), bits("ZBIGNIEW WEBER", "ZBIGNIEW WEBER")));
}

TEST(Supposition, OfAMissingPartPutsItWhereTheOtherNameHasIt) {
  using enum ReasonCode;
  const std::string whole = "SMITH/JOHN PAUL GEORGE";
  for (const char* less : {"SMITH/PAUL GEORGE", "SMITH/JOHN GEORGE", "SMITH/JOHN PAUL"}) {
    EXPECT_EQ(if_same(less, whole, kMissing), bits(whole, whole)) << less;
    EXPECT_EQ(if_same(whole, less, kMissing), bits(whole, whole)) << less;
  }
  EXPECT_EQ(if_same("GARCIA/CARLOS", "LOPEZ GARCIA/CARLOS", kMissing),
            bits("LOPEZ GARCIA/CARLOS", "LOPEZ GARCIA/CARLOS"));
  EXPECT_EQ(if_same("CARLOS GARCIA", "LOPEZ GARCIA/CARLOS", kMissing),
            bits("CARLOS LOPEZ GARCIA", "LOPEZ GARCIA/CARLOS"));
}

TEST(Supposition, OfStraightFieldsExchangesThem) {
  EXPECT_EQ(if_same("SMITH/JOHN", "JOHN/SMITH", ReasonCode::kFieldsSwapped),
            bits("SMITH/JOHN", "SMITH/JOHN"));
}

TEST(Supposition, WithoutPartsComparesWhatIsLeft) {
  using enum ReasonCode;
  EXPECT_EQ(without("MARIO ROSSI", "MARIA ROSSI", kEqual), bits("MARIO", "MARIA"));
  EXPECT_EQ(without("ROSSI/MARIO", "ROSSI/MARIA", kOtherName), bits("ROSSI", "ROSSI"));
  const PreparedName single = named("SUHARTO");
  EXPECT_FALSE(compare_without(single, single, 0).opinion);
}

TEST(Supposition, WithoutPartsOfItsOwnChangesNothing) {
  EXPECT_EQ(if_same("MARIO", "WOLFGANG", ReasonCode::kNothingShared), bits("MARIO", "WOLFGANG"));
}

// Both ways of asking; and without its only difference a pair is believed more. (Of several
// differences each may matter less than what the others become: relatives share names.)
TEST(Supposition, HelpsWhereItTakesTheOnlyDifferenceAway) {
  std::ifstream file(PAXID_TEST_DATA "/matcher/name_pairs.jsonl");
  std::size_t asked = 0;
  std::size_t line_number = 0;
  for (std::string line; std::getline(file, line);) {
    if (line_number++ % 5 != 0) continue;
    const auto row = nlohmann::json::parse(line);
    const PreparedName a = named(row["a"]);
    const PreparedName b = named(row["b"]);
    const Comparison there = compare(a, b);
    if (!there.opinion) continue;
    const auto differences =
        std::count_if(there.reasons.begin(), there.reasons.end(), [](const Reason& reason) {
          return reason.bits < 0 && reason.code != ReasonCode::kNothingShared;
        });
    for (std::size_t i = 0; i < there.reasons.size(); ++i) {
      if (there.reasons[i].bits >= 0) continue;
      const Comparison same = compare_if_same(a, b, i);
      EXPECT_EQ(same.log_odds, compare_if_same(b, a, i).log_odds) << line;
      if (differences > 1 || there.reasons[i].code == ReasonCode::kNothingShared) continue;
      // A name that went on behind its cut would not be cut there.
      const bool cut = (there.transformations & kTruncation) != 0;
      if (cut && there.reasons[i].code == ReasonCode::kMissing) continue;
      EXPECT_GT(confidence(same, 0.5), confidence(there, 0.5)) << line;
      ++asked;
    }
  }
  EXPECT_GT(asked, 100U);
}

}  // namespace
}  // namespace paxid::matcher
