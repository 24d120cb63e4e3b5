// Small worlds, enumerated: what must hold for every pair of names made of a few parts.
#include <gtest/gtest.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "matcher/compare.h"
#include "tests/matcher/named.h"

namespace paxid::matcher {
namespace {

// Every name of one to three of these parts, none twice.
std::vector<std::string> world() {
  const std::vector<std::string> parts = {"ROSSI", "MARIO", "MARIA", "MARIP", "DE", "J", "JOHNMR"};
  std::vector<std::string> names;
  for (const auto& a : parts) {
    names.push_back(a);
    for (const auto& b : parts) {
      if (a == b) continue;
      names.push_back(a + ' ' + b);
      for (const auto& c : parts) {
        if (c != a && c != b) names.push_back(a + ' ' + b + ' ' + c);
      }
    }
  }
  return names;
}

TEST(World, SumsMirrorsAndUsesMemoryAgainWithoutATrace) {
  const auto names = world();
  std::vector<PreparedName> prepared;
  for (const auto& name : names) prepared.push_back(named(name));
  Comparison reused;
  for (std::size_t i = 0; i < names.size(); i += 3) {
    for (std::size_t j = 0; j < names.size(); ++j) {
      const Comparison there = compare(prepared[i], prepared[j]);
      compare(prepared[j], prepared[i], reused);
      ASSERT_EQ(there.log_odds, reused.log_odds) << names[i] << " | " << names[j];
      ASSERT_EQ(there.reasons.size(), reused.reasons.size());
      double sum = 0;
      for (std::size_t k = 0; k < there.reasons.size(); ++k) {
        ASSERT_EQ(there.reasons[k].code, reused.reasons[k].code);
        ASSERT_EQ(there.reasons[k].a, reused.reasons[k].b);
        ASSERT_EQ(there.reasons[k].b, reused.reasons[k].a);
        ASSERT_EQ(there.reasons[k].letter_edits, reused.reasons[k].letter_edits);
        sum += there.reasons[k].bits;
      }
      ASSERT_EQ(sum, there.log_odds);
    }
  }
}

void expect_identity(const std::string& name) {
  const Comparison c = compare(named(name), named(name));
  if (!c.opinion) return;
  EXPECT_EQ(c.whole.relation, Relation::kEqual) << name;
  EXPECT_EQ(c.whole.missing_a + c.whole.missing_b, 0) << name;
  EXPECT_EQ(c.transformations, kNoTransformation) << name;
  for (const Reason& reason : c.reasons) {
    EXPECT_EQ(reason.code, ReasonCode::kEqual) << name;
    EXPECT_EQ(reason.a, reason.b) << name;
    EXPECT_GE(reason.bits, 0) << name;
  }
}

TEST(World, ANameBesideItselfIsEqualPartByPart) {
  for (const auto& name : world()) expect_identity(name);
  // Parts that repeat each other, or spell another part joined.
  for (const char* name :
       {"DO E", "DO E DOE", "DOE DO E", "DE DE", "MARIO MARIO", "MARIO/MARIO", "J J", "J JJ",
        "ROSSI MARIO ROSSI", "JOHN MR MR", "VAN VAN DIJK", "Мария Мария", "Мария MARIA",
        "عبد الرحمن عبدالرحمن", "王 王", "NOVAK NOVAKOVA"}) {
    expect_identity(name);
  }
}

// A part counts once: no part of a name stands in two reasons.
TEST(World, EachPartStandsInOneReason) {
  for (const auto& a : {"ROSSI MARIO DE J", "DE ROSSI J", "MARIA ROSSI"}) {
    for (const auto& b : world()) {
      const Comparison c = compare(named(a), named(b));
      if (!c.opinion) continue;
      std::size_t letters = 0;
      for (const Reason& reason : c.reasons) {
        for (const char letter : reason.b) letters += letter == ' ' ? 0U : 1U;
      }
      std::size_t wanted = 0;
      for (const char letter : b) wanted += letter == ' ' ? 0U : 1U;
      EXPECT_EQ(letters, wanted) << a << " | " << b;
    }
  }
}

// In front, since what stands at the end tells whether the word before it is a particle.
TEST(World, AnAddedContradictionNeverHelps) {
  for (const auto& a : world()) {
    for (const auto& b : {"ROSSI MARIO", "MARIP ROSSI", "MARIA DE ROSSI"}) {
      const Comparison plain = compare(named(a), named(b));
      if (!plain.opinion) continue;
      const Comparison against =
          compare(named("WOLFGANG " + a), named("ZBIGNIEW " + std::string(b)));
      EXPECT_LT(against.log_odds, plain.log_odds + 1e-9) << a << " | " << b;
      EXPECT_LT(confidence(against, 0.5), confidence(plain, 0.5)) << a << " | " << b;
    }
  }
}

// In small letters, every mark taken off its letter and put behind it (NFD).
std::string written_otherwise(const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(name);
  text.toLower(icu::Locale::getRoot());
  text = icu::Normalizer2::getNFDInstance(status)->normalize(text, status);
  EXPECT_TRUE(U_SUCCESS(status));
  std::string out;
  return text.toUTF8String(out);
}

TEST(Pairs, CompareTheSameInAnyCaseAndNormalForm) {
  std::ifstream file(PAXID_TEST_DATA "/matcher/name_pairs.jsonl");
  std::size_t compared = 0;
  std::size_t line_number = 0;
  for (std::string line; std::getline(file, line);) {
    if (line_number++ % 5 != 0) continue;
    const auto row = nlohmann::json::parse(line);
    const std::string a = row["a"];
    const std::string b = row["b"];
    const double plain = compare(named(a), named(b)).log_odds;
    EXPECT_EQ(compare(named(written_otherwise(a)), named(b)).log_odds, plain) << a << " | " << b;
    EXPECT_EQ(compare(named(a), named(written_otherwise(b))).log_odds, plain) << a << " | " << b;
    ++compared;
  }
  EXPECT_GT(compared, 1000U);
}

// Relatives share surname, father's and grandfather's name; the given name tells them apart.
TEST(Relatives, GoAgainstOnePersonHoweverManyNamesTheyShare) {
  const auto believed = [](const std::string& a, const std::string& b) {
    return confidence(compare(named(a), named(b)), 0.5);
  };
  EXPECT_LT(believed("AHMED KHALID YOUSEF SALEH HADDAD", "TARIQ KHALID YOUSEF SALEH HADDAD"), 0.2);
  EXPECT_LT(believed("LUCIA FERNANDA GOMEZ PAREDES", "RAQUEL FERNANDA GOMEZ PAREDES"), 0.2);
  EXPECT_LT(believed("ANNA WEBER", "GRETA WEBER"), 0.2);
  EXPECT_GT(believed("AHMED KHALID YOUSEF HADDAD", "AHMED KHALID HADDAD"), 0.9);
}

}  // namespace
}  // namespace paxid::matcher
