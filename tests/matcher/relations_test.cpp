// What each documented transformation of a name looks like in the relations that verdicts
// are built on.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "matcher/compare.h"
#include "matcher/part.h"

namespace paxid::matcher {

void PrintTo(Relation relation, std::ostream* out) { *out << name_of(relation); }

namespace {

using R = Relation;

struct Case {
  const char* booking;
  const char* surname;
  const char* given;
  Relation surname_relation;
  Relation first_given;
  Relation further_given;
  std::uint32_t transformations;  // all of these are seen
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.booking << " | " << c.surname << ", " << c.given;
}

Comparison compared(const Case& c) {
  NameText booking;
  booking.full = c.booking;
  booking.source = Source::kBooking;
  NameText document;
  document.surname = c.surname;
  document.given = c.given;
  document.source = Source::kVisual;
  return compare(prepare(booking), prepare(document));
}

class BookingAndDocument : public testing::TestWithParam<Case> {};

TEST_P(BookingAndDocument, RelateFieldByField) {
  const Case& c = GetParam();
  const Comparison comparison = compared(c);
  ASSERT_TRUE(comparison.opinion);
  EXPECT_EQ(comparison.surname.relation, c.surname_relation);
  EXPECT_EQ(comparison.first_given.relation, c.first_given);
  EXPECT_EQ(comparison.further_given.relation, c.further_given);
  EXPECT_EQ(comparison.transformations & c.transformations, c.transformations);
}

INSTANTIATE_TEST_SUITE_P(
    Spelling, BookingAndDocument,
    testing::Values(
        Case{"SMITH/JOHN", "SMITH", "JOHN", R::kEqual, R::kEqual, R::kAbsent, 0},
        Case{"MULLER/HANS MR", "MÜLLER", "HANS", R::kEqualAfterNormalisation, R::kEqual, R::kAbsent,
             kDiacriticFolded | kTitleRemoved},
        Case{"MUNXXOZ/JOSE", "MUÑOZ", "JOSÉ", R::kEqualAfterNormalisation,
             R::kEqualAfterNormalisation, R::kAbsent, kDiacriticFolded},
        Case{"DJOKIC/DJORDJE", "ĐOKIĆ", "ĐORĐE", R::kEqualAfterNormalisation,
             R::kEqualAfterNormalisation, R::kAbsent, kDiacriticFolded},
        Case{"IVANOVA/YULIA", "IVANOVA", "IULIIA", R::kEqual, R::kSpellingVariant, R::kAbsent,
             kTransliterated},
        Case{"SMITH/PHILLIP", "SMITH", "PHILIP", R::kEqual, R::kSpellingVariant, R::kAbsent, 0},
        Case{"SHCHERBAKOVA/YULIA", "Щербакова", "Юлия", R::kSpellingVariant, R::kSpellingVariant,
             R::kAbsent, kTransliterated},
        Case{"NOVAK/EVA", "NOVÁKOVÁ", "EVA", R::kGenderedEnding, R::kEqual, R::kAbsent, 0},
        Case{"SMITH/LIZ", "SMITH", "ELIZABETH", R::kEqual, R::kNickname, R::kAbsent,
             kNicknameUsed}));

INSTANTIATE_TEST_SUITE_P(
    Form, BookingAndDocument,
    testing::Values(
        Case{"HASSAN/AMR", "HASSAN", "AMR", R::kEqual, R::kEqual, R::kAbsent, 0},
        Case{"HASSAN/AMRMR", "HASSAN", "AMR", R::kEqual, R::kEqualAfterNormalisation, R::kAbsent,
             kTitleRemoved},
        Case{"IVANOV/ALEXANDR", "IVANOV", "ALEXANDR", R::kEqual, R::kEqual, R::kAbsent, 0},
        Case{"O CONNOR/SINEAD", "O'CONNOR", "SINÉAD", R::kEqualAfterNormalisation,
             R::kEqualAfterNormalisation, R::kAbsent, kSpacingChanged},
        Case{"DELACRUZ/JOHNPAULMR", "DE LA CRUZ", "JOHN PAUL", R::kEqualAfterNormalisation,
             R::kEqualAfterNormalisation, R::kAbsent, kSpacingChanged | kTitleRemoved},
        Case{"VANDIJK/JAN", "VAN DIJK", "JAN", R::kEqualAfterNormalisation, R::kEqual, R::kAbsent,
             kSpacingChanged},
        Case{"BERG/PIET", "VAN DER BERG", "PIET", R::kEqualAfterNormalisation, R::kEqual,
             R::kAbsent, kParticleOmitted},
        Case{"AL RASHID/ABDULRAHMAN", "AL RASHID", "ABD AL RAHMAN", R::kEqual,
             R::kEqualAfterNormalisation, R::kAbsent, kSpacingChanged},
        Case{"OLSEN JR/JOHN MR", "OLSEN", "JOHN", R::kEqual, R::kEqual, R::kAbsent, kSuffixOmitted},
        Case{"YY/MOAN MISS", "Y", "MOAN", R::kEqualAfterNormalisation, R::kEqual, R::kAbsent,
             kPlaceholderUsed},
        Case{"SMITH/JOHN A", "SMITH", "JOHN ALEXANDER", R::kEqual, R::kEqual, R::kInitial,
             kInitialForGiven},
        Case{"SMITH/JOHN", "SMITH", "JOHN ALEXANDER", R::kEqual, R::kEqual, R::kMissing,
             kFurtherGivenOmitted},
        Case{"HUBER/PETER", "HUBER", "HANS PETER", R::kEqual, R::kMissing, R::kEqual,
             kFirstGivenOmitted},
        Case{"LOPEZ/CARLOS", "GARCÍA LÓPEZ", "CARLOS", R::kEqualAfterNormalisation, R::kEqual,
             R::kAbsent, kSurnamePartOmitted},
        Case{"LOPEZ GARCIA/CARLOS", "GARCÍA LÓPEZ", "CARLOS", R::kEqualAfterNormalisation,
             R::kEqual, R::kAbsent, kOrderChanged}));

INSTANTIATE_TEST_SUITE_P(
    Difference, BookingAndDocument,
    testing::Values(
        Case{"SMITH/JOHHN", "SMITH", "JOHN", R::kEqual, R::kSlip, R::kAbsent, 0},
        Case{"SMTIH/JOHN", "SMITH", "JOHN", R::kSlip, R::kEqual, R::kAbsent, 0},
        Case{"ROSSI/MARIO", "ROSSI", "MARIA", R::kEqual, R::kOtherName, R::kAbsent, 0},
        Case{"SOKOLOVA/KARINA", "SOKOLOVA", "MARINA", R::kEqual, R::kOtherName, R::kAbsent, 0},
        Case{"MURPHY/FRANCIS", "MURPHY", "FRANCES", R::kEqual, R::kOtherName, R::kAbsent, 0},
        Case{"JONES/ANN", "JONES", "ANNABEL", R::kEqual, R::kPrefix, R::kAbsent, 0},
        Case{"SMITH/JOHN ROBERT", "SMITH", "JOHN ALEXANDER", R::kEqual, R::kEqual,
             R::kContradicting, 0},
        Case{"SCHMIDT/ANNA", "WEBER", "ANNA", R::kContradicting, R::kEqual, R::kAbsent, 0},
        Case{"NOWAK/PIOTR", "KOWALSKI", "ADAM", R::kContradicting, R::kContradicting, R::kAbsent,
             0}));

TEST(Fields, SwappedAreNamedSo) {
  const Comparison swapped = compared({"JOHN/SMITH MR", "SMITH", "JOHN", {}, {}, {}, 0});
  EXPECT_TRUE(swapped.fields_swapped);
  EXPECT_TRUE(swapped.transformations & kFieldsExchanged);
  EXPECT_EQ(swapped.surname.relation, R::kEqual);
  EXPECT_EQ(swapped.first_given.relation, R::kEqual);
  const Comparison other = compared({"SMITH/WAYNE", "WAYNE", "ROBERT", {}, {}, {}, 0});
  EXPECT_FALSE(other.fields_swapped);
  EXPECT_LT(confidence(other, 0.5), 0.3);
}

TEST(Fields, OfAMovedSurnamePartStayInTheOtherField) {
  const Comparison moved =
      compared({"GARCIA/CARLOS LOPEZ", "GARCÍA LÓPEZ", "CARLOS", {}, {}, {}, 0});
  EXPECT_TRUE(moved.transformations & kSurnamePartMoved);
  EXPECT_FALSE(moved.fields_swapped);
}

TEST(SingleNames, FillBothFields) {
  for (const char* booking :
       {"SUHARTO/SUHARTO MR", "SUHARTO/MR", "LNU/SUHARTO MR", "SUHARTO/FNU"}) {
    const Comparison c = compared({booking, "SUHARTO", "", {}, {}, {}, 0});
    EXPECT_LE(c.whole.relation, R::kEqualAfterNormalisation) << booking;
    EXPECT_EQ(c.whole.missing_a + c.whole.missing_b, 0) << booking;
    // Worth as much as the single name alone, whatever stands in for the other field.
    EXPECT_EQ(c.log_odds, compared({"SUHARTO", "SUHARTO", "", {}, {}, {}, 0}).log_odds) << booking;
    EXPECT_GT(confidence(c, 0.5), 0.8) << booking;
  }
}

TEST(Truncation, CountsOnlyWhereTheFieldWasFull) {
  NameText zone;
  zone.surname = "PAPANDROPOULOS";
  zone.given = "JONATHON WARREN TREVOR ALEXA";
  zone.source = Source::kMrz;
  NameText whole;
  whole.surname = "PAPANDROPOULOS";
  whole.given = "JONATHON WARREN TREVOR ALEXANDER";
  whole.source = Source::kVisual;
  zone.maybe_truncated = true;
  const Comparison cut = compare(prepare(zone), prepare(whole));
  EXPECT_EQ(cut.further_given.relation, R::kTruncated);
  EXPECT_TRUE(cut.transformations & kTruncation);
  zone.maybe_truncated = false;
  EXPECT_NE(compare(prepare(zone), prepare(whole)).further_given.relation, R::kTruncated);
}

// Each row of the table of endings by a name that no other row joins as well, and back.
TEST(GenderedEndings, JoinTheNamesOfAFamily) {
  for (const auto& [his, hers] :
       std::vector<std::pair<std::string, std::string>>{{"IVANOV", "IVANOVA"},
                                                        {"MEDVEDEV", "MEDVEDEVA"},
                                                        {"PUSHKIN", "PUSHKINA"},
                                                        {"SOLZHENITSYN", "SOLZHENITSYNA"},
                                                        {"KOWALSKI", "KOWALSKA"},
                                                        {"NOWACKI", "NOWACKA"},
                                                        {"ZAWADZKI", "ZAWADZKA"},
                                                        {"DVORSKY", "DVORSKA"},
                                                        {"DOSTOEVSKY", "DOSTOEVSKAYA"},
                                                        {"DOSTOEVSKII", "DOSTOEVSKAIA"},
                                                        {"DOSTOEVSKIY", "DOSTOEVSKAYA"},
                                                        {"KHMELNYTSKYI", "KHMELNYTSKA"},
                                                        {"PAPADOPOULOS", "PAPADOPOULOU"},
                                                        {"CERNY", "CERNA"},
                                                        {"VESELY", "VESELA"},
                                                        {"NOVAK", "NOVAKOVA"},
                                                        {"PAPPAS", "PAPPOU"},
                                                        {"TRIKOUPIS", "TRIKOUPI"},
                                                        {"IOANNIDIS", "IOANNIDOU"},
                                                        {"KAZLAUSKAS", "KAZLAUSKIENE"},
                                                        {"KAZLAUSKAS", "KAZLAUSKAITE"},
                                                        {"BUTKUS", "BUTKIENE"},
                                                        {"BUTKUS", "BUTKUTE"},
                                                        {"NORKAITIS", "NORKAITIENE"},
                                                        {"NORKAITIS", "NORKAITYTE"},
                                                        {"KALNINS", "KALNINA"},
                                                        {"BRIEDIS", "BRIEDE"}}) {
    EXPECT_TRUE(is_gendered_pair(his, hers) && is_gendered_pair(hers, his)) << his;
    const std::string booking = hers + "/ALEX";
    EXPECT_EQ(compared({booking.c_str(), his.c_str(), "ALEX", {}, {}, {}, 0}).surname.relation,
              Relation::kGenderedEnding)
        << his;
  }
  for (const auto& [one, other] :
       std::vector<std::pair<std::string, std::string>>{{"IVANOV", "PETROVA"},
                                                        {"IVANOV", "IVANOV"},
                                                        {"IVANOVA", "IVANOVOVA"},
                                                        {"NOV", "NOVA"},
                                                        {"ROS", "ROU"},
                                                        {"MARIN", "MARTINA"}}) {
    EXPECT_FALSE(is_gendered_pair(one, other) || is_gendered_pair(other, one)) << one;
  }
}

TEST(Suffixes, ThatDifferContradict) {
  const Comparison c = compared({"SMITH/JOHN II MR", "SMITH", "JOHN JR", {}, {}, {}, 0});
  EXPECT_EQ(c.whole.relation, R::kContradicting);
}

}  // namespace
}  // namespace paxid::matcher
