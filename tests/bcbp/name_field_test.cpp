#include "bcbp/name_field.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace paxid::bcbp {
namespace {

std::string padded(std::string text) {
  text.resize(kNameFieldBytes, ' ');
  return text;
}

TEST(NameField, IsFullWhenItsLastByteIsNoBlank) {
  EXPECT_FALSE(is_full_name_field(padded("SMITH/JOHN")));
  EXPECT_FALSE(is_full_name_field("SMITH/JOHN"));
  EXPECT_TRUE(is_full_name_field("GRANDMAIREX/MELANIEM"));
  EXPECT_FALSE(is_full_name_field("GRANDMAIRE/MELANIEM "));
}

TEST(NameField, OffersTheReadingOfATitleThatWasCut) {
  const auto glued = name_field_candidates("GRANDMAIREX/MELANIEM");
  ASSERT_GE(glued.size(), 2u);
  EXPECT_EQ(glued[0].given, "MELANIEM");
  EXPECT_EQ(glued[1].given, "MELANIE");
  EXPECT_EQ(glued[1].title, "M");
  EXPECT_EQ(glued[1].convention, NameConvention::kCutTitle);
  const auto spaced = name_field_candidates("GARCIALOPEZ/CARLOS M");
  EXPECT_EQ(spaced[0].given, "CARLOS");
  EXPECT_EQ(spaced[1].given, "CARLOS M");
  EXPECT_TRUE(spaced[0].maybe_cut);
  const auto whole = name_field_candidates("GRANDMAIRE/MELANIEM ");
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_FALSE(whole[0].maybe_cut);
}

struct CutCase {
  std::string pass, booking;
  bool legal;
  CutReason reason;
};

TEST(LegalCut, FollowsWhatAirlinesPrint) {
  const CutCase cases[] = {
      {"SMITH/JOHN MR", "SMITH/JOHN MR", true, CutReason::kWhole},
      {"SMITH/JOHNMR", "SMITH/JOHN MR", true, CutReason::kWhole},
      {"SMITH/JOHN", "SMITH/JOHN MR", true, CutReason::kWhole},
      {"Smith/John", "SMITH/JOHN MR", true, CutReason::kWhole},
      {"SMITH/JOHN", "SMITH/JOHN ALEXANDER MR", true, CutReason::kNamesDropped},
      {"SMITH/JOHN MR", "SMITH/JOHN ALEXANDER MR", true, CutReason::kNamesDropped},
      {"SZETO/MEI LIN MAYLEE", "SZETO/MEI LIN MAYLEENE MS", true, CutReason::kCutAtFieldEnd},
      {"SZETO/MEILINMAYLEENE", "SZE-TO/MEI LIN MAYLEENE MS", true, CutReason::kWhole},
      {"PAPADIMITRIOU/KONSTA", "PAPADIMITRIOU/KONSTANTINOS MR", true, CutReason::kCutAtFieldEnd},
      {"VENKATANARASIMHARAJU", "VENKATANARASIMHARAJUVARIPETA/SRI MR", true,
       CutReason::kCutAtFieldEnd},
      {"VENKATANARASIMHARA/S", "VENKATANARASIMHARAJUVARIPETA/SRI MR", true,
       CutReason::kCutWithInitials},
      {"VENKATANARASIMHARA/T", "VENKATANARASIMHARAJUVARIPETA/SRI MR", false, CutReason::kDifferent},
      // The byte of the cut is a blank of the name itself.
      {"GARCIA FERNANDEZ DE", "GARCIA FERNANDEZ DE CORDOBA/MARIA DEL CARMEN MRS", true,
       CutReason::kCutAtFieldEnd},
      {"PETERSON/MATTHEW IAN", "PETERSON/MATTHEW IAN III MR", true, CutReason::kWhole},
      {"SMITH/TOMMY MSTR CHD", "SMITH/TOMMY MSTR CHD", true, CutReason::kWhole},
      {"OLSENJR/JOHN", "OLSEN JR/JOHN MR", true, CutReason::kWhole},
      {"OCONNOR/LIAM", "O'CONNOR/LIAM", true, CutReason::kWhole},
      {"O CONNOR/LIAM", "O'CONNOR/LIAM", true, CutReason::kWhole},
      {"BRYCE BUCHANAN/JAMES", "BRYCE-BUCHANAN/JAMES ROBERT MR", true, CutReason::kNamesDropped},
      {"LNU/SUHARTO MR", "LNU/SUHARTO MR", true, CutReason::kWhole},
      {"RAHIM/FNU", "RAHIM/FNU MR", true, CutReason::kWhole},
      {"SUHARTO/MR", "SUHARTO/MR", true, CutReason::kWhole},
      {"SUHARTO/", "SUHARTO", true, CutReason::kWhole},
      {"SMITH/JOHN", "SMITH/JOHNATHAN MR", false, CutReason::kNotFull},
      {"SMITH/J", "SMITH/JOHN MR", false, CutReason::kNotFull},
      {"SMITH", "SMITH/JOHN MR", false, CutReason::kNotFull},
      {"SMIT/JOHN", "SMITH/JOHN MR", false, CutReason::kDifferent},
      {"SMITH/JOHN MRS", "SMITH/JOHN MR", false, CutReason::kDifferent},
      {"SMITH/ALEXANDER", "SMITH/JOHN ALEXANDER", false, CutReason::kDifferent},
      {"KOWALSKI/ADAM MR", "NOWAK/PIOTR MR", false, CutReason::kDifferent},
      {"SCHMIDT/JONSA MR", "SCHMIDT/JONAS MR", false, CutReason::kDifferent},
      {"", "SMITH/JOHN MR", false, CutReason::kNoName},
      {"SMITH/JOHN", "", false, CutReason::kNoName},
  };
  for (const CutCase& c : cases) {
    const CutVerdict verdict = is_legal_cut(c.pass, c.booking);
    EXPECT_EQ(verdict.legal, c.legal) << c.pass << " of " << c.booking;
    EXPECT_EQ(verdict.reason, c.reason)
        << c.pass << " of " << c.booking << ": " << name_of(verdict.reason);
    if (c.pass.size() < kNameFieldBytes) {
      EXPECT_EQ(is_legal_cut(padded(c.pass), c.booking).legal, c.legal) << "padded " << c.pass;
    }
  }
}

TEST(LegalCut, RefusesTextThatIsNoNameField) {
  EXPECT_FALSE(
      is_legal_cut(std::string(21, 'A'), BookedName{std::string(21, 'A'), "", "", "", ""}).legal);
  EXPECT_FALSE(is_legal_cut("A/B", BookedName{std::string(1000, 'A'), "B", "", "", ""}).legal);
}

class Names {
 public:
  std::string word() {
    std::string text;
    for (int length = 1 + pick(11); length > 0; --length) {
      text += static_cast<char>('A' + pick(26));
    }
    return text;
  }
  std::string words(int most) {
    static constexpr std::string_view kBetween = "  -'";
    std::string text = word();
    for (int count = pick(most); count > 0; --count) {
      text += kBetween[static_cast<std::size_t>(pick(4))];
      text += word();
    }
    return text;
  }
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

