// Pairs of invented persons that a comparison of letters takes for one, by what would mislead it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "matcher/compare.h"

namespace paxid::matcher {
namespace {

PreparedName full(const std::string& text, Source source = Source::kTyped) {
  NameText name;
  name.full = text;
  name.source = source;
  return prepare(name);
}

Comparison between(const std::string& a, const std::string& b) { return compare(full(a), full(b)); }

double believed(const std::string& a, const std::string& b) {
  return confidence(between(a, b), 0.5);
}

bool has(const Comparison& comparison, ReasonCode code) {
  return std::any_of(comparison.reasons.begin(), comparison.reasons.end(),
                     [&](const Reason& reason) { return reason.code == code; });
}

struct Two {
  std::string a;
  std::string b;
};

// Words that are particles or honorifics elsewhere and names here.
TEST(SmallWord, ThatIsTheWholeFieldIsAName) {
  for (const auto& [a, b] : std::vector<Two>{{"LE/THI HOA", "NGUYEN/THI HOA"},
                                             {"AN/JIHOON", "KIM/JIHOON"},
                                             {"SO/JIHOON", "KIM/JIHOON"},
                                             {"SYED/OMAR", "KHAN/OMAR"},
                                             {"MASTER/JOHN", "KING/JOHN"},
                                             {"SMITH/BEN", "SMITH/JOHN"},
                                             {"DE/SUBRATA", "SEN/SUBRATA"}}) {
    EXPECT_LT(believed(a, b), 0.5) << a << " | " << b;
    EXPECT_GT(believed(a, a), 0.9) << a;
  }
}

TEST(SmallWord, ThatEndsItsFieldIsAName) {
  for (const auto& [a, b] : std::vector<Two>{{"TRAN/THI AN", "TRAN/THI BICH"},
                                             {"SMITH/JOHN BEN MR", "SMITH/JOHN PAUL"},
                                             {"NGUYEN/THI VI", "NGUYEN/THI LINH"},
                                             {"MALIK/OMAR SHEIKH", "MALIK/OMAR FAROOQ"}}) {
    EXPECT_TRUE(has(between(a, b), ReasonCode::kContradiction) ||
                has(between(a, b), ReasonCode::kOtherName))
        << a << " | " << b;
  }
  EXPECT_TRUE(has(between("NGUYEN/VAN AN", "NGUYEN/THI AN"), ReasonCode::kContradiction));
}

TEST(SmallWord, StaysOneWhereItJoinsNames) {
  EXPECT_TRUE(has(between("SALMAN/OMAR BEN ALI", "SALMAN/OMAR ALI"), ReasonCode::kParticle));
  EXPECT_TRUE(has(between("VAN DIJK/PIET", "DIJK/PIET"), ReasonCode::kParticle));
  EXPECT_TRUE(has(between("KHAN/SYED OMAR", "KHAN/OMAR"), ReasonCode::kTitle));
  // A Dutch booking puts the particle behind the given name.
  EXPECT_GT(believed("DIJK/PIET VAN", "VAN DIJK/PIET"), 0.9);
}

TEST(SmallWord, SpelledOtherwiseIsWorthNoMoreThanItself) {
  for (const auto& [a, b] : std::vector<Two>{{"LE/ANNA", "LI/ANNA"},
                                             {"AL/ANNA", "EL/ANNA"},
                                             {"ABDUL/ANNA", "ABDEL/ANNA"},
                                             {"SHEIKH/ANNA", "SHAIKH/ANNA"},
                                             {"AL SAUD/ANNA", "EL SAUD/ANNA"}}) {
    EXPECT_LT(between(a, b).log_odds, between(a, a).log_odds) << a;
    EXPECT_LT(between(a, b).log_odds, between(b, b).log_odds) << b;
  }
}

TEST(Initial, IsAsCommonAsALetter) {
  EXPECT_LT(between("SMITH/J", "SMITH/J").log_odds,
            between("SMITH/JULIAN", "SMITH/JULIAN").log_odds);
  EXPECT_LT(between("A B C D E", "A B C D E").log_odds,
            between("ADAM BORIS CYRIL DENIS EMIL", "ADAM BORIS CYRIL DENIS EMIL").log_odds);
}

// Most of the world's names are in no list, so letters that differ may be another name.
TEST(Slip, OfANameOfNobodySaysLittle) {
  for (const auto& [a, b] : std::vector<Two>{{"NOMVUYO", "NOMVUZE"}, {"JIANHUA", "JIANGUO"}}) {
    for (const Reason& reason : between("DLAMINI/" + a, "DLAMINI/" + b).reasons) {
      if (reason.a == a) {
        EXPECT_LE(reason.bits, 0) << a;
      }
    }
  }
}

TEST(OtherName, NeverSpeaksForOnePerson) {
  for (const auto& [a, b] : std::vector<Two>{
           {"SALMAN", "SULTAN"}, {"KALIM", "HALIM"}, {"MARIO", "MARIA"}, {"HIRO", "JIRO"}}) {
    const Comparison comparison = between("BERG/" + a, "BERG/" + b);
    ASSERT_TRUE(has(comparison, ReasonCode::kOtherName)) << a;
    for (const Reason& reason : comparison.reasons) {
      if (reason.code == ReasonCode::kOtherName) {
        EXPECT_LE(reason.bits, -0.5) << a;
      }
    }
  }
}

TEST(Lack, NeverSpeaksForOnePerson) {
  NameText cut;
  cut.full = "CHRISTOPHERSON<<ALEXANDER";
  cut.source = Source::kMrz;
  cut.maybe_truncated = true;
  const PreparedName zone = prepare(cut);
  double before = compare(zone, full("CHRISTOPHERSON/ALEXANDER")).log_odds;
  std::string given = "ALEXANDER";
  for (const char* more : {" TREVOR", " NIGEL", " MILO", " A", " B"}) {
    given += more;
    const double now = compare(zone, full("CHRISTOPHERSON/" + given)).log_odds;
    EXPECT_LE(now, before) << given;
    before = now;
  }
  // What stands before names that agree is not behind the cut.
  EXPECT_LT(compare(zone, full("CHRISTOPHERSON/TREVOR ALEXANDER")).log_odds,
            compare(zone, full("CHRISTOPHERSON/ALEXANDER TREVOR")).log_odds);
}

TEST(TooLong, IsNoOpinionAndSaysSo) {
  const std::string twelve = "ANA BEA CIA DEA EVA FEE GEA IDA JOY KIM LEA MIA";
  EXPECT_TRUE(between(twelve, twelve).opinion);
  const std::string long_part(41, 'A');
  for (const auto& [a, b] : std::vector<Two>{{twelve + " SMITH", twelve + " KOWALSKI"},
                                             {long_part + " JOHN", long_part + " JOHN"},
                                             {std::string(1100, ' ') + "ANA SMITH", "ANA SMITH"}}) {
    for (const Comparison& comparison : {between(a, b), between(b, a)}) {
      EXPECT_FALSE(comparison.opinion);
      ASSERT_EQ(comparison.reasons.size(), 1U);
      EXPECT_EQ(comparison.reasons[0].code, ReasonCode::kTooLong);
    }
  }
}

TEST(GenerationSuffix, TellsFatherFromSon) {
  EXPECT_LT(believed("SMITH/JOHN JR", "SMITH/JOHN SR"), 0.25);
  EXPECT_GT(believed("SMITH/JOHN JR", "SMITH/JOHN"), 0.8);
}

// And what must not be taken for two persons.
TEST(OnePerson, WithTheParticleWrittenToTheSurname) {
  for (const auto& [a, b] : std::vector<Two>{{"DELACRUZ/MARIA", "CRUZ/MARIA"},
                                             {"VANDIJK/PIET", "DIJK/PIET"},
                                             {"VANDERBERG/PIET", "BERG/PIET"}}) {
    EXPECT_TRUE(has(between(a, b), ReasonCode::kParticle)) << a;
    EXPECT_GT(believed(a, b), 0.5) << a;
  }
  EXPECT_FALSE(has(between("BERG/VANESSA", "BERG/ESSA"), ReasonCode::kParticle));
}

TEST(OnePerson, WrittenAsOneAndCut) {
  const PreparedName pass = full("SMITHSON/JOHNPAULGEO", Source::kBoardingPass);
  const Comparison comparison = compare(pass, full("SMITHSON/JOHN PAUL GEORGE"));
  EXPECT_TRUE(has(comparison, ReasonCode::kTruncated));
  EXPECT_FALSE(has(comparison, ReasonCode::kMissing));
  EXPECT_GT(confidence(comparison, 0.5), 0.9);
}

TEST(OnePerson, OfWhoseNameAScannerReadALetterOtherwise) {
  for (const auto& [a, b] : std::vector<Two>{{"R0SSI/MARI0", "ROSSI/MARIO"},
                                             {"BURNS/PAULA", "BUMS/PAULA"},
                                             {"5MITH/PAULA", "SMITH/PAULA"}}) {
    EXPECT_TRUE(has(between(a, b), ReasonCode::kSlip)) << a;
    EXPECT_GT(believed(a, b), 0.5) << a;
    EXPECT_LT(between(a, b).log_odds, between(b, b).log_odds) << a;
  }
}

TEST(OnePerson, WithAConnectorOfOneLetterEachSide) {
  EXPECT_GT(believed("RAJU S/O KUMAR", "RAJU A/L KUMAR"), 0.9);
  EXPECT_GT(believed("RAJU S/O KUMAR", "RAJU KUMAR"), 0.8);
  EXPECT_GT(
      compare(full("KUMAR/RAJU S/O RAMAN", Source::kBooking), full("KUMAR/RAJU RAMAN")).log_odds,
      3);
}

}  // namespace
}  // namespace paxid::matcher
