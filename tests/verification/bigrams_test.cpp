#include "verification/bigrams.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "matcher/compare.h"

namespace paxid::verification {
namespace {

Bigrams of(std::string_view text) {
  Bigrams bigrams;
  bigrams.add(text);
  return bigrams;
}

TEST(Bigrams, AreASetOfNeighbours) {
  EXPECT_EQ(of("").count(), 0);
  EXPECT_EQ(of("A").count(), 0);
  EXPECT_EQ(of("ANNA").count(), 3);
  EXPECT_EQ(of("anna").common_with(of("ANNA")), 3);
  EXPECT_EQ(of("AAAA").count(), 1);
  EXPECT_EQ(of("A-B C").count(), 0);
  EXPECT_EQ(of("ZZ").common_with(of("AZ ZZ")), 1);
  EXPECT_EQ(of("ИВАН").count(), 0);
}

// The sieve before the comparison of peers may not hold back a name that the comparison would
// find to be the document's.
TEST(Bigrams, NamesThatAreOneHaveEnoughInCommon) {
  std::ifstream file(PAXID_TEST_DATA "/verification/gate_scenarios.jsonl");
  std::size_t compared = 0;
  for (std::string line; std::getline(file, line);) {
    const auto one = nlohmann::json::parse(line);
    const std::string booking = one.value("booking", "");
    const std::size_t slash = booking.find('/');
    if (slash == std::string::npos) continue;
    matcher::NameText booked;
    booked.full = booking;
    booked.source = matcher::Source::kBooking;
    matcher::NameText document;
    document.surname = one.value("doc_surname", "");
    document.given = one.value("doc_given", "");
    document.source = matcher::Source::kVisual;
    const auto comparison = matcher::compare(matcher::prepare(booked), matcher::prepare(document));
    const auto fits = [](const matcher::FieldRelation& field) {
      return field.relation <= matcher::Relation::kTruncated ||
             field.relation == matcher::Relation::kMissing;
    };
    if (!comparison.opinion || comparison.log_odds <= 0 || !comparison.fields_known ||
        !fits(comparison.surname) || !fits(comparison.first_given)) {
      continue;
    }
    Bigrams a = of(booking);
    Bigrams b = of(document.surname);
    b.add(document.given);
    if (a.count() == 0 || b.count() == 0) continue;  // nothing to sieve by: compared
    ++compared;
    EXPECT_GE(a.common_with(b), kLeastCommonBigrams * std::min(a.count(), b.count())) << one["id"];
  }
  EXPECT_GT(compared, 50U);
}

}  // namespace
}  // namespace paxid::verification