 private:
  std::mt19937 random_{20261122};
};

std::string without(std::string text, std::string_view marks) {
  std::erase_if(text, [&](char c) { return marks.find(c) != std::string_view::npos; });
  return text;
}

// Prints as carriers do and cuts at the field's end: always a legal cut.
TEST(LegalCut, HoldsForEveryPrintOfRandomNames) {
  Names names;
  for (int round = 0; round < 3000; ++round) {
    BookedName booking{names.words(3), names.words(3), names.pick(2) ? "MR" : "", "", ""};
    std::string surname = booking.surname;
    std::string given = booking.given;
    switch (names.pick(3)) {
      case 0:
        break;
      case 1:
        surname = without(surname, " -'"), given = without(given, " -'");
        break;
      default:
        surname = without(surname, "-'"), given = without(given, "-'");
        break;
    }
    std::string print = surname + "/" + given;
    if (!booking.title.empty() && names.pick(3)) {
      print += (names.pick(2) ? " " : "") + booking.title;
    }
    const CutVerdict verdict = is_legal_cut(padded(print), booking);
    EXPECT_TRUE(verdict.legal) << print;
  }
}

// A blank at the end of the field means that nothing was cut off there: what is printed must
// be a whole name, so no shorter text is legal unless it ends between two words.
TEST(LegalCut, NeverTakesAFieldWithRoomAsAPrefix) {
  Names names;
  for (int round = 0; round < 1000; ++round) {
    const BookedName booking{names.word(), names.word() + names.word(), "", "", ""};
    const std::string whole = booking.surname + "/" + booking.given;
    for (std::size_t length = booking.surname.size() + 2; length < whole.size(); ++length) {
      if (length >= kNameFieldBytes) break;
      EXPECT_FALSE(is_legal_cut(padded(whole.substr(0, length)), booking).legal)
          << whole << " at " << length;
    }
  }
}

TEST(LegalCut, SeesEveryChangedLetter) {
  Names names;
  for (int round = 0; round < 500; ++round) {
    const BookedName booking{names.word(), names.word(), "", "", ""};
    std::string field = padded(booking.surname + "/" + booking.given);
    for (std::size_t i = 0; i < field.size() && field[i] != ' '; ++i) {
      if (field[i] == '/') continue;
      std::string changed = field;
      changed[i] = changed[i] == 'Z' ? 'A' : static_cast<char>(changed[i] + 1);
      EXPECT_FALSE(is_legal_cut(changed, booking).legal) << changed;
    }
  }
}

// A small world of bookings, and a slow, obvious account of what airlines print for each.
std::set<std::string> spelled(const std::string& name) {
  std::string blanked = name, unhyphenated = name, joined = name;
  std::replace(blanked.begin(), blanked.end(), '-', ' ');
  std::erase(unhyphenated, '-');
  std::erase_if(joined, [](char c) { return c == '-' || c == ' '; });
  return {name, blanked, unhyphenated, joined};
}

// Each of them, and each with the word behind it, spaced and glued; a word alone is a name's place.
std::set<std::string> with_word(const std::set<std::string>& names, const std::string& word) {
  std::set<std::string> all = names;
  if (word.empty()) return all;
  for (const std::string& name : names) {
    all.insert(name.empty() ? word : name + word);
    all.insert(name.empty() ? word : name + " " + word);
  }
  return all;
}

// The given names, then the first ones of them. A blank parts names, a hyphen does not.
std::set<std::string> given_slots(const std::string& given) {
  if (given.empty()) return {"", "FNU", "LNU"};
  std::set<std::string> slots;
  for (std::string kept = given;; kept = kept.substr(0, kept.rfind(' '))) {
    slots.merge(spelled(kept));
    if (kept.find(' ') == std::string::npos) return slots;
  }
}

std::set<std::string> legal_passes(const BookedName& booking) {
  std::set<std::string> prints;
  const std::set<std::string> plain = spelled(booking.surname);
  const std::set<std::string> givens = given_slots(booking.given);
  const std::string initial = booking.given.substr(0, 1);
  for (const std::string& surname : with_word(plain, booking.suffix)) {
    const bool has_suffix = !plain.contains(surname);
    const std::string suffix = has_suffix ? "" : booking.suffix;
    for (const std::string& given : with_word(with_word(givens, suffix), booking.title)) {
      prints.insert(given.empty() ? surname : surname + "/" + given);
    }
    if (surname.size() > 18 && surname.size() <= kNameFieldBytes) prints.insert(surname);
    if (surname.size() > 18 && !initial.empty()) {
      prints.insert(surname.substr(0, 18) + "/" + initial);
    }
  }
  std::set<std::string> passes;
  for (const std::string& print : prints) {
    std::string pass = print.substr(0, kNameFieldBytes);
    while (pass.ends_with(' ')) pass.pop_back();
    passes.insert(pass);
    if (pass.size() < kNameFieldBytes) passes.insert(pass + "/");
  }
  return passes;
}

TEST(LegalCut, IsExactlyWhatAirlinesPrintInASmallWorld) {
  std::size_t legal = 0, illegal = 0;
  for (const std::size_t longer : {0u, 14u, 16u, 18u}) {
    std::vector<BookedName> bookings;
    for (const std::string surname : {"A", "A B", "A-B"}) {
      for (const std::string given : {"", "A", "A B", "A-B"}) {
        for (const std::string title : {"", "MR"}) {
          for (const std::string suffix : {"", "JR"}) {
            bookings.push_back({std::string(longer, 'X') + surname, given, title, suffix, ""});
          }
        }
      }
    }
    // What is legal for any of them, and what comes near to it.
    std::set<std::string> passes;
    for (const BookedName& booking : bookings) {
      for (const std::string& pass : legal_passes(booking)) {
        passes.insert(pass);
        passes.insert(pass.substr(0, pass.size() - 1));
        if (pass.size() < kNameFieldBytes) passes.insert(pass + "S");
      }
    }
    for (const BookedName& booking : bookings) {
      const std::set<std::string> expected = legal_passes(booking);
      for (const std::string& pass : passes) {
        std::string text = pass;
        while (text.ends_with(' ')) text.pop_back();
        const CutVerdict verdict = is_legal_cut(pass, booking);
        ASSERT_EQ(verdict.legal, expected.contains(text))
            << "[" << pass << "] of [" << booking.surname << "/" << booking.given << " "
            << booking.title << " " << booking.suffix << "] " << name_of(verdict.reason);
        ++(verdict.legal ? legal : illegal);
      }
    }
  }
  EXPECT_GT(legal, 2'000u);
  EXPECT_GT(illegal, 20'000u);
}

}  // namespace
}  // namespace paxid::bcbp
